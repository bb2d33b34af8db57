#include <cstdint>

#include "safelight/metadata/promises_for_test.h"
#include "safelight/metadata/read_metadata.h"

using namespace safelight::metadata;

/// Any bytes: all that is found lies in the file, and texts stay within their limit together.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  const MetadataLimits limits{.max_segments = 256,
                              .max_xmp_properties = 256,
                              .max_blocks = 32,
                              .max_text_bytes = 65'536,
                              .max_notes = 16};
  const Metadata out = read_metadata(file, limits);
  const auto inside = [&](ByteRange range) {
    promise(range.offset_bytes <= size && range.length_bytes <= size - range.offset_bytes);
  };
  promise(out.damage.size() <= 16);
  promise(out.container != Container::none ||
          (out.damage.empty() && out.exif.empty() && out.xmp.empty() && out.texts.empty()));
  if (out.trailing_offset_bytes) promise(*out.trailing_offset_bytes < size);
  promise(out.exif.size() + out.xmp.size() + out.iim.size() + out.comments.size() <= 32);
  size_t text_bytes = 0;
  for (const ExifBlock& block : out.exif) {
    inside(block.place.range);
    for (const ExifText& text : block.exif.texts) {
      if (block.place.direct) inside(text.place);
      text_bytes += text.text.size();
    }
  }
  for (const XmpBlock& block : out.xmp) {
    inside(block.place.range);
    for (const XmpProperty& property : block.xmp.properties) {
      if (block.place.direct) promise(property.offset_bytes < size);
      text_bytes += property.value.size();
    }
  }
  for (const IimBlock& block : out.iim) {
    inside(block.place.range);
    for (const IimDataset& dataset : block.iim.datasets) text_bytes += dataset.value.size();
  }
  for (const TextEntry& text : out.texts) {
    inside(text.place);
    text_bytes += text.text.size();
  }
  for (const Comment& comment : out.comments) {
    inside(comment.place);
    text_bytes += comment.text.size();
  }
  promise(text_bytes <= 2 * 65'536);  // UTF-16 may grow by half as UTF-8
  return 0;
}
