#include "safelight/intake/internal/zip_local_header.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "safelight/base/byte_reader.h"

namespace safelight::intake_internal {
namespace {

constexpr uint32_t kSignature = 0x04034b50;
constexpr size_t kFixedBytes = 30;
// The header before most members fits the first window; the second holds the longest there is.
constexpr size_t kFirstWindowBytes = 1024;
constexpr size_t kLastWindowBytes = kFixedBytes + 2 * 65535;
constexpr uint16_t kUtf8Flag = 1 << 11;
constexpr uint16_t kNtfsField = 0x000a;
constexpr uint16_t kUnixTimeField = 0x5455;
constexpr int64_t kFiletimeToUnixSeconds = 11'644'473'600;

/// DOS date and time as if they were UTC; nothing for a day that does not exist.
std::optional<int64_t> dos_time_ns(uint16_t date, uint16_t time) {
  using namespace std::chrono;
  const year_month_day day{year{1980 + (date >> 9)}, month{(date >> 5) & 15u},
                           std::chrono::day{date & 31u}};
  const int64_t seconds = (time >> 11) * 3600 + ((time >> 5) & 63) * 60 + (time & 31) * 2;
  if (!day.ok() || seconds >= 86'400) return std::nullopt;
  const int64_t days = sys_days(day).time_since_epoch().count();
  return (days * 86'400 + seconds) * 1'000'000'000;
}

/// The modification time of an NTFS field: 100 ns since 1601.
std::optional<int64_t> ntfs_time_ns(ByteReader in) {
  if (!in.skip(4)) return std::nullopt;
  while (!in.at_end()) {
    const auto tag = in.u16_le();
    const auto size = tag ? in.u16_le() : tag;
    if (!size) return std::nullopt;
    if (*tag == 1 && *size >= 24) {
      const auto ticks = in.u64_le();
      if (!ticks || *ticks == 0) return std::nullopt;
      const int64_t seconds = static_cast<int64_t>(*ticks / 10'000'000) - kFiletimeToUnixSeconds;
      int64_t ns = 0;
      if (__builtin_mul_overflow(seconds, int64_t{1'000'000'000}, &ns)) return std::nullopt;
      return ns + static_cast<int64_t>(*ticks % 10'000'000) * 100;
    }
    if (!in.skip(*size)) return std::nullopt;
  }
  return std::nullopt;
}

/// The modification time of a "UT" field: seconds since 1970, UTC.
std::optional<int64_t> unix_time_ns(ByteReader in) {
  const auto flags = in.u8();
  if (!flags || (*flags & 1) == 0) return std::nullopt;
  const auto seconds = in.u32_le();
  if (!seconds) return std::nullopt;
  return int64_t{static_cast<int32_t>(*seconds)} * 1'000'000'000;
}

/// The best UTC time among the extra fields.
std::optional<int64_t> utc_time_ns(ByteReader extra) {
  std::optional<int64_t> unix_time;
  while (!extra.at_end()) {
    const auto id = extra.u16_le();
    const auto size = id ? extra.u16_le() : id;
    if (!size) break;
    const auto field = extra.bytes(*size);
    if (!field) break;
    if (*id == kNtfsField) {
      if (const auto time = ntfs_time_ns(ByteReader(*field))) return time;
    } else if (*id == kUnixTimeField) {
      unix_time = unix_time_ns(ByteReader(*field));
    }
  }
  return unix_time;
}

/// Whether a stored name and libarchive's are one: it ends names at a NUL, turns backslashes of DOS
/// archives and adds a '/' to folders.
bool same_name(std::string_view stored, std::string_view name) {
  stored = stored.substr(0, stored.find('\0'));
  const auto trim = [](std::string_view text) {
    while (!text.empty() && (text.back() == '/' || text.back() == '\\')) text.remove_suffix(1);
    return text;
  };
  const auto same = [](char a, char b) { return a == b || (a == '\\' && b == '/'); };
  stored = trim(stored);
  name = trim(name);
  return std::equal(stored.begin(), stored.end(), name.begin(), name.end(), same);
}

}  // namespace

Result<ZipLocalHeader> parse_zip_local_header(std::span<const std::byte> bytes,
                                              uint64_t offset_bytes) {
  ByteReader in(bytes, offset_bytes);
  SAFELIGHT_TRY(const uint32_t signature, in.u32_le());
  if (signature != kSignature)
    return Error::at(ErrorCode::malformed, "zip.local-header-signature", offset_bytes);
  SAFELIGHT_CHECK(in.skip(2));  // version needed
  SAFELIGHT_TRY(const uint16_t flags, in.u16_le());
  SAFELIGHT_CHECK(in.skip(2));  // method
  SAFELIGHT_TRY(const uint16_t time, in.u16_le());
  SAFELIGHT_TRY(const uint16_t date, in.u16_le());
  SAFELIGHT_CHECK(in.skip(12));  // CRC-32 and sizes
  SAFELIGHT_TRY(const uint16_t name_size, in.u16_le());
  SAFELIGHT_TRY(const uint16_t extra_size, in.u16_le());
  SAFELIGHT_TRY(const std::string_view name, in.text(name_size));
  SAFELIGHT_TRY(const auto extra, in.bytes(extra_size));
  ZipLocalHeader header{.offset_bytes = offset_bytes,
                        .name = std::string(name),
                        .name_is_utf8 = (flags & kUtf8Flag) != 0,
                        .modified_ns = utc_time_ns(ByteReader(extra)),
                        .zone = TimeZoneKnown::utc};
  if (!header.modified_ns) {
    header.modified_ns = dos_time_ns(date, time);
    header.zone = header.modified_ns ? TimeZoneKnown::local : TimeZoneKnown::none;
  }
  return header;
}

std::optional<ZipLocalHeader> find_zip_local_header(const ByteSource& source,
                                                    uint64_t end_offset_bytes, const char* name) {
  std::optional<ZipLocalHeader> nearest;
  size_t searched = kFixedBytes - 1;  // distances from the end that are done
  for (const size_t window : {kFirstWindowBytes, kLastWindowBytes}) {
    const auto size = static_cast<size_t>(std::min<uint64_t>(window, end_offset_bytes));
    if (size <= searched) break;
    std::vector<std::byte> bytes(size);
    const auto count = source.read_at(end_offset_bytes - size, bytes);
    if (!count || *count != size) return std::nullopt;
    for (size_t distance = searched + 1; distance <= size; ++distance) {
      const auto candidate = std::span<const std::byte>(bytes).last(distance);
      if (candidate[0] != std::byte{'P'} || candidate[1] != std::byte{'K'}) continue;
      const auto length = [&](size_t at) {
        return std::to_integer<size_t>(candidate[at]) | std::to_integer<size_t>(candidate[at + 1])
                                                            << 8;
      };
      if (kFixedBytes + length(26) + length(28) != distance) continue;
      auto header = parse_zip_local_header(candidate, end_offset_bytes - distance);
      if (!header) continue;
      if (name != nullptr && same_name(header->name, name)) return *std::move(header);
      if (!nearest) nearest = *std::move(header);
    }
    if (nearest) return nearest;
    searched = size;
  }
  return nearest;
}

}  // namespace safelight::intake_internal
