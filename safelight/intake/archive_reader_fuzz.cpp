/// Whatever the bytes: every begun member of an archive ends, within the limits, and errors stand
/// inside the input.
#include <cstdlib>

#include "safelight/intake/archive_reader.h"
#include "safelight/intake/internal/zip_local_header.h"

namespace {

using namespace safelight;

void require(bool condition) {
  if (!condition) std::abort();
}

class CheckingSink final : public MemberSink {
 public:
  explicit CheckingSink(const ArchiveOptions& options) : options_(options) {}

  MemberAction begin(const ArchiveMember& member) override {
    require(!open_);
    require(member.ordinal == members);
    require(member.name.size() <= options_.limits.max_name_bytes);
    require((member.zone == TimeZoneKnown::none) == !member.modified_ns.has_value());
    open_ = true;
    ++members;
    bytes_ = 0;
    return member.ordinal % 5 == 4 ? MemberAction::skip : MemberAction::read;
  }
  void data(std::span<const std::byte> bytes) override {
    require(open_ && !bytes.empty());
    bytes_ += bytes.size();
    total += bytes.size();
    require(bytes_ <= options_.limits.max_member_bytes);
  }
  void end(const ArchiveMember&, const Result<void>& result) override {
    require(open_);
    open_ = false;
    if (!result) ++failed;
  }
  [[nodiscard]] bool is_open() const { return open_; }

  uint64_t members = 0;
  uint64_t total = 0;
  uint64_t failed = 0;

 private:
  const ArchiveOptions& options_;
  bool open_ = false;
  uint64_t bytes_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const MemorySource source({bytes.begin(), bytes.end()});
  ArchiveOptions options;
  options.limits.max_archive_members = 50;
  options.limits.max_member_bytes = 100'000;
  options.limits.max_archive_bytes = 300'000;
  options.limits.max_name_bytes = 100;
  options.free_expansion_bytes = 200'000;
  options.passwords = {"one", "two"};
  CheckingSink sink(options);
  const auto summary = read_archive(source, options, sink);
  require(!sink.is_open());
  if (summary) {
    require(summary->members == sink.members);
    require(summary->failed_members == sink.failed);
    require(summary->members <= options.limits.max_archive_members);
    require(summary->expanded_bytes <= options.limits.max_archive_bytes);
    require(sink.total <= summary->expanded_bytes);
  } else {
    require(sink.members == 0);
  }
  const auto header = intake_internal::parse_zip_local_header(bytes, 0);
  if (header) require(header->name.size() <= size);
  return 0;
}
