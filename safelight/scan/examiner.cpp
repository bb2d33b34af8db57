#include "safelight/scan/examiner.h"

#include <algorithm>

#include "safelight/codec/still/webp/encode_webp.h"
#include "safelight/scan/internal/member_file.h"
#include "safelight/scan/internal/picture_job.h"
#include "safelight/scan/picture_examination.h"

namespace safelight::scan {
namespace {

constexpr size_t kScratchBytes = 256 << 10;

/// Of what has surfaces; lines would show what a lossy file leaves out.
constexpr float kWebpQuality = 80;

constexpr Error kBadRecord{ErrorCode::worker_crashed, "worker.bad-record"};

/// Turns the archive worker's records into members, digesting and keeping content as it comes.
class MemberAssembler final : public sandbox::ReplySink {
 public:
  MemberAssembler(Digester& digester, uint64_t max_member_bytes, ArchiveMemberSink& sink)
      : digester_(digester), max_member_bytes_(max_member_bytes), sink_(sink) {}

  Result<void> record(std::span<const std::byte> bytes,
                      std::optional<sandbox::MemoryFile>) override {
    const auto record = decode_archive_record(bytes);
    if (!record || ended_) return kBadRecord;
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
    if (member_) return kBadRecord;
    member_ = begin.member;
    any_member_ = true;
    content_ = MemberFile(max_member_bytes_);
    return {};
  }

  Result<void> take(const MemberPiece& piece) {
    if (!member_) return kBadRecord;
    digester_.update(piece.bytes);
    content_.append(piece.bytes);
    return {};
  }

  Result<void> take(const MemberEnd& end) {
    if (!member_) return kBadRecord;
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
    if (member_) return kBadRecord;
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

/// Keeps the one member that was asked for.
class OneMember final : public ArchiveMemberSink {
 public:
  explicit OneMember(uint64_t ordinal) : ordinal_(ordinal) {}

  bool member(const ArchiveMember& member, std::optional<Content> content,
              const std::optional<Error>& error) override {
    if (member.ordinal != ordinal_ || result_) {
      result_ = kBadRecord;
      return false;
    }
    if (error) {
      result_ = *error;
    } else if (!content) {
      result_ = Error{ErrorCode::not_found, "archive.member"};
    } else if (!content->file) {
      result_ = Error{ErrorCode::limit_exceeded, "max_member_bytes"};
    } else {
      result_ = MemberInMemory{std::move(*content->file), {content->digests, content->format}};
    }
    return true;
  }

  [[nodiscard]] bool has_come() const { return result_.has_value(); }
  [[nodiscard]] Result<MemberInMemory> take() && { return *std::move(result_); }

 private:
  uint64_t ordinal_;
  std::optional<Result<MemberInMemory>> result_;
};

}  // namespace

struct Examiner::State {
  explicit State(ExaminerOptions options) : workers(std::move(options)), scratch(kScratchBytes) {}

  Workers workers;
  Digester digester;
  std::vector<std::byte> scratch;
};

Examiner::Examiner(ExaminerOptions options) : state_(std::make_unique<State>(std::move(options))) {}
Examiner::Examiner(Examiner&&) noexcept = default;
Examiner::~Examiner() = default;

const Limits& Examiner::limits() const { return state_->workers.limits(); }

Result<DigestedFile> Examiner::digest(const ByteSource& source) {
  DigestedFile digested;
  const auto sniff_head = [&](std::span<const std::byte> head) {
    digested.format = codec::sniff(head.first(std::min(head.size(), codec::kSniffBytes)));
  };
  SAFELIGHT_TRY(digested.digests,
                safelight::digest(state_->digester, source, state_->scratch, sniff_head));
  return digested;
}

Result<Rendition> Examiner::rendition(const FileSource& file, const PicturePlace& place,
                                      const RenditionRequest& wanted) {
  const auto handling = codec::handling_of(place.format);
  if (handling != codec::Handling::still_worker && handling != codec::Handling::heif_worker)
    return Error{ErrorCode::unsupported, "rendition.format"};
  RenditionSink sink(wanted);
  SAFELIGHT_CHECK(state_->workers.rendition(file, place, wanted, sink));
  SAFELIGHT_CHECK(file.check_unchanged());
  Rendition shown;
  shown.media_type = codec::media_type(codec::Format::webp);
  shown.width = sink.picture->shape.width;
  shown.height = sink.picture->shape.height;
  shown.incomplete = sink.incomplete;
  SAFELIGHT_TRY(shown.file,
                wanted.style == RenditionStyle::drawing
                    ? codec::encode_lossless_webp(*sink.picture)
                    : codec::encode_webp(*sink.picture, kWebpQuality, codec::WebpEffort::quick));
  return shown;
}

ExaminedContents Examiner::examine(const FileSource& file, const DigestedFile& digested,
                                   const Asked& asked, const Known& known,
                                   const FileSource* store) {
  return PictureJob(*this, state_->workers, file, asked, known, store).run(digested);
}

Result<std::vector<PromptText>> Examiner::prompts(const FileSource& file,
                                                  const DigestedFile& digested,
                                                  const Asked& asked) {
  const auto handling = codec::handling_of(digested.format);
  if (handling == codec::Handling::still_worker || handling == codec::Handling::heif_worker) {
    PictureRequest request;
    request.format = digested.format;
    request.length_bytes = digested.digests.size_bytes;
    request.asked = asked;
    request.prompts = PromptTexts::wanted;
    request.limits = state_->workers.limits();
    PictureSink sink(size_t{request.limits.max_picture_members} + 1);
    const auto called = state_->workers.examine_picture(file, request, sink);
    if (!sink.records.empty()) return std::move(sink.records[0].evidence.prompts);
    if (!called) return called.error();
  }
  SAFELIGHT_TRY(auto evidence,
                state_->workers.examine_provenance(file, {0, digested.digests.size_bytes},
                                                   {.prompts = true}, nullptr));
  return std::move(evidence.prompts);
}

Result<FileSource> Examiner::pixels(const FileSource& file, const DigestedFile& digested) {
  return state_->workers.pixels(file, {0, digested.digests.size_bytes}, digested.format);
}

casefile::ExaminedContent Examiner::expand(const FileSource& file, const DigestedFile& digested,
                                           const Asked& asked, uint32_t depth,
                                           ArchiveMemberSink& sink) {
  casefile::ExaminedContent examined{content_of(digested.digests), {}};
  const Limits& limits = state_->workers.limits();
  if (depth >= limits.max_container_depth) {
    examined.examination = archive_examination(
        digested.format, asked, Error{ErrorCode::limit_exceeded, "max_container_depth"}, false);
    return examined;
  }
  Digester member_digester;
  MemberAssembler assembler(member_digester, limits.max_member_bytes, sink);
  const auto called = state_->workers.read_archive(file, depth, std::nullopt, assembler);
  std::optional<Error> error = assembler.incomplete();
  if (!called) {
    error = called.error();
    assembler.abandon(*error);
  }
  examined.examination = archive_examination(digested.format, asked, error, assembler.any_member());
  return examined;
}

Result<MemberInMemory> Examiner::archive_member(const FileSource& archive, uint64_t ordinal) {
  OneMember one(ordinal);
  Digester member_digester;
  MemberAssembler assembler(member_digester, state_->workers.limits().max_member_bytes, one);
  const auto called = state_->workers.read_archive(archive, 0, ordinal, assembler);
  if (one.has_come()) return std::move(one).take();
  if (!called) return called.error();
  return assembler.incomplete().value_or(Error{ErrorCode::not_found, "archive.member"});
}

std::vector<std::pair<std::string, sandbox::Report>> Examiner::confinement() {
  return state_->workers.confinement();
}

}  // namespace safelight::scan
