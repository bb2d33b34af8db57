#include <algorithm>
#include <array>
#include <optional>

#include "safelight/base/byte_reader.h"
#include "safelight/codec/format.h"

namespace safelight::codec {
namespace {

using namespace std::string_view_literals;
using Bytes = std::span<const std::byte>;

std::string_view as_text(Bytes head) {
  return {reinterpret_cast<const char*>(head.data()), head.size()};  // NOLINT: bytes as characters
}

bool has(std::string_view head, size_t offset, std::string_view magic) {
  return head.size() >= offset && head.substr(offset, magic.size()) == magic;
}

uint8_t byte_at(std::string_view head, size_t offset) {
  return offset < head.size() ? static_cast<uint8_t>(head[offset]) : 0;
}

uint32_t u32_le_at(std::string_view head, size_t offset) {
  return byte_at(head, offset) | uint32_t{byte_at(head, offset + 1)} << 8 |
         uint32_t{byte_at(head, offset + 2)} << 16 | uint32_t{byte_at(head, offset + 3)} << 24;
}

uint32_t u32_be_at(std::string_view head, size_t offset) {
  return __builtin_bswap32(u32_le_at(head, offset));
}

uint16_t u16_le_at(std::string_view head, size_t offset) {
  return static_cast<uint16_t>(u32_le_at(head, offset));
}

/// Bytes that name a format wherever they stand at their offset.
struct Magic {
  size_t offset;
  std::string_view bytes;
  Format format;
};

constexpr auto kMagics = std::to_array<Magic>({
    {0, "\xff\xd8\xff"sv, Format::jpeg},
    {0, "\x89PNG\r\n\x1a\n"sv, Format::png},
    {0, "GIF87a"sv, Format::gif},
    {0, "GIF89a"sv, Format::gif},
    {0, "II*\0"sv, Format::tiff},
    {0, "MM\0*"sv, Format::tiff},
    {0, "II+\0\x08\0\0\0"sv, Format::tiff},
    {0, "MM\0+\0\x08\0\0"sv, Format::tiff},
    {0, "\xff\x0a"sv, Format::jxl},
    {0, "\0\0\0\x0cJXL \r\n\x87\n"sv, Format::jxl},
    {0, "\0\0\0\x0cjP  \r\n\x87\n"sv, Format::jpeg2000},
    {0, "\xff\x4f\xff\x51"sv, Format::jpeg2000},
    {0, "8BPS\0\1"sv, Format::psd},
    {0, "8BPS\0\2"sv, Format::psd},
    {0, "FUJIFILMCCD-RAW "sv, Format::raw_photo},
    {0, "IIU\0"sv, Format::raw_photo},  // Panasonic RW2
    {0, "IIRO"sv, Format::raw_photo},   // Olympus ORF, three variants
    {0, "IIRS"sv, Format::raw_photo},
    {0, "MMOR"sv, Format::raw_photo},
    {0, "FOVb"sv, Format::raw_photo},      // Sigma X3F
    {0, "\0MRM"sv, Format::raw_photo},     // Minolta MRW
    {6, "HEAPCCDR"sv, Format::raw_photo},  // Canon CRW
    {0, "PK\3\4"sv, Format::zip},
    {0, "PK\5\6"sv, Format::zip},          // no members
    {0, "PK\7\x08PK\3\4"sv, Format::zip},  // split
    {0, "PK00PK\3\4"sv, Format::zip},      // once split
    {0, "\x1f\x8b\x08"sv, Format::gzip},
    {0,
     "\xfd"
     "7zXZ\0"sv,
     Format::xz},
    {0, "\x28\xb5\x2f\xfd"sv, Format::zstd},
    {0, "\x04\x22\x4d\x18"sv, Format::lz4},
    {0, "\x02\x21\x4c\x18"sv, Format::lz4},
    {0, "7z\xbc\xaf\x27\x1c"sv, Format::seven_zip},
    {0, "Rar!\x1a\x07\0"sv, Format::rar},
    {0, "Rar!\x1a\x07\1\0"sv, Format::rar},
    {0, "RE\x7e\x5e"sv, Format::rar},
    {0, "\x1a\x45\xdf\xa3"sv, Format::video_matroska},
    {0, "\0\0\1\xba"sv, Format::video_mpeg},
    {0, "\0\0\1\xb3"sv, Format::video_mpeg},
    {0, "FLV\1"sv, Format::video_flash},
    {0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0\x62\xce\x6c"sv, Format::video_asf},
    {0, "OggS\0"sv, Format::audio},
    {0, "fLaC"sv, Format::audio},
    {0, "ID3\2"sv, Format::audio},
    {0, "ID3\3"sv, Format::audio},
    {0, "ID3\4"sv, Format::audio},
    {0, "MThd\0\0\0\6"sv, Format::audio},
    {0, "#!AMR"sv, Format::audio},
    {0, "caff\0"sv, Format::audio},
    {0, "wvpk"sv, Format::audio},
    {0, "MAC \x96\x0f"sv, Format::audio},
    {0, ".snd\0\0"sv, Format::audio},
    {0, "%PDF-"sv, Format::pdf},
    {0, "\xef\xbb\xbf%PDF-"sv, Format::pdf},
    {0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, Format::office},
    {0, "{\\rtf"sv, Format::office},
    {0, "!BDN"sv, Format::mail},  // Outlook's PST and OST
    {0, "SQLite format 3\0"sv, Format::sqlite},
    {0, "EVF\x09\r\n\xff\0"sv, Format::disk_image},
    {0, "LVF\x09\r\n\xff\0"sv, Format::disk_image},
    {0, "EVF2\r\n\x81\0"sv, Format::disk_image},
    {0, "LEF2\r\n\x81\0"sv, Format::disk_image},
    {0, "QFI\xfb"sv, Format::disk_image},
    {0, "KDMV"sv, Format::disk_image},
    {0, "COWD"sv, Format::disk_image},
    {0, "# Disk DescriptorFile"sv, Format::disk_image},
    {0, "conectix"sv, Format::disk_image},
    {0, "vhdxfile"sv, Format::disk_image},
    {64, "\x7f\x10\xda\xbe"sv, Format::disk_image},  // VDI
    {0, "AFF10\r\n\0"sv, Format::disk_image},
    {0, "LUKS\xba\xbe"sv, Format::disk_image},
    {0,
     "\x7f"
     "ELF"sv,
     Format::executable},
    {0, "\xfe\xed\xfa\xce"sv, Format::executable},
    {0, "\xfe\xed\xfa\xcf"sv, Format::executable},
    {0, "\xce\xfa\xed\xfe"sv, Format::executable},
    {0, "\xcf\xfa\xed\xfe"sv, Format::executable},
    {0, "\xca\xfe\xba\xbe"sv, Format::executable},  // Mach-O for several processors, Java classes
    {0, "\0asm"sv, Format::executable},
    {0, "dex\n0"sv, Format::executable},
});

/// Weaker magics: tried after everything that has more to go by.
constexpr auto kWeakMagics = std::to_array<Magic>({
    {3, "NTFS    "sv, Format::disk_image},
    {3, "EXFAT   "sv, Format::disk_image},
    {3, "-FVE-FS-"sv, Format::disk_image},
    {32, "NXSB"sv, Format::disk_image},
    {54, "FAT12   "sv, Format::disk_image},
    {54, "FAT16   "sv, Format::disk_image},
    {82, "FAT32   "sv, Format::disk_image},
    {512, "EFI PART"sv, Format::disk_image},
});

template <size_t kCount>
std::optional<Format> by_magic(std::string_view head, const std::array<Magic, kCount>& table) {
  for (const Magic& magic : table) {
    if (has(head, magic.offset, magic.bytes)) return magic.format;
  }
  return std::nullopt;
}

/// RIFF and its kin: the form type stands after the length.
std::optional<Format> by_riff(std::string_view head) {
  if (has(head, 0, "FORM") && (has(head, 8, "AIFF") || has(head, 8, "AIFC"))) return Format::audio;
  if (!has(head, 0, "RIFF") && !has(head, 0, "RIFX") && !has(head, 0, "RF64")) return std::nullopt;
  if (has(head, 8, "WEBP")) return Format::webp;
  if (has(head, 8, "AVI ")) return Format::video_riff;
  if (has(head, 8, "CDXA")) return Format::video_mpeg;
  if (has(head, 8, "WAVE") || has(head, 8, "RMID")) return Format::audio;
  return std::nullopt;
}

struct Brand {
  std::string_view name;
  Format format;
  bool shared;  ///< Says the kind of container, not which codec: a compatible brand may say more.
};

// ISO/IEC 23008-12 annex B, AV1 Image File Format section 6, 3GPP TS 26.244, mp4ra.org.
constexpr auto kBrands = std::to_array<Brand>({
    {"avif", Format::avif, false},      {"avis", Format::avif, false},
    {"heic", Format::heif, false},      {"heix", Format::heif, false},
    {"heim", Format::heif, false},      {"heis", Format::heif, false},
    {"hevc", Format::heif, false},      {"hevx", Format::heif, false},
    {"hevm", Format::heif, false},      {"hevs", Format::heif, false},
    {"mif1", Format::heif, true},       {"mif2", Format::heif, true},
    {"msf1", Format::heif, true},       {"miaf", Format::heif, true},
    {"crx ", Format::raw_photo, false}, {"M4A ", Format::audio, false},
    {"M4B ", Format::audio, false},     {"M4P ", Format::audio, false},
    {"jp2 ", Format::jpeg2000, false},  {"jpx ", Format::jpeg2000, false},
});

const Brand* brand_named(std::string_view name) {
  const auto* found = std::find_if(kBrands.begin(), kBrands.end(),
                                   [&](const Brand& brand) { return brand.name == name; });
  return found == kBrands.end() ? nullptr : found;
}

/// Brands of films and of nothing else; with one of these in front, compatible brands do not
/// matter.
bool is_video_brand(std::string_view name) {
  constexpr auto kPrefixes = std::to_array<std::string_view>(
      {"iso", "mp4", "qt  ", "3g", "M4V", "avc", "dash", "F4V", "f4v", "MSNV", "mmp4"});
  return std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

std::optional<Format> by_iso_box(std::string_view head) {
  constexpr auto kQuickTimeFirst = std::to_array<std::string_view>(
      {"moov", "mdat", "wide", "skip", "free", "pnot", "moof", "styp"});
  if (head.size() < 8) return std::nullopt;
  const uint32_t size = u32_be_at(head, 0);
  const std::string_view type = head.substr(4, 4);
  if (type != "ftyp") {
    const bool known =
        std::find(kQuickTimeFirst.begin(), kQuickTimeFirst.end(), type) != kQuickTimeFirst.end();
    // Words such as "xxxxfree" in a text are told apart by the length in front of them.
    if (known && (size >= 8 || size <= 1) && byte_at(head, 0) < 0x20) return Format::video_iso;
    return std::nullopt;
  }
  if (size < 12 || head.size() < 12) return std::nullopt;
  const std::string_view major = head.substr(8, 4);
  const Brand* brand = brand_named(major);
  if (brand != nullptr && !brand->shared) return brand->format;
  if (brand == nullptr && is_video_brand(major)) return Format::video_iso;
  const size_t end = std::min<size_t>(size, head.size());
  Format fallback = brand != nullptr ? brand->format : Format::video_iso;
  for (size_t at = 16; at + 4 <= end; at += 4) {
    const Brand* compatible = brand_named(head.substr(at, 4));
    if (compatible == nullptr) continue;
    if (!compatible->shared) return compatible->format;
    fallback = compatible->format;
  }
  return fallback;
}

std::optional<Format> by_bzip2(std::string_view head) {
  if (!has(head, 0, "BZh") || byte_at(head, 3) < '1' || byte_at(head, 3) > '9') return std::nullopt;
  if (has(head, 4, "1AY&SY") || has(head, 4, "\x17\x72\x45\x38\x50\x90")) return Format::bzip2;
  return std::nullopt;
}

/// Zstandard and LZ4 share their skippable frames (RFC 8878 section 3.1.2); what follows decides.
std::optional<Format> by_skippable_frame(std::string_view head) {
  if (!has(head, 1, "\x2a\x4d\x18") || (byte_at(head, 0) & 0xf0) != 0x50) return std::nullopt;
  const uint64_t next = uint64_t{8} + u32_le_at(head, 4);
  return next < head.size() && has(head, next, "\x04\x22\x4d\x18") ? Format::lz4 : Format::zstd;
}

/// "BM", and a length of the second header that some writer has used.
std::optional<Format> by_bmp(std::string_view head) {
  if (!has(head, 0, "BM") || head.size() < 18) return std::nullopt;
  switch (u32_le_at(head, 14)) {
    case 12:
    case 16:
    case 40:
    case 52:
    case 56:
    case 64:
    case 78:
    case 108:
    case 124:
      return Format::bmp;
    default:
      return std::nullopt;
  }
}

std::optional<Format> by_ico(std::string_view head) {
  if (!has(head, 0, "\0\0\1\0"sv) && !has(head, 0, "\0\0\2\0"sv)) return std::nullopt;
  const uint32_t count = u16_le_at(head, 4);
  if (head.size() < 22 || count == 0 || count > 512) return std::nullopt;
  const bool plausible =
      byte_at(head, 9) == 0 && u32_le_at(head, 14) > 0 && u32_le_at(head, 18) >= 6 + 16 * count;
  return plausible ? std::optional(Format::ico) : std::nullopt;
}

/// Shockwave: a packing letter, "WS" and a version.
std::optional<Format> by_swf(std::string_view head) {
  const bool packing = has(head, 0, "FWS") || has(head, 0, "CWS") || has(head, 0, "ZWS");
  const uint8_t version = byte_at(head, 3);
  if (packing && head.size() >= 8 && version >= 1 && version <= 60) return Format::video_flash;
  return std::nullopt;
}

/// MPEG transport stream: the sync byte in three packets of 188 bytes, or of 192 with a time stamp.
std::optional<Format> by_transport_stream(std::string_view head) {
  const auto synced = [&](size_t first, size_t step) {
    return byte_at(head, first) == 0x47 && byte_at(head, first + step) == 0x47 &&
           byte_at(head, first + 2 * step) == 0x47;
  };
  if (synced(0, 188) || synced(4, 192)) return Format::video_mpeg;
  return std::nullopt;
}

/// An MPEG audio frame of layer II or III, or an ADTS frame (AAC). Layer I is left out: its sync
/// word is UTF-16's byte order mark.
std::optional<Format> by_audio_frame(std::string_view head) {
  if (head.size() < 4 || byte_at(head, 0) != 0xff) return std::nullopt;
  const uint8_t second = byte_at(head, 1);
  const uint8_t third = byte_at(head, 2);
  if ((second & 0xf6) == 0xf0) {
    return ((third >> 2) & 15) < 13 ? std::optional(Format::audio) : std::nullopt;
  }
  const uint32_t layer = (second >> 1) & 3;
  const bool version_reserved = ((second >> 3) & 3) == 1;
  if ((second & 0xe0) != 0xe0 || version_reserved || layer == 0 || layer == 3) return std::nullopt;
  const uint32_t bitrate = third >> 4;
  const uint32_t sampling = (third >> 2) & 3;
  return bitrate != 0 && bitrate != 15 && sampling != 3 ? std::optional(Format::audio)
                                                        : std::nullopt;
}

/// The magic of POSIX archives, or the header checksum of older ones.
std::optional<Format> by_tar(std::string_view head) {
  constexpr size_t kHeaderBytes = 512;
  constexpr size_t kChecksumOffset = 148;
  constexpr size_t kChecksumBytes = 8;
  if (has(head, 257, "ustar\0"sv) || has(head, 257, "ustar  \0"sv)) return Format::tar;
  if (head.size() < kHeaderBytes || head[0] == '\0') return std::nullopt;
  uint32_t sum = 0;
  for (size_t i = 0; i < kHeaderBytes; ++i) {
    const bool checksum = i >= kChecksumOffset && i < kChecksumOffset + kChecksumBytes;
    sum += checksum ? uint32_t{' '} : byte_at(head, i);
  }
  uint32_t stored = 0;
  size_t digits = 0;
  for (const char c : head.substr(kChecksumOffset, kChecksumBytes)) {
    if (c == ' ' && digits == 0) continue;
    if (c < '0' || c > '7') break;
    stored = stored * 8 + static_cast<uint32_t>(c - '0');
    ++digits;
  }
  return digits > 0 && stored == sum ? std::optional(Format::tar) : std::nullopt;
}

/// A DOS or Windows program: the pointer to its new header, or the fields of the old one.
std::optional<Format> by_dos_program(std::string_view head) {
  if (!has(head, 0, "MZ") || head.size() < 28) return std::nullopt;
  const uint32_t new_header = u32_le_at(head, 60);
  if (new_header < kSniffBytes) {
    for (const std::string_view kind : {"PE\0\0"sv, "NE"sv, "LE"sv, "LX"sv}) {
      if (has(head, new_header, kind)) return Format::executable;
    }
  }
  const bool plausible = u16_le_at(head, 2) <= 512 && u16_le_at(head, 4) != 0 &&
                         u16_le_at(head, 8) >= 2 && u16_le_at(head, 8) <= 4096;
  return plausible ? std::optional(Format::executable) : std::nullopt;
}

/// A raw disk or volume without a name in its boot sector: a partition table, ext2 to ext4, HFS+.
std::optional<Format> by_raw_disk(std::string_view head) {
  if (has(head, 510, "\x55\xaa")) {
    bool plausible = true;
    bool any = false;
    for (size_t entry = 446; entry < 510; entry += 16) {
      plausible = plausible && (byte_at(head, entry) & 0x7f) == 0;
      any = any || (byte_at(head, entry + 4) != 0 && u32_le_at(head, entry + 12) != 0);
    }
    if (plausible && any) return Format::disk_image;
  }
  const bool ext = has(head, 1024 + 56, "\x53\xef") && u32_le_at(head, 1024 + 24) <= 6 &&
                   u32_le_at(head, 1024) != 0 && u32_le_at(head, 1024 + 4) != 0;
  const bool hfs = has(head, 1024, "H+\0\4"sv) || has(head, 1024, "HX\0\5"sv);
  return ext || hfs ? std::optional(Format::disk_image) : std::nullopt;
}

/// A PDF header after other bytes: readers look for it in the first 1,024 (ISO 32000-1 annex H.3).
std::optional<Format> by_late_pdf(std::string_view head) {
  const std::string_view start = head.substr(0, 1024);
  for (size_t at = start.find("%PDF-"); at != std::string_view::npos;
       at = start.find("%PDF-", at + 1)) {
    const uint8_t major = byte_at(start, at + 5);
    if ((major == '1' || major == '2') && byte_at(start, at + 6) == '.') return Format::pdf;
  }
  return std::nullopt;
}

bool same_letters(std::string_view a, std::string_view lower) {
  return a.size() == lower.size() &&
         std::equal(a.begin(), a.end(), lower.begin(), [](char x, char y) {
           return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y;
         });
}

/// Header lines of a message (RFC 5322), or of a mailbox that begins with one: two fields that
/// every kind of mail program writes, before the first line that is no header line.
std::optional<Format> by_mail(std::string_view head) {
  constexpr auto kFields = std::to_array<std::string_view>(
      {"from", "to", "cc", "subject", "date", "received", "return-path", "delivered-to",
       "message-id", "mime-version", "reply-to", "sender", "content-type", "dkim-signature"});
  constexpr int kEnough = 2;
  int known = 0;
  bool first = true;
  while (!head.empty()) {
    const size_t end = head.find('\n');
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
    if (first && line.starts_with("From ")) {
      first = false;
      continue;
    }
    if (!first && (line.starts_with(' ') || line.starts_with('\t'))) continue;
    first = false;
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) break;
    const std::string_view name = line.substr(0, colon);
    if (!std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7f; })) break;
    known += std::any_of(kFields.begin(), kFields.end(),
                         [&](std::string_view field) { return same_letters(name, field); });
    if (known >= kEnough) return Format::mail;
  }
  return std::nullopt;
}

bool is_text_control(uint32_t unit) {
  return unit == '\t' || unit == '\n' || unit == '\r' || unit == '\f' || unit == '\b' ||
         unit == 0x1b;
}

bool is_utf16_text(std::string_view head, bool big_endian) {
  for (size_t i = 2; i + 2 <= head.size(); i += 2) {
    const uint32_t low = byte_at(head, i + (big_endian ? 1 : 0));
    const uint32_t high = byte_at(head, i + (big_endian ? 0 : 1));
    const uint32_t unit = high << 8 | low;
    if ((unit < 0x20 && !is_text_control(unit)) || unit == 0xffff) return false;
  }
  return true;
}

/// Length of the UTF-8 sequence that `lead` begins, 0 if it begins none.
size_t utf8_length(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

bool is_utf8(std::string_view head) {
  for (size_t i = 0; i < head.size();) {
    const size_t length = utf8_length(byte_at(head, i));
    if (length == 0) return false;
    for (size_t k = 1; k < length && i + k < head.size(); ++k) {
      if ((byte_at(head, i + k) & 0xc0) != 0x80) return false;
    }
    i += length;
  }
  return true;
}

/// UTF-16 with its mark, UTF-8, or a code page of one byte a character: no control bytes, and in
/// the last case mostly ASCII.
bool is_text(std::string_view head) {
  if (has(head, 0, "\xff\xfe")) return is_utf16_text(head, false);
  if (has(head, 0, "\xfe\xff")) return is_utf16_text(head, true);
  size_t high = 0;
  for (size_t i = 0; i < head.size(); ++i) {
    const uint8_t byte = byte_at(head, i);
    if ((byte < 0x20 && !is_text_control(byte)) || byte == 0x7f) return false;
    high += byte >= 0x80;
  }
  return is_utf8(head) || high * 3 <= head.size();
}

}  // namespace

Format sniff(Bytes head_bytes) {
  if (head_bytes.empty()) return Format::empty;
  const std::string_view head = as_text(head_bytes.first(std::min(head_bytes.size(), kSniffBytes)));
  if (const auto format = by_magic(head, kMagics)) return *format;
  // From the most telling to the least.
  for (const auto by : {by_riff, by_iso_box, by_bzip2, by_skippable_frame, by_tar, by_bmp, by_ico,
                        by_dos_program}) {
    if (const auto format = by(head)) return *format;
  }
  if (const auto format = by_magic(head, kWeakMagics)) return *format;
  for (const auto by : {by_transport_stream, by_audio_frame, by_raw_disk, by_late_pdf}) {
    if (const auto format = by(head)) return *format;
  }
  // A Shockwave header can be plain characters, so control bytes must speak for it.
  if (is_text(head)) return by_mail(head).value_or(Format::text);
  return by_swf(head).value_or(Format::unknown);
}

}  // namespace safelight::codec
