#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "safelight/synthesis/evaluation/manifest.h"

namespace safelight::synthesis {

/// Which references a model and its calibration may learn from, and which they are held against: a
/// row is in the test of one fold at most.
class Folds {
 public:
  /// `group_of_row` is a place in `names`, or kNoGroup for a row that is on neither side; a fold
  /// tests one group, in the order of `tested`, and learns from all others.
  Folds(std::vector<std::string> names, std::vector<size_t> group_of_row,
        std::vector<size_t> tested)
      : names_(std::move(names)),
        group_of_row_(std::move(group_of_row)),
        tested_(std::move(tested)) {}
  static constexpr size_t kNoGroup = static_cast<size_t>(-1);

  [[nodiscard]] size_t size() const { return tested_.size(); }
  /// What is left out, such as the source.
  [[nodiscard]] const std::string& name(size_t fold) const { return names_[tested_[fold]]; }
  /// Rows, rising; of both classes.
  [[nodiscard]] std::vector<size_t> training(size_t fold) const;
  [[nodiscard]] std::vector<size_t> test(size_t fold) const;

 private:
  std::vector<std::string> names_;
  std::vector<size_t> group_of_row_;
  std::vector<size_t> tested_;
};

enum class Split : uint8_t {
  by_source,     ///< Leaves one source out at a time.
  by_generator,  ///< Leaves one generator out at a time, and camera pictures by their source.
  by_date,       ///< Learns from the earlier half, tests on the later.
  random,        ///< Fifths drawn at random: optimistic, because each source is on both sides.
};

std::string_view to_text(Split split);
/// Whether figures by that split say more than a case could hope for.
constexpr bool is_optimistic(Split split) { return split == Split::random; }

/// The group of a reference that a split leaves out as a whole: its source or its generator.
const std::string& group_of(const Reference& reference, Split split);

/// The folds of a split, in a fixed order. Each reference is in the test of one fold at most; in
/// none where what is left to learn from would lack a class, or, by date, where it has no date.
/// `seed` is of Split::random alone.
Folds make_folds(std::span<const Reference> references, Split split, uint64_t seed);

}  // namespace safelight::synthesis
