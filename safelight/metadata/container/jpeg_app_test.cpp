#include "safelight/metadata/container/jpeg_app.h"

#include <gtest/gtest.h>

#include "safelight/metadata/bytes_for_test.h"

namespace safelight::metadata {
namespace {

using namespace std::string_literals;

std::pair<JpegApp, std::string> kind_of(uint8_t code, const std::string& payload) {
  const std::string file = jpeg_file(jpeg_segment(code, payload));
  const auto out = jpeg_app(bytes_of(file), jpeg_segments(bytes_of(file), {}).segments.at(1));
  return {out.kind, std::string(text_at(bytes_of(file), out.data))};
}

TEST(JpegApp, NamesSegmentsByMarkerAndSignature) {
  const auto x = [](JpegApp kind) { return std::pair(kind, "x"s); };
  EXPECT_EQ(kind_of(0xe1, "Exif\0\0x"s), x(JpegApp::exif));
  EXPECT_EQ(kind_of(0xe1, "http://ns.adobe.com/xap/1.0/\0x"s), x(JpegApp::xmp));
  EXPECT_EQ(kind_of(0xe1, "http://ns.adobe.com/xmp/extension/\0x"s), x(JpegApp::extended_xmp));
  EXPECT_EQ(kind_of(0xe2, "MPF\0x"s), x(JpegApp::mpf));
  EXPECT_EQ(kind_of(0xeb, "JPx"s), x(JpegApp::jumbf));
  EXPECT_EQ(kind_of(0xed, "Photoshop 3.0\0x"s), x(JpegApp::photoshop));
  EXPECT_EQ(kind_of(0xfe, "x"s), x(JpegApp::comment));
}

TEST(JpegApp, ASignatureUnderAnotherMarkerOrCutIsNone) {
  EXPECT_EQ(kind_of(0xe2, "Exif\0\0x"s).first, JpegApp::other);
  EXPECT_EQ(kind_of(0xe1, "Exif\0"s), std::pair(JpegApp::other, "Exif\0"s));
  EXPECT_EQ(kind_of(0xdb, "x"s).first, JpegApp::other);
}

}  // namespace
}  // namespace safelight::metadata
