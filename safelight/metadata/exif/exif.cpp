#include "safelight/metadata/exif/exif.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "safelight/metadata/internal/utf16.h"

namespace safelight::metadata {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kPrefix = "Exif\0\0"sv;
constexpr uint16_t kTypeAscii = 2;
constexpr uint16_t kTypeUtf8 = 129;
constexpr size_t kCharsetBytes = 8;

// Main directory.
constexpr uint16_t kOrientation = 274;
constexpr uint16_t kXmp = 700;
constexpr uint16_t kIptc = 33723;
constexpr uint16_t kPhotoshop = 34377;
constexpr uint16_t kExifIfd = 34665;
constexpr uint16_t kGpsIfd = 34853;
// Second directory.
constexpr uint16_t kThumbnailOffset = 0x0201;
constexpr uint16_t kThumbnailLength = 0x0202;
// EXIF directory.
constexpr uint16_t kExposureTime = 0x829a;
constexpr uint16_t kFNumber = 0x829d;
constexpr uint16_t kIso = 0x8827;
constexpr uint16_t kFocalLength = 0x920a;
constexpr uint16_t kMakerNote = 0x927c;
constexpr uint16_t kUserComment = 0x9286;
constexpr uint16_t kPixelWidth = 0xa002;
constexpr uint16_t kPixelHeight = 0xa003;
constexpr uint16_t kFocalLength35 = 0xa405;
// GPS directory.
constexpr uint16_t kLatitude = 2;  // the reference is the tag before
constexpr uint16_t kLongitude = 4;
constexpr uint16_t kAltitudeReference = 5;
constexpr uint16_t kAltitude = 6;
constexpr uint16_t kTimeStamp = 7;
constexpr uint16_t kDateStamp = 29;

bool is_xp_text(uint16_t tag) {
  return tag >= static_cast<uint16_t>(ExifTag::xp_title) &&
         tag <= static_cast<uint16_t>(ExifTag::xp_subject);
}

std::string_view without_padding(std::string_view text) {
  const size_t last = text.find_last_not_of("\0 "sv);
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// Whether a text is "YYYY:MM:DD HH:MM:SS" and a day of the calendar; 60 seconds are a leap second.
bool is_date_time(std::string_view text) {
  constexpr std::string_view kShape = "0000:00:00 00:00:00";
  if (text.size() != kShape.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == '0' ? !digit : text[i] != kShape[i]) return false;
  }
  const auto number = [&](size_t at, size_t digits) {
    int value = 0;
    std::from_chars(text.data() + at, text.data() + at + digits, value);
    return value;
  };
  const int year = number(0, 4);
  const int month = number(5, 2);
  const int day = number(8, 2);
  if (month < 1 || month > 12) return false;
  constexpr std::array kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  const int days = kDays[static_cast<size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
  return day >= 1 && day <= days && number(11, 2) < 24 && number(14, 2) < 60 && number(17, 2) <= 60;
}

std::optional<double> quotient(const std::optional<Rational>& value) {
  if (!value || value->denominator == 0) return std::nullopt;
  return static_cast<double>(value->numerator) / static_cast<double>(value->denominator);
}

class Reader {
 public:
  Reader(std::span<const std::byte> file, ByteRange place, const IfdReader& ifds,
         const MetadataLimits& limits)
      : file_(file), ifds_(ifds), limits_(limits), text_bytes_left_(limits.max_text_bytes) {
    out_.place = place;
  }

  Exif run() {
    const IfdPart main = read(ifds_.first_offset_bytes());
    take_texts(main.ifd);
    out_.orientation = static_cast<uint16_t>(
        std::min<uint64_t>(ifds_.value_of(main.ifd, kOrientation).value_or(0), UINT16_MAX));
    out_.xmp = place_of_tag(main.ifd, kXmp);
    out_.iptc = place_of_tag(main.ifd, kIptc);
    out_.photoshop = place_of_tag(main.ifd, kPhotoshop);
    if (const auto offset = ifds_.value_of(main.ifd, kExifIfd)) read_details(*offset);
    if (const auto offset = ifds_.value_of(main.ifd, kGpsIfd)) read_gps(*offset);
    if (main.ifd.next_offset_bytes != 0) read_thumbnail(main.ifd.next_offset_bytes);
    collect_times();
    return std::move(out_);
  }

 private:
  void note(Error error) {
    if (out_.damage.size() >= limits_.max_notes) return;
    error.offset_bytes += out_.place.offset_bytes;
    out_.damage.push_back(error);
  }

  IfdPart read(uint64_t offset_bytes) {
    IfdPart part = ifds_.read_part(offset_bytes);
    if (part.damage) note(*part.damage);
    return part;
  }

  /// Where an entry's values stand, cut at the end of the structure.
  [[nodiscard]] ByteRange place_of(const IfdEntry& entry) const {
    return {out_.place.offset_bytes + std::min(entry.offset_bytes, out_.place.length_bytes),
            ifds_.data(entry).size()};
  }
  [[nodiscard]] ByteRange place_of_tag(const Ifd& ifd, uint16_t tag) const {
    const IfdEntry* entry = ifd.find(tag);
    return entry == nullptr ? ByteRange{} : place_of(*entry);
  }

  /// Takes from what all texts of the structure may hold together.
  bool reserve_text(const IfdEntry& entry) {
    const size_t size = ifds_.data(entry).size();
    if (size < entry.count) {
      note(Error::at(ErrorCode::truncated, "exif.value", entry.offset_bytes));
    }
    const size_t cost = size + sizeof(ExifText);
    if (cost > text_bytes_left_) {
      note(Error::at(ErrorCode::limit_exceeded, "max_text_bytes", entry.offset_bytes));
      return false;
    }
    text_bytes_left_ -= cost;
    return true;
  }

  void take_texts(const Ifd& ifd) {
    for (const IfdEntry& entry : ifd.entries) {
      const bool wide = is_xp_text(entry.tag);
      if (!wide && entry.type != kTypeAscii && entry.type != kTypeUtf8) continue;
      if (entry.tag == kUserComment || !reserve_text(entry)) continue;
      ExifText text{static_cast<ExifTag>(entry.tag), {}, place_of(entry)};
      text.text = wide ? utf16_to_utf8(ifds_.data(entry), ByteOrder::little_endian)
                       : without_padding(ifds_.text(entry).value_or(""));
      out_.texts.push_back(std::move(text));
    }
  }

  void read_details(uint64_t offset_bytes) {
    const IfdPart part = read(offset_bytes);
    take_texts(part.ifd);
    const auto rational = [&](uint16_t tag) {
      const IfdEntry* entry = part.ifd.find(tag);
      return entry == nullptr ? std::nullopt : ifds_.rational(*entry);
    };
    const auto number = [&](uint16_t tag) {
      const uint64_t value = ifds_.value_of(part.ifd, tag).value_or(0);
      return static_cast<uint32_t>(std::min<uint64_t>(value, UINT32_MAX));
    };
    out_.exposure_time_s = rational(kExposureTime);
    out_.f_number = rational(kFNumber);
    out_.focal_length_mm = rational(kFocalLength);
    out_.focal_length_35mm = number(kFocalLength35);
    out_.iso = number(kIso);
    out_.pixel_width = number(kPixelWidth);
    out_.pixel_height = number(kPixelHeight);
    if (const IfdEntry* entry = part.ifd.find(kUserComment)) read_comment(*entry);
    if (const IfdEntry* entry = part.ifd.find(kMakerNote)) {
      const ByteRange place = place_of(*entry);
      out_.maker_note = read_maker_note(bytes_at(file_, place), out_.text(ExifTag::make),
                                        ifds_.byte_order(), limits_);
      out_.maker_note.place = place;
    }
  }

  void read_comment(const IfdEntry& entry) {
    if (!reserve_text(entry)) return;
    const auto raw = ifds_.data(entry);
    ExifUserComment& out = out_.user_comment;
    out.place = place_of(entry);
    // Cameras pad the code with spaces as well as with zero bytes.
    const std::string_view code = without_padding(text_at(raw, {0, kCharsetBytes}));
    const auto rest = raw.subspan(std::min(raw.size(), kCharsetBytes));
    const std::string_view stored = text_at(rest, {0, rest.size()});
    if (code == "UNICODE") {
      out.charset = CommentCharset::unicode;
      out.text = utf16_to_utf8(rest, guess_byte_order(rest, ifds_.byte_order()));
    } else if (code == "ASCII") {
      out.charset = CommentCharset::ascii;
      out.text = without_padding(stored.substr(0, stored.find('\0')));
    } else if (code == "JIS") {
      out.charset = CommentCharset::jis;
      out.text = without_padding(stored);
    } else {
      // Where not even the code is there, the whole value is what somebody wrote.
      out.charset = CommentCharset::undefined;
      out.text = without_padding(code.empty() ? stored : text_at(raw, {0, raw.size()}));
    }
    if (out.charset == CommentCharset::unicode) out.text = without_padding(out.text);
  }

  void read_gps(uint64_t offset_bytes) {
    const IfdPart part = read(offset_bytes);
    if (part.ifd.entries.empty()) return;
    ExifGps gps;
    gps.place = {out_.place.offset_bytes + offset_bytes, 2 + 12 * part.ifd.entries.size()};
    gps.latitude = coordinate(part.ifd, kLatitude, 90);
    gps.longitude = coordinate(part.ifd, kLongitude, 180);
    if (const IfdEntry* entry = part.ifd.find(kAltitude)) {
      gps.altitude_m = quotient(ifds_.rational(*entry));
      const bool below = ifds_.value_of(part.ifd, kAltitudeReference) == 1;
      if (gps.altitude_m && below) gps.altitude_m = -*gps.altitude_m;
    }
    if (const IfdEntry* entry = part.ifd.find(kDateStamp)) {
      if (reserve_text(*entry)) gps.date = without_padding(ifds_.text(*entry).value_or(""));
    }
    if (const IfdEntry* entry = part.ifd.find(kTimeStamp)) {
      gps.seconds_of_day = sexagesimal(*entry, 3600);
      if (gps.seconds_of_day && (*gps.seconds_of_day < 0 || *gps.seconds_of_day > 86'400)) {
        note(Error::at(ErrorCode::malformed, "exif.gps-time", entry->offset_bytes));
        gps.seconds_of_day.reset();
      }
    }
    out_.gps = std::move(gps);
  }

  /// Whole units, 60ths and 3600ths, in parts of which `whole` make the first. Parts that the entry
  /// does not have are 0.
  [[nodiscard]] std::optional<double> sexagesimal(const IfdEntry& entry, double whole) const {
    double value = 0;
    for (uint64_t i = 0; i < std::min<uint64_t>(entry.count, 3); ++i, whole /= 60) {
      const auto part = quotient(ifds_.rational(entry, i));
      if (!part) return std::nullopt;
      value += *part * whole;
    }
    return entry.count == 0 ? std::nullopt : std::optional(value);
  }

  [[nodiscard]] std::optional<double> coordinate(const Ifd& ifd, uint16_t tag, double most) {
    const IfdEntry* entry = ifd.find(tag);
    if (entry == nullptr) return std::nullopt;
    const auto degrees = sexagesimal(*entry, 1);
    if (!degrees) return std::nullopt;
    if (*degrees < 0 || *degrees > most) {
      note(Error::at(ErrorCode::malformed, "exif.gps-coordinate", entry->offset_bytes));
      return std::nullopt;
    }
    const IfdEntry* reference = ifd.find(static_cast<uint16_t>(tag - 1));
    const auto side = reference == nullptr ? std::nullopt : ifds_.text(*reference);
    const bool negative = side && !side->empty() && "SsWw"sv.find(side->front()) != side->npos;
    return negative ? -*degrees : *degrees;
  }

  void read_thumbnail(uint64_t offset_bytes) {
    const IfdPart part = read(offset_bytes);
    const auto start = ifds_.value_of(part.ifd, kThumbnailOffset);
    const auto length = ifds_.value_of(part.ifd, kThumbnailLength);
    if (!start || !length || *length == 0) return;
    if (*start >= out_.place.length_bytes) {
      note(Error::at(ErrorCode::truncated, "exif.thumbnail", *start));
      return;
    }
    const uint64_t left = out_.place.length_bytes - *start;
    if (*length > left) note(Error::at(ErrorCode::truncated, "exif.thumbnail", *start));
    out_.thumbnail = {out_.place.offset_bytes + *start, std::min(*length, left)};
  }

  void collect_times() {
    const auto time = [&](ExifTag text, ExifTag sub_seconds, ExifTag offset) {
      ExifTime out;
      out.text = out_.text(text);
      out.sub_seconds = out_.text(sub_seconds);
      out.offset = out_.text(offset);
      out.well_formed = is_date_time(out.text);
      return out;
    };
    out_.modified = time(ExifTag::modify_date, ExifTag::sub_sec_time, ExifTag::offset_time);
    out_.original = time(ExifTag::date_time_original, ExifTag::sub_sec_time_original,
                         ExifTag::offset_time_original);
    out_.digitized = time(ExifTag::date_time_digitized, ExifTag::sub_sec_time_digitized,
                          ExifTag::offset_time_digitized);
  }

  std::span<const std::byte> file_;
  const IfdReader& ifds_;
  const MetadataLimits& limits_;
  size_t text_bytes_left_;
  Exif out_;
};

}  // namespace

const ExifText* Exif::find(ExifTag tag) const {
  const auto found = std::find_if(texts.begin(), texts.end(),
                                  [&](const ExifText& text) { return text.tag == tag; });
  return found == texts.end() ? nullptr : &*found;
}

std::string_view Exif::text(ExifTag tag) const {
  const ExifText* found = find(tag);
  return found == nullptr ? std::string_view() : found->text;
}

Result<Exif> read_exif(std::span<const std::byte> file, ByteRange place,
                       const MetadataLimits& limits) {
  auto bytes = bytes_at(file, place);
  if (text_at(bytes, {0, kPrefix.size()}) == kPrefix) {
    place.offset_bytes += kPrefix.size();
    bytes = bytes.subspan(kPrefix.size());
  }
  place.length_bytes = bytes.size();
  auto reader = IfdReader::open(bytes);
  if (!reader) {
    Error error = reader.error();
    error.offset_bytes += place.offset_bytes;
    return error;
  }
  return Reader(file, place, *reader, limits).run();
}

}  // namespace safelight::metadata
