#include <gtest/gtest.h>

#include "safelight/provenance/marks/marks_for_test.h"

/// What EXIF and XMP declare about cameras, and what does not go together.
namespace safelight::marks {
namespace {

using metadata::TestExif;

std::string kinds(const std::string& file, std::optional<PictureSize> picture = std::nullopt) {
  std::string out;
  for (const Finding& finding : findings_in(file, {}, picture)) out += finding.kind + ";";
  return out;
}

TestExif camera() {
  TestExif exif;
  exif.main = {exif.text(0x010f, "Maker"), exif.text(0x0110, "Model 1")};
  return exif;
}

TEST(Camera, IsDeclared) {
  const std::string file = jpeg_with_exif(metadata::sample_exif());
  const auto findings = findings_in(file);
  ASSERT_EQ(kinds(file), "camera_metadata;");
  const Finding& finding = findings[0];
  EXPECT_EQ(finding.grade, Grade::declared);
  EXPECT_EQ(field(finding, "model"), "Model 1;");
  EXPECT_EQ(field(finding, "software"), "Writer 2.0;");
  EXPECT_EQ(field(finding, "taken"), "2024:02:30 10:00:00;");
  EXPECT_EQ(field(finding, "taken_zone"), "+02:00;");
  EXPECT_EQ(field(finding, "modified_zone"), "not stated;");
  EXPECT_EQ(field(finding, "gps"), "present;");
  EXPECT_EQ(field(finding, "maker_note"), "present;");
}

TEST(Camera, IsNamedWithItsSerialNumber) {
  TestExif exif = camera();
  EXPECT_EQ(field(findings_in(jpeg_with_exif(exif)).at(0), "serial"), "");
  exif.main.push_back(exif.text(0xc62f, "of DNG"));
  EXPECT_EQ(field(findings_in(jpeg_with_exif(exif)).at(0), "serial"), "of DNG;");
  exif.details = {exif.text(0xa431, "SN 1")};
  EXPECT_EQ(field(findings_in(jpeg_with_exif(exif)).at(0), "serial"), "SN 1;");
}

TEST(Camera, IsNotDeclaredByDatesAlone) {
  TestExif exif;
  exif.main = {exif.text(0x0131, "Writer 2.0"), exif.text(0x0132, "2024:02:29 23:59:60")};
  EXPECT_EQ(kinds(jpeg_with_exif(exif)), "");
}

TEST(Camera, IsDeclaredByAPositionAlone) {
  TestExif exif;
  exif.gps = {exif.text(1, "N"), exif.rationals(2, {12, 1, 30, 1, 0, 1}), exif.text(3, "E"),
              exif.rationals(4, {44, 1, 0, 1, 0, 1})};
  const auto findings = findings_in(jpeg_with_exif(exif));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].kind, "camera_metadata");
  EXPECT_EQ(field(findings[0], "gps"), "present;");
  for (const auto& [name, value] : findings[0].fields) EXPECT_EQ(value.find("44"), value.npos);
}

TEST(Camera, GpsFieldsWithoutAPositionAreNotAbsent) {
  const auto gps = [](const TestExif& exif) {
    return field(findings_in(jpeg_with_exif(exif)).at(0), "gps");
  };
  EXPECT_EQ(gps(camera()), "absent;");
  TestExif exif = camera();
  exif.gps = {exif.text(1, "N"), exif.rationals(2, {12, 1, 30, 1, 0, 1})};
  EXPECT_EQ(gps(exif), "without a position;");
  exif.gps = {exif.rationals(2, {12, 0, 0, 1, 0, 1}), exif.rationals(4, {44, 1, 0, 1, 0, 1})};
  EXPECT_EQ(gps(exif), "without a position;");
  exif.gps = {exif.text(29, "2024:02:29")};
  EXPECT_EQ(gps(exif), "without a position;");
}

TEST(Camera, OfMoreStructuresThanTheLimitIsSaidToBeMissing) {
  using namespace std::string_literals;
  const auto file = [](size_t structures) {
    std::string segments;
    for (size_t i = 0; i < structures; ++i)
      segments += metadata::jpeg_segment(0xe1, "Exif\0\0"s + camera().build());
    return metadata::jpeg_file(segments);
  };
  const MarksLimits limits = {.max_structures = 2};
  EXPECT_EQ(findings_in(file(2), limits).size(), 2u);
  const auto findings = findings_in(file(3), limits);
  ASSERT_EQ(findings.size(), 3u);
  EXPECT_EQ(findings[2].kind, "partly_examined");
  EXPECT_EQ(field(findings[2], "rule"), "max_structures;");
}

TEST(Editor, IsNamed) {
  TestExif exif = camera();
  exif.main.push_back(exif.text(0x0131, "Adobe Photoshop 25.0 (Windows)"));
  const auto findings = findings_in(jpeg_with_exif(exif));
  EXPECT_EQ(kinds(jpeg_with_exif(exif)), "camera_metadata;editing_software;");
  EXPECT_EQ(findings.at(1).grade, Grade::fact);
  EXPECT_EQ(field(findings.at(1), "field"), "exif:Software;");
  EXPECT_EQ(kinds(jpeg_with_xmp("xmp:CreatorTool='GIMP 2.10'")), "editing_software;");
  EXPECT_EQ(kinds(jpeg_with_xmp("xmp:CreatorTool='Ver 1.00'")), "");
  const std::string png = png_with("Software", "Adobe Photoshop 21.0");
  ASSERT_EQ(kinds(png), "editing_software;");
  EXPECT_EQ(field(findings_in(png).at(0), "field"), "png:Software;");
  EXPECT_EQ(kinds(png_with("Comment", "Adobe Photoshop 21.0")), "");
}

/// Of pictures taken and changed at these times, with these zones.
std::string dated(const std::string& taken, const std::string& modified,
                  const std::string& taken_zone = "", const std::string& modified_zone = "") {
  TestExif exif = camera();
  exif.main.push_back(exif.text(0x0132, modified));
  exif.details = {exif.text(0x9003, taken)};
  if (!modified_zone.empty()) exif.details.push_back(exif.text(0x9010, modified_zone));
  if (!taken_zone.empty()) exif.details.push_back(exif.text(0x9011, taken_zone));
  return kinds(jpeg_with_exif(exif));
}

TEST(Dates, OutOfOrder) {
  const std::string wrong = "camera_metadata;dates_out_of_order;";
  const std::string right = "camera_metadata;";
  EXPECT_EQ(dated("2024:03:02 10:00:00", "2024:02:28 10:00:00"), wrong);
  EXPECT_EQ(dated("2024:02:28 10:00:00", "2024:03:02 10:00:00"), right);
  // Without zones, a day and two hours may be no difference at all.
  EXPECT_EQ(dated("2024:03:01 12:00:00", "2024:02:29 10:00:00"), right);
  EXPECT_EQ(dated("2024:03:01 12:00:01", "2024:02:29 10:00:00"), wrong);
  EXPECT_EQ(dated("2024:03:01 12:00:00", "2024:03:01 11:00:00", "+02:00", "+00:00"), right);
  EXPECT_EQ(dated("2024:03:01 12:00:00", "2024:03:01 09:00:00", "+02:00", "+00:00"), wrong);
  EXPECT_EQ(dated("2024:03:02 10:00:00", "no date"), right);
  EXPECT_EQ(dated("2024:03:01 12:00:00", "2024:03:01 09:00:00", "+2:00", "+00:00"), right);
}

TEST(Size, DiffersFromExif) {
  const std::string file = jpeg_with_exif(metadata::sample_exif());
  EXPECT_EQ(kinds(file, PictureSize{4000, 3000}), "camera_metadata;");
  EXPECT_EQ(kinds(file, PictureSize{3000, 4000}), "camera_metadata;");
  EXPECT_EQ(kinds(file, PictureSize{2000, 1500}), "camera_metadata;exif_size_differs;");
  EXPECT_EQ(field(findings_in(file, {}, PictureSize{2000, 1500}).at(1), "exif_size"), "4000x3000;");
}

}  // namespace
}  // namespace safelight::marks
