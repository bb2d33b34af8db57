#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "safelight/base/clock.h"
#include "safelight/base/log.h"
#include "safelight/casefile/writer.h"
#include "safelight/lists/live_lists.h"
#include "safelight/lists/matcher.h"
#include "safelight/scan/list_matching.h"

namespace safelight::serve {

struct ListsOptions {
  uint32_t radius_bits = kDefaultRadiusBits;
  scan::OrientationChoice orientations = scan::OrientationChoice::automatic;
  int64_t refresh_every_ns = 1'000'000'000;  ///< How long a change may stay unseen.
};

/// Lists as they were at one moment, and how things are looked up in them. Never changes; safe from
/// many threads. Look-ups throw Fault where a list is damaged.
class ListsAtOnce {
 public:
  ListsAtOnce(std::shared_ptr<const ListSnapshot> lists, const ListsOptions& options);

  [[nodiscard]] const ListSnapshot& lists() const { return *lists_; }
  /// Fingerprints of all lists together.
  [[nodiscard]] uint64_t fingerprints() const { return fingerprints_; }
  [[nodiscard]] bool needs(PdqMode mode) const { return matcher_.needs(mode); }

  /// What every content matched, in its place: by its digests, and by its fingerprints in the
  /// orientations that are worth it.
  [[nodiscard]] std::vector<MatchedItem> match(
      std::span<const casefile::ExaminedContent> contents) const;
  /// The same for queries as they stand.
  [[nodiscard]] std::vector<MatchedItem> match(std::span<const ListQuery> queries) const {
    return matcher_.match(queries, radius_bits_);
  }

 private:
  std::shared_ptr<const ListSnapshot> lists_;
  Matcher matcher_;
  uint64_t fingerprints_;
  uint32_t radius_bits_;
  uint64_t all_orientations_from_pixels_;
};

/// The lists that uploads and queries are compared with, kept up with while others change them.
/// Safe from many threads.
class ListsInUse {
 public:
  /// All outlive it.
  ListsInUse(std::unique_ptr<LiveLists> lists, const ListsOptions& options, const Clock& clock,
             LogSink& log);

  /// The lists as they are now, or were a moment ago: one caller at a time looks whether they have
  /// changed, and nobody waits for it. A change that cannot be used is logged, and the lists stay
  /// as they were: is_stale().
  [[nodiscard]] std::shared_ptr<const ListsAtOnce> now();

  /// Matches fingerprints within so many bits from now on.
  void set_radius(uint32_t radius_bits);
  [[nodiscard]] uint32_t radius_bits() const { return radius_bits_; }

  /// Whether a list was changed and cannot be used.
  [[nodiscard]] bool is_stale() const { return is_stale_; }

 private:
  void refresh();
  /// The lists as they are. With `refreshing_` held.
  [[nodiscard]] std::shared_ptr<const ListsAtOnce> snapshot() const;

  const std::unique_ptr<LiveLists> live_;
  const ListsOptions options_;
  std::atomic<uint32_t> radius_bits_;  ///< In place of that of `options_`.
  const Clock& clock_;
  LogSink& log_;
  std::mutex refreshing_;
  mutable std::mutex replacing_;  ///< Guards `now_`.
  std::shared_ptr<const ListsAtOnce> now_;
  std::atomic<int64_t> looked_ns_;
  std::atomic<bool> is_stale_ = false;
};

}  // namespace safelight::serve
