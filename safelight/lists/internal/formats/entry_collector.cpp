#include "safelight/lists/internal/formats/entry_collector.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "safelight/base/csv_row.h"

namespace safelight::lists {
namespace {

constexpr Md5 kEmptyMd5 = {{0xd4, 0x1d, 0x8c, 0xd9, 0x8f, 0x00, 0xb2, 0x04, 0xe9, 0x80, 0x09, 0x98,
                            0xec, 0xf8, 0x42, 0x7e}};
constexpr Sha1 kEmptySha1 = {{0xda, 0x39, 0xa3, 0xee, 0x5e, 0x6b, 0x4b, 0x0d, 0x32, 0x55,
                              0xbf, 0xef, 0x95, 0x60, 0x18, 0x90, 0xaf, 0xd8, 0x07, 0x09}};
constexpr Sha256 kEmptySha256 = {{0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4,
                                  0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b,
                                  0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55}};

constexpr std::array<std::string_view, 5> kValueRules = {"list.md5", "list.sha1", "list.sha256",
                                                         "list.pdq", "list.photodna"};

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return -1;
}

/// 144 bytes out of 192 characters of base64 or 288 hexadecimal digits.
bool read_photodna(std::string_view text, std::string& out) {
  if (text.size() == 2 * kPhotoDnaBytes) {
    std::array<uint8_t, kPhotoDnaBytes> bytes{};
    if (!from_hex(text, bytes)) return false;
    out.assign(bytes.begin(), bytes.end());
    return true;
  }
  if (text.size() != kPhotoDnaBytes / 3 * 4) return false;
  std::string bytes;
  bytes.reserve(kPhotoDnaBytes);
  for (size_t i = 0; i < text.size(); i += 4) {
    uint32_t group = 0;
    for (size_t j = 0; j < 4; ++j) {
      const int value = base64_value(text[i + j]);
      if (value < 0) return false;
      group = group << 6 | static_cast<uint32_t>(value);
    }
    bytes += static_cast<char>(group >> 16);
    bytes += static_cast<char>(group >> 8 & 0xff);
    bytes += static_cast<char>(group & 0xff);
  }
  out = std::move(bytes);
  return true;
}

bool equal_ignoring_case(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(), [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y;
  });
}

}  // namespace

bool is_hex(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

Stated stated_from_text(std::string_view text) {
  for (const std::string_view yes : {"true", "yes", "y", "1"}) {
    if (equal_ignoring_case(text, yes)) return Stated::yes;
  }
  for (const std::string_view no : {"false", "no", "n", "0"}) {
    if (equal_ignoring_case(text, no)) return Stated::no;
  }
  return Stated::not_stated;
}

void EntryCollector::begin(uint64_t record_number, uint64_t line) {
  entry_.clear();
  entry_.record_number = record_number;
  line_ = line;
  had_value_ = false;
  ++summary_.records;
}

bool EntryCollector::read_value(ValueKind kind, std::string_view text, const Error& place) {
  text = trimmed(text);
  if (text.empty()) return true;
  had_value_ = true;
  const auto read_digest = [&]<typename D>(std::optional<D>& field, const D& of_empty_file) {
    const Result<D> digest = parse_hex<D>(text);
    if (!digest) return false;
    if (*digest == of_empty_file) {
      ++summary_.dropped_empty_file;
    } else if (*digest == D{}) {
      ++summary_.dropped_placeholder;
    } else {
      field = *digest;
    }
    return true;
  };
  bool good = false;
  switch (kind) {
    case ValueKind::md5:
      good = read_digest(entry_.md5, kEmptyMd5);
      break;
    case ValueKind::sha1:
      good = read_digest(entry_.sha1, kEmptySha1);
      break;
    case ValueKind::sha256:
      good = read_digest(entry_.sha256, kEmptySha256);
      break;
    case ValueKind::pdq: {
      const Result<Fingerprint> fingerprint = parse_fingerprint(text);
      good = fingerprint.has_value();
      if (good && *fingerprint == Fingerprint{}) {
        ++summary_.dropped_placeholder;
      } else if (good) {
        entry_.fingerprint = *fingerprint;
      }
      break;
    }
    case ValueKind::photodna:
      good = read_photodna(text, entry_.photodna);
      break;
  }
  if (!good) refuse(place, kValueRules[static_cast<size_t>(kind)]);
  return good;
}

void EntryCollector::read_entry_id(std::string_view text, const Error& place) {
  text = trimmed(text);
  if (text.size() > options_.limits.max_text_bytes) {
    refuse({ErrorCode::limit_exceeded, {}, place.offset_bytes, place.offset_kind},
           "limits.max_text_bytes");
  } else {
    entry_.entry_id = text;
  }
}

void EntryCollector::read_category(std::string_view text, const Error& place) {
  text = trimmed(text);
  if (text.size() > options_.limits.max_text_bytes) {
    refuse({ErrorCode::limit_exceeded, {}, place.offset_bytes, place.offset_kind},
           "limits.max_text_bytes");
  } else {
    entry_.category = text;
  }
}

void EntryCollector::read_size(std::string_view text, const Error& place) {
  text = trimmed(text);
  if (text.empty()) return;
  uint64_t size = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), size);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) {
    refuse(place, "list.size");
  } else {
    entry_.size_bytes = size;
  }
}

void EntryCollector::read_quality(std::string_view text, const Error& place) {
  text = trimmed(text);
  if (text.empty()) return;
  unsigned quality = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), quality);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size() || quality > 100) {
    refuse(place, "list.quality");
  } else {
    entry_.quality = static_cast<uint8_t>(quality);
  }
}

Result<void> EntryCollector::end(const Error& place, std::string_view rule) {
  if (!had_value_) {
    refuse(place, rule);
    return {};
  }
  if (entry_.fingerprint && entry_.quality && *entry_.quality < kMinPdqQuality) {
    entry_.fingerprint.reset();
    ++summary_.dropped_low_quality;
  }
  if (!entry_.has_digest() && !entry_.fingerprint && entry_.photodna.empty()) return {};
  ++summary_.entries;
  if (entry_.md5) ++summary_.md5;
  if (entry_.sha1) ++summary_.sha1;
  if (entry_.sha256) ++summary_.sha256;
  if (entry_.fingerprint) ++summary_.pdq;
  if (!entry_.photodna.empty()) ++summary_.photodna;
  const auto category = summary_.categories.find(entry_.category);
  if (category != summary_.categories.end()) {
    ++category->second;
  } else if (summary_.categories.size() >= options_.limits.max_categories) {
    return Error{ErrorCode::limit_exceeded, "limits.max_categories", place.offset_bytes,
                 place.offset_kind};
  } else {
    summary_.categories.emplace(entry_.category, 1);
  }
  return sink_.add(entry_);
}

void EntryCollector::refuse(const Error& place, std::string_view rule) {
  const auto count = summary_.refused.find(rule);
  if (count != summary_.refused.end()) {
    ++count->second;
  } else {
    summary_.refused.emplace(rule, 1);
  }
  if (summary_.refusals.size() < options_.limits.max_refusals_kept) {
    summary_.refusals.push_back({line_, {place.code, rule, place.offset_bytes, place.offset_kind}});
  }
}

}  // namespace safelight::lists
