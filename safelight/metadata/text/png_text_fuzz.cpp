#include <cstdint>

#include "safelight/metadata/promises_for_test.h"
#include "safelight/metadata/text/png_text.h"

using namespace safelight::metadata;

/// Any bytes as a file, and as one chunk of each kind: texts lie in their chunks, stay within the
/// limit, and one that is not whole leaves a note.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  const MetadataLimits limits{.max_png_texts = 8, .max_text_bytes = 4096};
  PngChunks chunks = png_chunks(file, limits);
  if (size % 2 == 0) {
    chunks.chunks = {{"tEXt", 0, {0, size}}, {"zTXt", 0, {0, size}}, {"iTXt", 0, {0, size}}};
  }
  const PngTexts out = read_png_texts(file, chunks, limits);
  promise(out.texts.size() <= 8);
  size_t text_bytes = 0;
  bool whole = true;
  for (const PngText& text : out.texts) {
    promise(text.place.offset_bytes <= text.stored.offset_bytes);
    promise(text.stored.end_bytes() == text.place.end_bytes() && text.place.end_bytes() <= size);
    promise(text.keyword.size() <= kMaxPngKeywordBytes);
    text_bytes += text.text.size();
    whole = whole && text.whole;
    const auto profile = decode_raw_profile(text.text);
    promise(!profile || profile->size() <= text.text.size() / 2);
  }
  promise(text_bytes <= 4096);
  promise(whole || !out.damage.empty());
  return 0;
}
