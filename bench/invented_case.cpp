// Makes a case of invented items, without evidence behind it: ordinary names, contents of no file.
// Usage: bench_invented_case FOLDER ITEMS

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "safelight/base/clock.h"
#include "safelight/casefile/writer.h"
#include "safelight/digest/sha256_stream.h"

namespace {

using namespace safelight;
using namespace safelight::casefile;

constexpr size_t kBatch = 5'000;
constexpr size_t kFolderItems = 200;
/// Every so many items there is one that has the bytes of the one before.
constexpr size_t kCopyEvery = 4;

class StandardError final : public LogSink {
 public:
  void log(Severity /*severity*/, std::string_view message) override {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(message.size()), message.data());
  }
};

ExaminedContent content_of(size_t number) {
  ExaminedContent out;
  const std::string name = "content " + std::to_string(number);
  const Sha256 sha256 = sha256_of(std::as_bytes(std::span(name)));
  out.content = {content_key(sha256), sha256, {}, {}, 20'000 + number * 7'919 % 9'000'000};
  out.examination.format = number % 3 == 0 ? "png" : "jpeg";
  out.examination.media_type = "image/" + out.examination.format;
  out.examination.width = 4'032;
  out.examination.height = 3'024;
  out.examination.coverage = Coverage::full;
  return out;
}

Item item_of(const std::string& source, size_t number, const ExaminedContent& content) {
  Item out;
  const std::string name = "Pictures/" + std::to_string(number / kFolderItems) + "/IMG_" +
                           std::to_string(number) + ".jpg";
  out.origin = {source, {{StepKind::directory_entry, 0, 0, name}}};
  out.id = {sha256_of(encode(out.origin))};
  out.content = content.content.key;
  out.size_bytes = content.content.size_bytes;
  out.times.modified =
      Timestamp{1'600'000'000'000'000'000 + static_cast<int64_t>(number) * 97'000'000'000,
                TimeZoneKnowledge::utc};
  out.coverage = Coverage::full;
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: bench_invented_case FOLDER ITEMS\n");
    return 2;
  }
  const size_t items = std::strtoull(argv[2], nullptr, 10);
  const SystemClock clock;
  StandardError log;
  auto writer = Writer::create(argv[1], random_case_id(), {}, clock, log);
  const std::string source = writer.add_source({SourceKind::folder, "/invented", "none", 1});
  ExaminedContent content;
  for (size_t from = 0; from < items; from += kBatch) {
    Batch batch;
    for (size_t number = from; number < std::min(from + kBatch, items); ++number) {
      if (number == from || number % kCopyEvery != 0) {
        content = content_of(number);
        batch.contents.push_back(content);
      }
      batch.items.push_back(item_of(source, number, content));
    }
    writer.commit(batch);
  }
  return 0;
}
