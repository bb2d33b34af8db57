#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "safelight/casefile/case_info.h"
#include "safelight/casefile/item.h"
#include "safelight/evidence/reason.h"

namespace safelight::casefile {

/// How values that are neither numbers nor bytes stand in rows. The readers throw Fault for text
/// that the writers do not make: a case that holds it is damaged.
using NamedTexts = std::vector<std::pair<std::string, std::string>>;

/// As a JSON array of [name, text]. Text that is not UTF-8 is written as escape_name() shows it.
std::string named_texts_to_row(const NamedTexts& texts);
NamedTexts named_texts_from_row(std::string_view row);

/// As a JSON array of [code, [[name, text] ...]], texts as above.
std::string reasons_to_row(const std::vector<Reason>& reasons);
std::vector<Reason> reasons_from_row(std::string_view row);

/// One letter for each time in the order of ItemTimes: u (UTC), l (local, zone unknown), -
/// (absent).
std::string zones_to_row(const ItemTimes& times);
std::optional<Timestamp> timestamp_from_row(char zone, int64_t ns);

/// What an examination was asked for: bit k stands for mode k, bits 2 and 3 for the scope.
int64_t asked_to_row(const std::vector<PdqMode>& modes, OriginScope origin);
std::vector<PdqMode> modes_from_row(int64_t row);
OriginScope origin_scope_from_row(int64_t row);

/// All orientations one after another, 32 bytes each, the byte that holds bit 255 first.
std::array<std::byte, 32 * kOrientations> fingerprints_to_row(
    const std::array<Fingerprint, kOrientations>& fingerprints);
std::array<Fingerprint, kOrientations> fingerprints_from_row(std::span<const std::byte> row);

/// A digest from its bytes.
template <typename DigestType>
DigestType digest_from_row(std::span<const std::byte> row);

/// Text for a row: as it is if it is UTF-8, else as escape_name() shows it.
std::string clean_text(const std::string& text);

ItemKind item_kind_from_row(std::string_view row);
ItemState item_state_from_row(std::string_view row);
SourceKind source_kind_from_row(std::string_view row);
OffsetKind offset_kind_from_row(int64_t row);
Orientation orientation_from_row(int64_t row);
Stated stated_from_row(std::string_view row);
GroupKind group_kind_from_row(std::string_view row);

/// Throws the Fault that says that the case holds `what`, which no writer makes.
[[noreturn]] void throw_damaged(std::string_view what);

template <typename DigestType>
DigestType digest_from_row(std::span<const std::byte> row) {
  if (row.size() != DigestType::kSize) throw_damaged("a digest of a wrong length");
  DigestType digest;
  for (size_t i = 0; i < row.size(); ++i) digest.bytes[i] = static_cast<uint8_t>(row[i]);
  return digest;
}

/// The value of a Result, or that Fault.
template <typename T>
T require_row(Result<T> result, std::string_view what) {
  if (!result) throw_damaged(what);
  return std::move(*result);
}

}  // namespace safelight::casefile
