#include <cmath>
#include <cstdint>

#include "safelight/metadata/exif/exif.h"
#include "safelight/metadata/promises_for_test.h"

using namespace safelight::metadata;

/// Any bytes: places lie in the file, texts within their limit, and numbers in their range.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  const auto inside = [&](ByteRange range) {
    promise(range.offset_bytes <= size && range.length_bytes <= size - range.offset_bytes);
  };
  const MetadataLimits limits{.max_text_bytes = 4096, .max_notes = 8};
  const auto exif = read_exif(file, {0, size}, limits);
  if (!exif) {
    promise(exif.error().offset_bytes <= size);
    return 0;
  }
  inside(exif->place);
  inside(exif->user_comment.place);
  inside(exif->maker_note.place);
  inside(exif->thumbnail);
  inside(exif->xmp);
  inside(exif->iptc);
  inside(exif->photoshop);
  promise(exif->damage.size() <= 8);
  size_t text_bytes = exif->user_comment.text.size();
  for (const ExifText& text : exif->texts) {
    inside(text.place);
    text_bytes += text.text.size();
  }
  promise(text_bytes <= 3 * 4096);  // two bytes of UTF-16 are three of UTF-8 at most
  if (exif->gps) {
    promise(std::abs(exif->gps->latitude.value_or(0)) <= 90);
    promise(std::abs(exif->gps->longitude.value_or(0)) <= 180);
    promise(std::isfinite(exif->gps->altitude_m.value_or(0)));
  }
  return 0;
}
