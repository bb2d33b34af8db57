#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/evidence/finding.h"
#include "safelight/evidence/origin_scope.h"

/// Which findings speak of where a file came from, and how a reader is told.
namespace safelight {

/// The grades of evidence of origin, in the order in which a reader should see them: first what
/// does not fit the bytes, then the stronger before the weaker.
inline constexpr std::array<Grade, 6> kOriginGrades = {Grade::contradicted, Grade::verified_trusted,
                                                       Grade::verified,     Grade::watermark,
                                                       Grade::declared,     Grade::weak};
inline constexpr size_t kGrades = kOriginGrades.size() + 1;

/// Whether findings of that grade are evidence of origin: all but `fact`.
constexpr bool is_origin_evidence(Grade grade) { return grade != Grade::fact; }

/// The place of a grade in kOriginGrades; `fact` stands behind them.
constexpr size_t reader_order(Grade grade) {
  size_t place = 0;
  while (place < kOriginGrades.size() && kOriginGrades[place] != grade) ++place;
  return place;
}

/// Those of an item's own findings and of its content's that are evidence of origin, by
/// reader_order(), each grade in the order given. Valid as long as the findings are.
std::vector<const Finding*> origin_evidence(std::span<const Finding> of_item,
                                            std::span<const Finding> of_content);
/// Those that are not, in the order given.
std::vector<const Finding*> other_findings(std::span<const Finding> of_item,
                                           std::span<const Finding> of_content);

/// The grades that occur among them, by reader_order(), without `fact`.
std::vector<Grade> origin_grades(std::span<const Finding* const> evidence);

/// What a grade promises and what it does not, in a sentence.
std::string_view meaning_of(Grade grade);
/// The same in a few words, such as "anybody can write it".
std::string_view short_meaning_of(Grade grade);

/// What a search for evidence of origin gave.
enum class SearchResult : uint8_t {
  nothing,          ///< None, in a content that was examined in full.
  nothing_in_part,  ///< None, in a content that could not be examined in full.
  evidence,
};
SearchResult search_result(std::span<const Finding* const> evidence, Coverage coverage);

/// What can be said of the search as such: that it was not made, that it found nothing, or that it
/// did not reach the pixels. "" where it found something and went into the pixels.
std::string_view search_words(OriginScope scope, SearchResult result);

}  // namespace safelight
