#include "safelight/serve/screening/lists_in_use.h"

#include <numeric>
#include <string>
#include <utility>

#include "safelight/base/fault.h"

namespace safelight::serve {
namespace {

uint64_t fingerprints_in(const ListSnapshot& lists) {
  return std::accumulate(lists.begin(), lists.end(), uint64_t{0},
                         [](uint64_t sum, const auto& list) { return sum + list->info().pdq; });
}

}  // namespace

ListsAtOnce::ListsAtOnce(std::shared_ptr<const ListSnapshot> lists, const ListsOptions& options)
    : lists_(std::move(lists)),
      matcher_(*lists_),
      fingerprints_(fingerprints_in(*lists_)),
      radius_bits_(options.radius_bits),
      all_orientations_from_pixels_(
          scan::all_orientations_from_pixels(options.orientations, fingerprints_)) {}

std::vector<MatchedItem> ListsAtOnce::match(
    std::span<const casefile::ExaminedContent> contents) const {
  std::vector<std::vector<OrientedHash>> fingerprints(contents.size());
  std::vector<ListQuery> queries(contents.size());
  for (size_t i = 0; i < contents.size(); ++i) {
    const casefile::Content& content = contents[i].content;
    const casefile::Examination& picture = contents[i].examination;
    const bool takes_all =
        uint64_t{picture.width} * picture.height >= all_orientations_from_pixels_;
    for (const PdqHashes& hashes : picture.fingerprints) {
      for (size_t turn = 0; turn < (takes_all ? kOrientations : 1); ++turn) {
        fingerprints[i].push_back({PdqHash{hashes.fingerprints[turn], hashes.mode, hashes.quality},
                                   static_cast<Orientation>(turn)});
      }
    }
    queries[i] = {content.md5, content.sha1, content.sha256, content.size_bytes, fingerprints[i]};
  }
  return match(queries);
}

ListsInUse::ListsInUse(std::unique_ptr<LiveLists> lists, const ListsOptions& options,
                       const Clock& clock, LogSink& log)
    : live_(std::move(lists)),
      options_(options),
      radius_bits_(options.radius_bits),
      clock_(clock),
      log_(log),
      now_(std::make_shared<const ListsAtOnce>(live_->snapshot(), options)),
      looked_ns_(clock.now_ns()) {}

std::shared_ptr<const ListsAtOnce> ListsInUse::now() {
  const int64_t since_ns = clock_.now_ns() - looked_ns_;
  // A clock that was set back must not keep changes unseen.
  if (since_ns < 0 || since_ns >= options_.refresh_every_ns) refresh();
  const std::lock_guard lock(replacing_);
  return now_;
}

std::shared_ptr<const ListsAtOnce> ListsInUse::snapshot() const {
  ListsOptions options = options_;
  options.radius_bits = radius_bits_;
  return std::make_shared<const ListsAtOnce>(live_->snapshot(), options);
}

void ListsInUse::set_radius(uint32_t radius_bits) {
  const std::lock_guard refreshing(refreshing_);
  radius_bits_ = radius_bits;
  auto next = snapshot();
  const std::lock_guard replacing(replacing_);
  now_ = std::move(next);
}

void ListsInUse::refresh() {
  const std::unique_lock lock(refreshing_, std::try_to_lock);
  if (!lock.owns_lock()) return;
  looked_ns_ = clock_.now_ns();
  std::string_view failed;
  std::shared_ptr<const ListsAtOnce> next;
  try {
    const Result<bool> changed = live_->refresh();
    if (!changed) failed = changed.error().rule;
    if (changed && *changed) {
      next = snapshot();
    }
  } catch (const Fault&) {
    failed = "a fault of the system";
  }
  if (!failed.empty() && !is_stale_) {
    log_.log(Severity::error,
             "a list was changed and cannot be used, and stays in use as it was: " +
                 std::string(failed));
  }
  is_stale_ = !failed.empty();
  if (!next) return;
  const std::lock_guard replacing(replacing_);
  now_ = std::move(next);
}

}  // namespace safelight::serve
