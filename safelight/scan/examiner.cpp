#include "safelight/scan/examiner.h"

#include <algorithm>
#include <array>

#include "safelight/sandbox/worker.h"
#include "safelight/scan/internal/member_file.h"
#include "safelight/scan/picture_examination.h"

namespace safelight::scan {
namespace {

constexpr size_t kScratchBytes = 256 << 10;
/// Wall clock that a worker may take for each byte of an archive, beyond Limits::item_timeout_ms.
constexpr uint64_t kArchiveBytesPerMs = 10'000;

constexpr std::array<std::string_view, 3> kWorkerPrograms = {
    "safelight-still-worker", "safelight-heif-worker", "safelight-archive-worker"};

/// Gathers a picture worker's records. Anything that is none ends the call.
class RecordSink final : public sandbox::ReplySink {
 public:
  explicit RecordSink(size_t max_records) : max_records_(max_records) {}

  Result<void> record(std::span<const std::byte> bytes,
                      std::optional<sandbox::MemoryFile>) override {
    if (records.size() >= max_records_)
      return Error{ErrorCode::worker_crashed, "worker.too-many-records"};
    auto record = decode_picture_record(bytes);
    const bool is_member = !records.empty();
    if (!record || record->member.has_value() != is_member) {
      return Error{ErrorCode::worker_crashed, "worker.bad-record"};
    }
    records.push_back(std::move(*record));
    return {};
  }

  std::vector<PictureRecord> records;

 private:
  size_t max_records_;
};

/// Turns the archive worker's records into members, digesting and keeping content as it comes.
class MemberAssembler final : public sandbox::ReplySink {
 public:
  MemberAssembler(Digester& digester, uint64_t max_member_bytes, ArchiveMemberSink& sink)
      : digester_(digester), max_member_bytes_(max_member_bytes), sink_(sink) {}

  Result<void> record(std::span<const std::byte> bytes,
                      std::optional<sandbox::MemoryFile>) override {
    const auto record = decode_archive_record(bytes);
    if (!record || ended_) return Error{ErrorCode::worker_crashed, "worker.bad-record"};
    return std::visit([this](const auto& part) { return take(part); }, *record);
  }

  /// Why the archive ended early, where the worker lived to say so.
  [[nodiscard]] const std::optional<Error>& incomplete() const { return incomplete_; }
  [[nodiscard]] bool any_member() const { return any_member_; }

  /// Reports the member that was being read when the worker died.
  void abandon(const Error& error) {
    if (!member_) return;
    digester_.reset();
    (void)sink_.member(*member_, std::nullopt, error);
    member_.reset();
  }

 private:
  Result<void> take(const MemberBegin& begin) {
    if (member_) return Error{ErrorCode::worker_crashed, "worker.bad-record"};
    member_ = begin.member;
    any_member_ = true;
    content_ = MemberFile(max_member_bytes_);
    return {};
  }

  Result<void> take(const MemberPiece& piece) {
    if (!member_) return Error{ErrorCode::worker_crashed, "worker.bad-record"};
    digester_.update(piece.bytes);
    content_.append(piece.bytes);
    return {};
  }

  Result<void> take(const MemberEnd& end) {
    if (!member_) return Error{ErrorCode::worker_crashed, "worker.bad-record"};
    const ArchiveMember member = *std::move(member_);
    member_.reset();
    std::optional<ArchiveMemberSink::Content> content;
    if (end.error || member.kind != MemberKind::file) {
      digester_.reset();
    } else {
      content.emplace();
      content->digests = digester_.finish();
      content->format = codec::sniff(content_.head());
      content->file = std::move(content_).seal();
    }
    if (!sink_.member(member, std::move(content), end.error))
      return Error{ErrorCode::timed_out, kStopped};
    return {};
  }

  Result<void> take(const ArchiveEnd& end) {
    if (member_) return Error{ErrorCode::worker_crashed, "worker.bad-record"};
    ended_ = true;
    incomplete_ = end.incomplete;
    return {};
  }

 public:
  static constexpr std::string_view kStopped = "scan.stopped";

 private:
  Digester& digester_;
  uint64_t max_member_bytes_;
  ArchiveMemberSink& sink_;
  std::optional<ArchiveMember> member_;
  MemberFile content_{0};
  std::optional<Error> incomplete_;
  bool any_member_ = false;
  bool ended_ = false;
};

}  // namespace

struct Examiner::State {
  explicit State(ExaminerOptions given) : options(std::move(given)), scratch(kScratchBytes) {}

  sandbox::Worker& worker(std::optional<sandbox::Worker>& slot, std::string_view program) {
    if (!slot) {
      sandbox::Policy policy;
      policy.degraded = options.degraded;
      policy.memory_bytes = options.limits.max_decode_memory_bytes + (300u << 20);
      slot = sandbox::Worker::start(options.worker_folder / program, policy);
    }
    return *slot;
  }

  sandbox::Worker& picture_worker(codec::Format format) {
    return codec::handling_of(format) == codec::Handling::heif_worker
               ? worker(heif, kWorkerPrograms[1])
               : worker(still, kWorkerPrograms[0]);
  }

  sandbox::Worker& archive_worker(uint32_t depth) {
    if (archive.size() <= depth) archive.resize(depth + 1);
    return worker(archive[depth], kWorkerPrograms[2]);
  }

  ExaminerOptions options;
  Digester digester;
  std::vector<std::byte> scratch;
  std::optional<sandbox::Worker> still;
  std::optional<sandbox::Worker> heif;
  /// One for each depth: an archive inside another is read while the outer one waits.
  std::vector<std::optional<sandbox::Worker>> archive;
};

Examiner::Examiner(ExaminerOptions options) : state_(std::make_unique<State>(std::move(options))) {}
Examiner::Examiner(Examiner&&) noexcept = default;
Examiner::~Examiner() = default;

Result<DigestedFile> Examiner::digest(const ByteSource& source) {
  DigestedFile digested;
  const auto sniff_head = [&](std::span<const std::byte> head) {
    digested.format = codec::sniff(head.first(std::min(head.size(), codec::kSniffBytes)));
  };
  SAFELIGHT_TRY(digested.digests,
                safelight::digest(state_->digester, source, state_->scratch, sniff_head));
  return digested;
}

namespace {

casefile::Content content_of(const DigestSet& digests) {
  return {casefile::content_key(digests.sha256), digests.sha256, digests.sha1, digests.md5,
          digests.size_bytes};
}

/// One examination under way: what every step of it needs.
class PictureJob {
 public:
  PictureJob(Examiner& examiner, const ExaminerOptions& options, const FileSource& file,
             const Examiner::IsKnown& is_known,
             const std::function<sandbox::Worker&(codec::Format)>& worker_for)
      : examiner_(examiner),
        options_(options),
        file_(file),
        is_known_(is_known),
        worker_for_(worker_for) {}

  ExaminedContents take() && { return std::move(contents_); }

  /// Adds what stands at that place in the file, its further stills before it.
  void add(const DigestedFile& digested, uint64_t offset_bytes, uint32_t depth) {
    const auto handling = codec::handling_of(digested.format);
    casefile::ExaminedContent examined{content_of(digested.digests), {}};
    if (handling == codec::Handling::still_worker || handling == codec::Handling::heif_worker) {
      examined.examination = picture(digested, offset_bytes, depth);
    } else {
      examined.examination = unopened_examination(digested.format, options_.modes);
    }
    contents_.push_back(std::move(examined));
  }

 private:
  casefile::Examination picture(const DigestedFile& digested, uint64_t offset_bytes,
                                uint32_t depth) {
    PictureRequest request;
    request.format = digested.format;
    request.offset_bytes = offset_bytes;
    request.length_bytes = digested.digests.size_bytes;
    request.modes = options_.modes;
    request.limits = options_.limits;
    const auto message = encode(request);
    const int descriptor = file_.descriptor();
    RecordSink sink(size_t{options_.limits.max_picture_members} + 1);
    const auto called =
        worker_for_(request.format)
            .call({.message = message, .descriptors = std::span(&descriptor, 1), .sources = {}},
                  sink, options_.limits.item_timeout_ms);
    if (sink.records.empty()) {
      const Error error =
          called ? Error{ErrorCode::worker_crashed, "worker.no-record"} : called.error();
      return failed_examination(request.format, options_.modes, error);
    }
    casefile::Examination examination =
        picture_examination(request.format, request, sink.records[0]);
    if (!called) {
      // The worker died among the further stills: those that it did not come to are not examined.
      examination.coverage = std::max(examination.coverage, Coverage::partial);
      if (!examination.error) examination.error = casefile::stored(called.error());
      examination.findings.push_back(
          coverage_finding(Coverage::partial, "further stills", called.error()));
    }
    for (size_t i = 1; i < sink.records.size(); ++i) {
      add_member(examination, digested.digests.sha256, request, sink.records[i], depth);
    }
    return examination;
  }

  void add_member(casefile::Examination& examination, const Sha256& file_sha256,
                  const PictureRequest& request, const PictureRecord& record, uint32_t depth) {
    const codec::Member& member = *record.member;
    if (member.length_bytes == 0) {
      const auto key = casefile::member_key(file_sha256, member.index);
      examination.members.push_back({member_step(member), key});
      contents_.push_back(
          {{key, {}, {}, {}, {}}, picture_examination(request.format, request, record)});
      return;
    }
    // The worker's word for where the member stands is checked by SubSource, which cuts it to the
    // file.
    const SubSource part(file_, request.offset_bytes + member.offset_bytes, member.length_bytes);
    const auto digested = examiner_.digest(part);
    if (!digested) {
      examination.coverage = std::max(examination.coverage, Coverage::partial);
      examination.findings.push_back(
          coverage_finding(Coverage::partial, member_step(member).name, digested.error()));
      return;
    }
    const auto key = casefile::content_key(digested->digests.sha256);
    if (key == casefile::content_key(file_sha256))
      return;  // The whole file is no member of itself.
    examination.members.push_back({member_step(member), key});
    if (is_known_(key) || already_here(key)) return;
    if (depth + 1 >= options_.limits.max_container_depth) {
      const Error too_deep{ErrorCode::limit_exceeded, "max_container_depth"};
      contents_.push_back({content_of(digested->digests),
                           failed_examination(digested->format, options_.modes, too_deep)});
      return;
    }
    add(*digested, request.offset_bytes + member.offset_bytes, depth + 1);
  }

  [[nodiscard]] bool already_here(const casefile::ContentKey& key) const {
    return std::any_of(
        contents_.begin(), contents_.end(),
        [&](const casefile::ExaminedContent& examined) { return examined.content.key == key; });
  }

  Examiner& examiner_;
  const ExaminerOptions& options_;
  const FileSource& file_;
  const Examiner::IsKnown& is_known_;
  const std::function<sandbox::Worker&(codec::Format)>& worker_for_;
  ExaminedContents contents_;
};

}  // namespace

ExaminedContents Examiner::examine(const FileSource& file, const DigestedFile& digested,
                                   const IsKnown& is_known) {
  const std::function<sandbox::Worker&(codec::Format)> worker_for =
      [this](codec::Format format) -> sandbox::Worker& { return state_->picture_worker(format); };
  PictureJob job(*this, state_->options, file, is_known, worker_for);
  job.add(digested, 0, 0);
  return std::move(job).take();
}

casefile::ExaminedContent Examiner::expand(const FileSource& file, const DigestedFile& digested,
                                           uint32_t depth, ArchiveMemberSink& sink) {
  casefile::ExaminedContent examined{content_of(digested.digests), {}};
  const Limits& limits = state_->options.limits;
  if (depth >= limits.max_container_depth) {
    examined.examination =
        archive_examination(digested.format, state_->options.modes,
                            Error{ErrorCode::limit_exceeded, "max_container_depth"}, false);
    return examined;
  }
  ArchiveOptions options;
  options.limits = limits;
  options.passwords = state_->options.passwords;
  const auto message = encode(options);
  const int descriptor = file.descriptor();
  Digester member_digester;
  MemberAssembler assembler(member_digester, limits.max_member_bytes, sink);
  const uint64_t timeout_ms = std::min<uint64_t>(
      limits.item_timeout_ms + file.size_bytes() / kArchiveBytesPerMs, UINT32_MAX);
  const auto called = state_->archive_worker(depth).call(
      {.message = message, .descriptors = std::span(&descriptor, 1), .sources = {}}, assembler,
      static_cast<uint32_t>(timeout_ms));
  std::optional<Error> error = assembler.incomplete();
  if (!called) {
    error = called.error();
    assembler.abandon(*error);
  }
  examined.examination =
      archive_examination(digested.format, state_->options.modes, error, assembler.any_member());
  return examined;
}

std::vector<std::pair<std::string, sandbox::Report>> Examiner::confinement() {
  std::vector<std::pair<std::string, sandbox::Report>> reports;
  reports.emplace_back(kWorkerPrograms[0], state_->picture_worker(codec::Format::jpeg).report());
  reports.emplace_back(kWorkerPrograms[1], state_->picture_worker(codec::Format::heif).report());
  reports.emplace_back(kWorkerPrograms[2], state_->archive_worker(0).report());
  return reports;
}

}  // namespace safelight::scan
