#include "safelight/casefile/internal/row_text.h"

#include <nlohmann/json.hpp>

#include "safelight/base/fault.h"
#include "safelight/base/json_writer.h"

namespace safelight::casefile {
namespace {

constexpr size_t kPdqModes = 2;

template <typename Enum>
Enum from_index(int64_t row, int64_t count, std::string_view what) {
  if (row < 0 || row >= count) throw_damaged(what);
  return static_cast<Enum>(row);
}

template <typename Enum>
Enum from_name(std::string_view row, Enum last, std::string_view what) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (to_text(static_cast<Enum>(i)) == row) return static_cast<Enum>(i);
  }
  throw_damaged(what);
}

NamedTexts named_texts_of(const nlohmann::json& json) {
  NamedTexts texts;
  if (!json.is_array()) throw_damaged("fields that are no JSON array");
  for (const auto& pair : json) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string()) {
      throw_damaged("a field that is no pair of texts");
    }
    texts.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
  }
  return texts;
}

char zone_letter(const std::optional<Timestamp>& time) {
  if (!time) return '-';
  return time->zone == TimeZoneKnowledge::utc ? 'u' : 'l';
}

}  // namespace

void throw_damaged(std::string_view what) {
  throw Fault("the case is damaged: it holds " + std::string(what));
}

std::string clean_text(const std::string& text) { return is_utf8(text) ? text : escape_name(text); }

std::string named_texts_to_row(const NamedTexts& texts) {
  std::string row;
  JsonWriter json(row);
  json.begin_array();
  for (const auto& [name, text] : texts) {
    json.begin_array().string(clean_text(name)).string(clean_text(text)).end_array();
  }
  json.end_array();
  return row;
}

NamedTexts named_texts_from_row(std::string_view row) {
  if (row == "[]") return {};
  return named_texts_of(nlohmann::json::parse(row, nullptr, false));
}

std::string reasons_to_row(const std::vector<Reason>& reasons) {
  std::string row;
  JsonWriter json(row);
  json.begin_array();
  for (const Reason& reason : reasons) {
    json.begin_array().string(reason.code).begin_array();
    for (const auto& [name, text] : reason.data) {
      json.begin_array().string(clean_text(name)).string(clean_text(text)).end_array();
    }
    json.end_array().end_array();
  }
  json.end_array();
  return row;
}

std::vector<Reason> reasons_from_row(std::string_view row) {
  std::vector<Reason> reasons;
  const auto json = nlohmann::json::parse(row, nullptr, false);
  if (!json.is_array()) throw_damaged("reasons that are no JSON array");
  for (const auto& one : json) {
    if (!one.is_array() || one.size() != 2 || !one[0].is_string()) {
      throw_damaged("a reason without a code or data");
    }
    reasons.push_back({one[0].get<std::string>(), named_texts_of(one[1])});
  }
  return reasons;
}

std::string zones_to_row(const ItemTimes& times) {
  return {zone_letter(times.modified), zone_letter(times.changed), zone_letter(times.accessed),
          zone_letter(times.born), zone_letter(times.in_container)};
}

std::optional<Timestamp> timestamp_from_row(char zone, int64_t ns) {
  if (zone == '-') return std::nullopt;
  if (zone != 'u' && zone != 'l') throw_damaged("a time of an unknown zone");
  return Timestamp{ns, zone == 'u' ? TimeZoneKnowledge::utc : TimeZoneKnowledge::local_unknown};
}

int64_t asked_to_row(const std::vector<PdqMode>& modes, OriginScope origin) {
  int64_t row = static_cast<int64_t>(origin) << kPdqModes;
  for (const PdqMode mode : modes) row |= int64_t{1} << static_cast<int>(mode);
  return row;
}

std::vector<PdqMode> modes_from_row(int64_t row) {
  std::vector<PdqMode> modes;
  for (size_t i = 0; i < kPdqModes; ++i) {
    if ((row >> i & 1) != 0) modes.push_back(static_cast<PdqMode>(i));
  }
  return modes;
}

OriginScope origin_scope_from_row(int64_t row) {
  return from_index<OriginScope>(row >> kPdqModes, 3, "an unknown scope of examination");
}

std::array<std::byte, 32 * kOrientations> fingerprints_to_row(
    const std::array<Fingerprint, kOrientations>& fingerprints) {
  std::array<std::byte, 32 * kOrientations> row{};
  for (size_t i = 0; i < row.size(); ++i) {
    const size_t byte = 31 - i % 32;
    row[i] = static_cast<std::byte>(fingerprints[i / 32].words[byte / 8] >> (8 * (byte % 8)));
  }
  return row;
}

std::array<Fingerprint, kOrientations> fingerprints_from_row(std::span<const std::byte> row) {
  std::array<Fingerprint, kOrientations> fingerprints{};
  if (row.size() != 32 * kOrientations) throw_damaged("fingerprints of a wrong length");
  for (size_t i = 0; i < row.size(); ++i) {
    const size_t byte = 31 - i % 32;
    fingerprints[i / 32].words[byte / 8] |= static_cast<uint64_t>(row[i]) << (8 * (byte % 8));
  }
  return fingerprints;
}

ItemKind item_kind_from_row(std::string_view row) {
  return from_name(row, ItemKind::special_file, "an item of an unknown kind");
}

ItemState item_state_from_row(std::string_view row) {
  return from_name(row, ItemState::complete, "an item in an unknown state");
}

SourceKind source_kind_from_row(std::string_view row) {
  return from_name(row, SourceKind::uploads, "a source of an unknown kind");
}

OffsetKind offset_kind_from_row(int64_t row) {
  return from_index<OffsetKind>(row, 3, "an unknown kind of offset");
}

Orientation orientation_from_row(int64_t row) {
  return from_index<Orientation>(row, kOrientations, "an unknown orientation");
}

Stated stated_from_row(std::string_view row) {
  return from_name(row, Stated::yes, "an unknown statement of a list");
}

GroupKind group_kind_from_row(std::string_view row) {
  return from_name(row, GroupKind::near, "a group of an unknown kind");
}

}  // namespace safelight::casefile
