// What it costs to show a picture: CPU time of decoding and covering it in this thread, and wall
// time of Examiner::rendition() through its worker, all kinds of a run interleaved, medians and
// quartiles in milliseconds.
//
//   bench_renditions WORKER_FOLDER [FILE...]
//
// Takes a synthetic picture of 4000 x 3000 pixels as JPEG of two qualities, 4:2:0, one of them
// progressive too, and as PNG, or the files that are named. "whole" decodes every pixel, keeps them
// all and has render() reduce them; "means" keeps a reduced picture instead (ReducingSink);
// "scaled" has the decoder make a smaller picture where it can, as a worker does.
#include <algorithm>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <string>
#include <time.h>
#include <vector>

#include "safelight/codec/still/jpeg/jpeg_encode_for_test.h"
#include "safelight/codec/still/png/png_encode_for_test.h"
#include "safelight/codec/still/still.h"
#include "safelight/picture/whole_picture.h"
#include "safelight/renditions/reducing_sink.h"
#include "safelight/sandbox/memory_file.h"
#include "safelight/scan/examiner.h"

namespace {

using namespace safelight;

constexpr int kRuns = 15;

using File = std::vector<std::byte>;

double now_ms(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

struct Times {
  const char* name;
  clockid_t clock;
  std::vector<double> ms;

  template <typename Work>
  void add(const Work& work) {
    const double start = now_ms(clock);
    work();
    ms.push_back(now_ms(clock) - start);
  }
  void print() {
    std::sort(ms.begin(), ms.end());
    std::printf("    %-22s %7.1f  (%.1f to %.1f)\n", name, ms[ms.size() / 2], ms[ms.size() / 4],
                ms[ms.size() * 3 / 4]);
  }
};

codec::Format format_of(const File& file) {
  return codec::sniff(std::span(file).first(std::min(file.size(), codec::kSniffBytes)));
}

void decode(const File& file, RowSink& rows, uint32_t enough_side_pixels) {
  codec::DecodeRequest request;
  request.nearest = false;
  request.rows = &rows;
  request.enough_side_pixels = enough_side_pixels;
  if (!codec::decode_still(format_of(file), file, std::nullopt, request)) std::abort();
}

void measure(scan::Examiner& examiner, const std::string& name, const File& file,
             const scan::RenditionRequest& wanted) {
  const uint32_t enough = 2 * longest_side(wanted.style, wanted.max_side);
  const auto memory = sandbox::MemoryFile::copy_of(file);
  const auto source = FileSource::from_descriptor(Descriptor(::dup(memory.descriptor())));
  const scan::PicturePlace place{{0, file.size()}, format_of(file), std::nullopt};
  Times whole{"whole, CPU", CLOCK_THREAD_CPUTIME_ID, {}};
  Times means{"means, CPU", CLOCK_THREAD_CPUTIME_ID, {}};
  Times scaled{"scaled, CPU", CLOCK_THREAD_CPUTIME_ID, {}};
  Times covering{"of it covering, CPU", CLOCK_THREAD_CPUTIME_ID, {}};
  Times through{"through worker, wall", CLOCK_MONOTONIC, {}};
  size_t file_bytes = 0;
  for (int run = 0; run < kRuns; ++run) {
    whole.add([&] {
      WholePictureSink sink;
      decode(file, sink, 0);
      (void)render(sink.picture, 1, wanted.style, wanted.max_side);
    });
    means.add([&] {
      ReducingSink sink(enough);
      decode(file, sink, 0);
      (void)render(std::move(sink).take(), 1, wanted.style, wanted.max_side);
    });
    Picture kept;
    scaled.add([&] {
      ReducingSink sink(enough);
      decode(file, sink, enough);
      kept = std::move(sink).take();
      (void)render(kept, 1, wanted.style, wanted.max_side);
    });
    covering.add([&] { (void)render(kept, 1, wanted.style, wanted.max_side); });
    through.add([&] {
      const auto shown = examiner.rendition(*source, place, wanted);
      if (!shown) std::abort();
      file_bytes = shown->file.size();
    });
  }
  std::printf("  %s, %zu bytes, %s at %u: %zu bytes\n", name.c_str(), file.size(),
              std::string(to_text(wanted.style)).c_str(), wanted.max_side, file_bytes);
  for (Times* times : {&whole, &means, &scaled, &covering, &through}) times->print();
}

std::vector<std::pair<std::string, File>> synthetic_files() {
  codec::EncodeOptions options{.width = 4'000, .height = 3'000, .quality = 88};
  std::vector<std::pair<std::string, File>> files;
  const auto samples = codec::test_samples(codec::Content::natural, options, 1);
  files.emplace_back("JPEG, quality 88", codec::encode_jpeg(samples, options));
  options.progressive = true;
  files.emplace_back("JPEG, quality 88, progressive", codec::encode_jpeg(samples, options));
  options.progressive = false;
  options.quality = 75;
  files.emplace_back("JPEG, quality 75", codec::encode_jpeg(samples, options));
  files.emplace_back("PNG", codec::encode_png({.width = 4'000, .height = 3'000, .rows = samples}));
  return files;
}

File read_file(const char* path) {
  std::ifstream in(path, std::ios::binary);
  const std::vector<char> text{std::istreambuf_iterator<char>(in), {}};
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_renditions WORKER_FOLDER [FILE...]\n");
    return 2;
  }
  scan::ExaminerOptions options;
  options.worker_folder = argv[1];
  options.degraded = sandbox::Degraded::allow;
  scan::Examiner examiner(options);
  std::vector<std::pair<std::string, File>> files;
  for (int i = 2; i < argc; ++i) files.emplace_back(argv[i], read_file(argv[i]));
  if (files.empty()) files = synthetic_files();
  for (const auto& [name, file] : files) {
    measure(examiner, name, file, {RenditionStyle::drawing, kCoveredSide});
    measure(examiner, name, file, {RenditionStyle::colour, kCoveredSide});
    measure(examiner, name, file, {RenditionStyle::colour, 1'600});
  }
}
