#include <benchmark/benchmark.h>
#include <cstring>
#include <random>
#include <stdexcept>

#include "safelight/metadata/bytes_for_test.h"
#include "safelight/metadata/exif/exif_for_test.h"
#include "safelight/metadata/read_metadata.h"

/// Figures belong with machine, compiler and commit. `touch` is the floor: one pass of memchr over
/// the same bytes, for a marker's first byte.
namespace safelight::metadata {
namespace {

using namespace std::string_literals;

/// A photograph's file of `megabytes`: EXIF, XMP, and coded data in which every 256th byte is 0xff
/// with a stuffed zero, as in noise.
std::string photograph(size_t megabytes) {
  std::mt19937_64 random(7);
  std::string coded;
  while (coded.size() < megabytes << 20) {
    coded += static_cast<char>(random());
    if (coded.back() == '\xff') coded += '\0';
  }
  std::string properties;
  for (int i = 0; i < 100; ++i)
    properties += "<dc:p" + std::to_string(i) + ">value</dc:p" + std::to_string(i) + ">";
  const std::string xmp =
      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
      "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description "
      "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">" +
      properties + "</rdf:Description></rdf:RDF></x:xmpmeta>";
  return jpeg_file(jpeg_segment(0xe1, "Exif\0\0"s + sample_exif().build()) +
                       jpeg_segment(0xe1, "http://ns.adobe.com/xap/1.0/\0"s + xmp),
                   coded);
}

void touch(benchmark::State& state) {
  const std::string file = photograph(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    size_t found = 0;
    const char* end = file.data() + file.size();
    for (const char* at = file.data(); at < end; ++at, ++found) {
      at = static_cast<const char*>(memchr(at, 0xff, static_cast<size_t>(end - at)));
      if (at == nullptr) break;
    }
    benchmark::DoNotOptimize(found);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(file.size()));
}
BENCHMARK(touch)->Arg(3)->Unit(benchmark::kMicrosecond);

void jpeg(benchmark::State& state) {
  const std::string file = photograph(static_cast<size_t>(state.range(0)));
  const Metadata once = read_metadata(bytes_of(file), {});
  if (once.exif.size() != 1 || once.xmp.at(0).xmp.properties.size() != 100 || !once.damage.empty())
    throw std::logic_error("the answer is wrong");
  for (auto _ : state) benchmark::DoNotOptimize(read_metadata(bytes_of(file), {}));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(file.size()));
}
BENCHMARK(jpeg)->Arg(3)->Arg(12)->Unit(benchmark::kMicrosecond);

/// What hostile files cost: a bomb of text, a packet of many attributes, directories that share
/// one text.
void png_bomb(benchmark::State& state) {
  const std::string file =
      png_file(png_chunk("zTXt", "bomb\0\0"s + deflated(std::string(256 << 20, 'x'))));
  for (auto _ : state) benchmark::DoNotOptimize(read_metadata(bytes_of(file), {}));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(file.size()));
}
BENCHMARK(png_bomb)->Unit(benchmark::kMillisecond);

void xmp_attributes(benchmark::State& state) {
  std::string text = "<r xmlns:q=\"" + std::string(1 << 20, 'u') + "\"";
  for (int i = 0; i < 500'000; ++i) text += " q:a" + std::to_string(i) + "=\"\"";
  for (auto _ : state) benchmark::DoNotOptimize(read_xmp(bytes_of(text + "/>"), {}));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
}
BENCHMARK(xmp_attributes)->Unit(benchmark::kMillisecond);

void exif_shared_text(benchmark::State& state) {
  TestExif exif;
  exif.main = {exif.text(0x010f, std::string(10 << 20, 'x'))};
  for (uint16_t i = 0; i < 4000; ++i) {
    exif.main.push_back({static_cast<uint16_t>(0x1000 + i), 2, 10 << 20, be(50'000, 4)});
  }
  const std::string file = exif.build();
  for (auto _ : state) benchmark::DoNotOptimize(read_metadata(bytes_of(file), {}));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(file.size()));
}
BENCHMARK(exif_shared_text)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace safelight::metadata
