#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "safelight/base/result.h"
#include "safelight/evidence/stated.h"
#include "safelight/hash/fingerprint.h"

namespace safelight {

/// What a match in a list means to a reviewer, by that list's own mapping of its category codes.
/// Ordered from the least grave to the gravest; where lists disagree, the graver wins and all are
/// shown.
enum class Disposition : uint8_t {
  ordinary,  ///< Known to be harmless, such as a file of an operating system.
  unknown,   ///< The list knows the file and says nothing of it.
  review,    ///< A human must look.
  known,     ///< Known material.
};

/// By what an item matched an entry.
enum class MatchKind : uint8_t { md5, sha1, sha256, pdq };

/// A match of an item with an entry of a named list.
struct Hit {
  std::string list;      ///< The list's name.
  std::string entry_id;  ///< The entry's own id in the list, or its line or record number.
  std::string category;  ///< The list's own code, "" where the entry has none.
  Disposition disposition = Disposition::review;
  MatchKind kind = MatchKind::md5;
  uint32_t distance_bits = 0;                       ///< For pdq; 0 otherwise.
  Orientation orientation = Orientation::original;  ///< For pdq: of the item, when it matched.
  PdqMode mode = PdqMode::reference;                ///< For pdq.
  /// The record's number in the list's source (line, object or row, from 1); 0 if not known.
  uint64_t source_record = 0;
  /// Whether that record says that the victim is identified.
  Stated victim_identified = Stated::not_stated;
  friend auto operator<=>(const Hit&, const Hit&) = default;
};

std::string_view to_text(Disposition disposition);
std::string_view to_text(MatchKind kind);
/// Errors: malformed.
Result<Disposition> disposition_from_text(std::string_view text);
Result<MatchKind> match_kind_from_text(std::string_view text);

}  // namespace safelight
