#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "safelight/base/error.h"

namespace safelight {

/// How strong a finding is. Everything but `fact` is evidence of origin.
enum class Grade : uint8_t {
  fact,              ///< Says what the file is, not where it came from.
  weak,              ///< Statistics.
  declared,          ///< Unsigned metadata: anybody can write it.
  watermark,         ///< A public payload above the measured null.
  verified,          ///< Signature good and bound to these bytes; signer on no list.
  verified_trusted,  ///< The same, signer on a list.
  contradicted,      ///< A signature, digest or declaration that does not fit the bytes.
};

/// Where in an item a finding stands.
struct Place {
  uint64_t offset_bytes = 0;
  uint64_t length_bytes = 0;  ///< 0 where it has no known length.
  OffsetKind offset_kind = OffsetKind::none;
  friend bool operator==(const Place&, const Place&) = default;
};

/// Something established about an item, for a human to weigh.
struct Finding {
  std::string kind;  ///< A stable name, such as "type_mismatch"; the list is in docs/findings.md.
  Grade grade = Grade::fact;
  std::string statement;  ///< One sentence in plain words.
  Place place;
  std::vector<std::pair<std::string, std::string>> fields;  ///< Raw values, name and text.
  friend bool operator==(const Finding&, const Finding&) = default;
};

/// How much of an item was examined. Not examined never reads as clean.
enum class Coverage : uint8_t {
  full,     ///< Everything in it that this version looks at was looked at.
  partial,  ///< Some of it was not: a finding says what and why.
  none,     ///< None of its content was examined: a finding says why.
};

std::string_view to_text(Grade grade);
std::string_view to_text(Coverage coverage);
/// `Grade::fact` for a name that is none.
Grade grade_from_text(std::string_view text);
/// `Coverage::none` for a name that is none.
Coverage coverage_from_text(std::string_view text);

/// A finding of kind "not_examined" (coverage none) or "partly_examined" (partial) that states an
/// error. `what` names what could not be examined, such as "picture" or "member 3".
Finding coverage_finding(Coverage coverage, std::string_view what, const Error& error);

}  // namespace safelight
