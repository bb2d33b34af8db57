#include "safelight/provenance/marks/internal/camera.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string>

#include "safelight/metadata/xmp/xmp_names.h"

namespace safelight::marks {
namespace {

using metadata::Exif;
using metadata::ExifTag;
using metadata::ExifTime;

/// Clocks that do not say their zone may differ by this much: from UTC-12 to UTC+14.
constexpr int64_t kMaxZoneDifferenceSeconds = 26 * 3600;

/// Programs whose main use is to change pictures, as their names begin.
constexpr std::array<std::string_view, 27> kEditors = {
    "Adobe Photoshop", "Photoshop", "GIMP",           "Affinity Photo", "Pixelmator",  "Snapseed",
    "PicsArt",         "Picsart",   "paint.net",      "Paint.NET",      "Facetune",    "Meitu",
    "BeautyPlus",      "Luminar",   "Krita",          "PaintShop",      "Corel Paint", "PhotoScape",
    "Polarr",          "Fotor",     "Pixlr",          "Canva",          "VSCO",        "Topaz",
    "PhotoDirector",   "Photoroom", "Adobe Lightroom"};

Place place_of(const metadata::Place& place) {
  return {place.range.offset_bytes, place.range.length_bytes,
          place.direct ? OffsetKind::exact : OffsetKind::approximate};
}

int number_at(std::string_view text, size_t at, size_t digits) {
  int value = 0;
  std::from_chars(text.data() + at, text.data() + at + digits, value);
  return value;
}

/// Seconds since 1970 on the clock that wrote it. `time` is well-formed.
int64_t local_seconds(const ExifTime& time) {
  using namespace std::chrono;
  const std::string_view text = time.text;
  const sys_days day = year_month_day(
      year(number_at(text, 0, 4)), month(static_cast<unsigned>(number_at(text, 5, 2))),
      std::chrono::day(static_cast<unsigned>(number_at(text, 8, 2))));
  return int64_t{day.time_since_epoch().count()} * 86'400 + number_at(text, 11, 2) * 3600 +
         number_at(text, 14, 2) * 60 + number_at(text, 17, 2);
}

/// "+HH:MM" or "-HH:MM"; nothing for any other text.
std::optional<int64_t> zone_seconds(std::string_view zone) {
  constexpr std::string_view kShape = "+00:00";
  if (zone.size() != kShape.size() || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
  for (size_t i = 1; i < zone.size(); ++i) {
    const bool digit = zone[i] >= '0' && zone[i] <= '9';
    if (kShape[i] == '0' ? !digit : zone[i] != ':') return std::nullopt;
  }
  const int64_t seconds = number_at(zone, 1, 2) * 3600 + number_at(zone, 4, 2) * 60;
  return zone[0] == '-' ? -seconds : seconds;
}

/// Whether `later` lies before `earlier` whatever zones are not stated.
bool is_out_of_order(const ExifTime& earlier, const ExifTime& later) {
  if (!earlier.well_formed || !later.well_formed) return false;
  const auto earlier_zone = zone_seconds(earlier.offset);
  const auto later_zone = zone_seconds(later.offset);
  const int64_t difference = local_seconds(earlier) - local_seconds(later);
  if (earlier_zone && later_zone) return difference - *earlier_zone + *later_zone > 0;
  return difference > kMaxZoneDifferenceSeconds;
}

class Describe {
 public:
  Describe(const MarksLimits& limits, std::vector<Finding>& out) : limits_(limits), out_(out) {}

  void camera(const metadata::ExifBlock& block) {
    const Exif& exif = block.exif;
    const bool named = !exif.text(ExifTag::make).empty() || !exif.text(ExifTag::model).empty();
    const bool settings = exif.exposure_time_s || exif.f_number || exif.focal_length_mm;
    const bool located = exif.gps && exif.gps->latitude && exif.gps->longitude;
    if (!named && !settings && !located) return;
    Finding& finding = add("camera_metadata", Grade::declared, block.place);
    finding.statement =
        "EXIF holds fields that cameras fill when they take a picture. They are not signed: "
        "anybody can write them, and copy them from another picture.";
    text(finding, "make", exif.text(ExifTag::make));
    text(finding, "model", exif.text(ExifTag::model));
    const std::string_view serial = exif.text(ExifTag::body_serial_number);
    text(finding, "serial", serial.empty() ? exif.text(ExifTag::camera_serial_number) : serial);
    text(finding, "lens_model", exif.text(ExifTag::lens_model));
    text(finding, "software", exif.text(ExifTag::software));
    time(finding, "taken", exif.original);
    time(finding, "digitized", exif.digitized);
    time(finding, "modified", exif.modified);
    text(finding, "gps", located ? "present" : exif.gps ? "without a position" : "absent");
    text(finding, "maker_note", exif.maker_note.place.length_bytes > 0 ? "present" : "absent");
  }

  void editor(std::string_view name, std::string_view field, const metadata::Place& place) {
    const bool known = std::any_of(kEditors.begin(), kEditors.end(), [&](std::string_view editor) {
      return name.starts_with(editor);
    });
    if (!known) return;
    Finding& finding = add("editing_software", Grade::fact, place);
    finding.statement =
        "The metadata name a program that edits pictures. It also writes its name where a picture "
        "was only turned, cropped or saved again.";
    text(finding, "software", name);
    text(finding, "field", field);
  }

  void dates(const metadata::ExifBlock& block) {
    const Exif& exif = block.exif;
    check_order("taken", exif.original, "digitized", exif.digitized, block.place);
    check_order("taken", exif.original, "modified", exif.modified, block.place);
  }

  void size(const metadata::ExifBlock& block, const PictureSize& picture) {
    const uint32_t width = block.exif.pixel_width;
    const uint32_t height = block.exif.pixel_height;
    if (width == 0 || height == 0) return;
    if (width == picture.width && height == picture.height) return;
    if (width == picture.height && height == picture.width) return;
    Finding& finding = add("exif_size_differs", Grade::fact, block.place);
    finding.statement =
        "EXIF states another size than the picture has. That is usual where a picture was made "
        "smaller or cropped by a program that left EXIF as it was.";
    text(finding, "exif_size", std::to_string(width) + "x" + std::to_string(height));
    text(finding, "picture_size",
         std::to_string(picture.width) + "x" + std::to_string(picture.height));
  }

 private:
  Finding& add(std::string_view kind, Grade grade, const metadata::Place& place) {
    Finding& finding = out_.emplace_back();
    finding.kind = kind;
    finding.grade = grade;
    finding.place = place_of(place);
    return finding;
  }
  void text(Finding& finding, std::string_view name, std::string_view value) {
    if (!value.empty()) finding.fields.emplace_back(name, field_value(to_utf8(value), limits_));
  }
  void time(Finding& finding, const std::string& name, const ExifTime& time) {
    if (time.text.empty()) return;
    text(finding, name, time.text);
    text(finding, name + "_zone",
         time.offset.empty() ? "not stated" : std::string_view(time.offset));
  }
  void check_order(std::string_view earlier_name, const ExifTime& earlier,
                   std::string_view later_name, const ExifTime& later,
                   const metadata::Place& place) {
    if (!is_out_of_order(earlier, later)) return;
    Finding& finding = add("dates_out_of_order", Grade::fact, place);
    finding.statement = "EXIF says that the picture was " + std::string(later_name) +
                        " before it was " + std::string(earlier_name) +
                        ", by more than time zones explain. A clock that was set wrongly does "
                        "that, as well as a changed date.";
    time(finding, std::string(earlier_name), earlier);
    time(finding, std::string(later_name), later);
  }

  const MarksLimits& limits_;
  std::vector<Finding>& out_;
};

}  // namespace

std::vector<Finding> camera_findings(const metadata::Metadata& metadata, const Marks& marks,
                                     const std::optional<PictureSize>& picture) {
  std::vector<Finding> findings;
  Describe describe(marks.limits(), findings);
  const size_t most = marks.limits().max_structures;
  for (size_t block = 0; block < std::min(metadata.exif.size(), most); ++block) {
    if (marks.claims_exif(block)) continue;
    const metadata::ExifBlock& exif = metadata.exif[block];
    describe.camera(exif);
    describe.editor(exif.exif.text(ExifTag::software), "exif:Software", exif.place);
    describe.dates(exif);
    if (picture) describe.size(exif, *picture);
  }
  for (size_t block = 0; block < std::min(metadata.xmp.size(), most); ++block) {
    const metadata::XmpBlock& xmp = metadata.xmp[block];
    describe.editor(xmp.xmp.value(metadata::kCreatorTool), "xmp:CreatorTool", xmp.place);
  }
  if (metadata.container == metadata::Container::png) {
    const auto software =
        std::find_if(metadata.texts.begin(), metadata.texts.end(),
                     [](const metadata::TextEntry& text) { return text.keyword == "Software"; });
    if (software != metadata.texts.end()) {
      describe.editor(software->text, "png:Software", {software->place});
    }
  }
  if (metadata.exif.size() > most || metadata.xmp.size() > most) {
    findings.push_back(
        coverage_finding(Coverage::partial, "What the file says of cameras and editors",
                         Error{ErrorCode::limit_exceeded, "max_structures", 0, OffsetKind::none}));
  }
  return findings;
}

}  // namespace safelight::marks
