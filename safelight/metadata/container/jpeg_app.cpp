#include "safelight/metadata/container/jpeg_app.h"

#include <array>
#include <string_view>

namespace safelight::metadata {
namespace {

using namespace std::string_view_literals;

struct Signature {
  uint8_t code;
  std::string_view start;
  JpegApp kind;
};

constexpr std::array kSignatures = std::to_array<Signature>({
    {0xe0, "JFIF\0"sv, JpegApp::jfif},
    {0xe0, "JFXX\0"sv, JpegApp::jfxx},
    {0xe1, "Exif\0\0"sv, JpegApp::exif},
    {0xe1, "http://ns.adobe.com/xap/1.0/\0"sv, JpegApp::xmp},
    {0xe1, "http://ns.adobe.com/xmp/extension/\0"sv, JpegApp::extended_xmp},
    {0xe2, "ICC_PROFILE\0"sv, JpegApp::icc_profile},
    {0xe2, "MPF\0"sv, JpegApp::mpf},
    {0xeb, "JP"sv, JpegApp::jumbf},
    {0xec, "Ducky"sv, JpegApp::ducky},
    {0xed, "Photoshop 3.0\0"sv, JpegApp::photoshop},
    {0xee, "Adobe"sv, JpegApp::adobe},
    {kJpegComment, ""sv, JpegApp::comment},
});

}  // namespace

JpegAppData jpeg_app(std::span<const std::byte> file, const JpegSegment& segment) {
  const std::string_view payload = text_at(file, segment.payload);
  for (const Signature& signature : kSignatures) {
    if (segment.code != signature.code || !payload.starts_with(signature.start)) continue;
    const uint64_t skipped = signature.start.size();
    return {signature.kind,
            {segment.payload.offset_bytes + skipped, segment.payload.length_bytes - skipped}};
  }
  return {JpegApp::other, segment.payload};
}

}  // namespace safelight::metadata
