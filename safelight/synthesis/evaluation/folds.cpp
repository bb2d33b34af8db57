#include "safelight/synthesis/evaluation/folds.h"

#include <algorithm>
#include <array>
#include <map>

#include "safelight/synthesis/likelihood/random.h"

namespace safelight::synthesis {
namespace {

constexpr size_t kRandomFolds = 5;

/// Folds of the groups of which enough is left to learn from when they are left out.
Folds folds_of(std::span<const Reference> references, std::vector<std::string> names,
               std::vector<size_t> group_of_row) {
  std::array<size_t, 2> in_all{};
  std::vector<std::array<size_t, 2>> in_group(names.size());
  for (size_t row = 0; row < references.size(); ++row) {
    const auto truth = static_cast<size_t>(references[row].truth);
    ++in_all[truth];
    ++in_group[group_of_row[row]][truth];
  }
  std::vector<size_t> tested;
  for (size_t group = 0; group < names.size(); ++group) {
    if (in_group[group][0] < in_all[0] && in_group[group][1] < in_all[1]) tested.push_back(group);
  }
  return {std::move(names), std::move(group_of_row), std::move(tested)};
}

Folds leave_groups_out(std::span<const Reference> references, Split split) {
  std::map<std::string_view, size_t> groups;
  for (const Reference& reference : references) groups.emplace(group_of(reference, split), 0);
  std::vector<std::string> names;
  for (auto& [name, group] : groups) {
    group = names.size();
    names.emplace_back(name);
  }
  std::vector<size_t> group_of_row;
  for (const Reference& reference : references) {
    group_of_row.push_back(groups.at(group_of(reference, split)));
  }
  return folds_of(references, std::move(names), std::move(group_of_row));
}

std::vector<size_t> shuffled(std::vector<size_t> rows, Random& random) {
  for (size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[random.below(i)]);
  return rows;
}

Folds random_fifths(std::span<const Reference> references, uint64_t seed) {
  Random random(seed);
  std::vector<size_t> fifth(references.size());
  size_t next = 0;
  for (const Proposition truth : {Proposition::camera, Proposition::generated}) {
    std::vector<size_t> rows;
    for (size_t row = 0; row < references.size(); ++row) {
      if (references[row].truth == truth) rows.push_back(row);
    }
    for (const size_t row : shuffled(std::move(rows), random)) fifth[row] = next++ % kRandomFolds;
  }
  std::vector<std::string> names;
  for (size_t i = 1; i <= kRandomFolds; ++i) names.push_back("fifth " + std::to_string(i));
  return folds_of(references, std::move(names), std::move(fifth));
}

/// A date as far as it is stated: the months of a year come after the year alone.
Folds earlier_and_later(std::span<const Reference> references) {
  std::vector<std::string_view> dates;
  for (const Reference& reference : references) {
    if (!reference.date.empty()) dates.push_back(reference.date);
  }
  std::sort(dates.begin(), dates.end());
  const std::string_view later_from = dates.empty() ? "" : dates[dates.size() / 2];
  constexpr size_t kLater = 1;
  std::vector<size_t> group_of_row;
  std::array<std::array<size_t, 2>, 2> counts{};
  for (const Reference& reference : references) {
    const size_t group = reference.date < later_from ? 0 : kLater;
    group_of_row.push_back(reference.date.empty() ? Folds::kNoGroup : group);
    if (!reference.date.empty()) ++counts[group][static_cast<size_t>(reference.truth)];
  }
  const bool both_on_both_sides =
      std::min({counts[0][0], counts[0][1], counts[kLater][0], counts[kLater][1]}) > 0;
  return {{"earlier", "from " + std::string(later_from)},
          std::move(group_of_row),
          both_on_both_sides ? std::vector{kLater} : std::vector<size_t>()};
}

}  // namespace

std::vector<size_t> Folds::training(size_t fold) const {
  std::vector<size_t> rows;
  for (size_t row = 0; row < group_of_row_.size(); ++row) {
    const size_t group = group_of_row_[row];
    if (group != tested_[fold] && group != kNoGroup) rows.push_back(row);
  }
  return rows;
}

std::vector<size_t> Folds::test(size_t fold) const {
  std::vector<size_t> rows;
  for (size_t row = 0; row < group_of_row_.size(); ++row) {
    if (group_of_row_[row] == tested_[fold]) rows.push_back(row);
  }
  return rows;
}

std::string_view to_text(Split split) {
  switch (split) {
    case Split::by_source:
      return "leave-one-source-out";
    case Split::by_generator:
      return "leave-one-generator-out";
    case Split::by_date:
      return "by-date";
    case Split::random:
      break;
  }
  return "random";
}

const std::string& group_of(const Reference& reference, Split split) {
  const bool by_generator =
      split == Split::by_generator && reference.truth == Proposition::generated;
  return by_generator ? reference.generator : reference.source;
}

Folds make_folds(std::span<const Reference> references, Split split, uint64_t seed) {
  switch (split) {
    case Split::by_source:
    case Split::by_generator:
      return leave_groups_out(references, split);
    case Split::by_date:
      return earlier_and_later(references);
    case Split::random:
      break;
  }
  return random_fifths(references, seed);
}

}  // namespace safelight::synthesis
