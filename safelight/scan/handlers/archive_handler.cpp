#include "safelight/scan/handlers/archive_handler.h"

#include <algorithm>

#include "safelight/bytes/file.h"
#include "safelight/scan/messages/archive_message.h"

namespace safelight::scan {
namespace {

/// Sends what read_archive() yields, content gathered into pieces of the largest size.
class SendingSink final : public MemberSink {
 public:
  SendingSink(sandbox::ReplyWriter& reply, std::optional<uint64_t> only_ordinal)
      : reply_(reply), only_ordinal_(only_ordinal) {
    gathered_.reserve(kMaxPieceBytes);
  }

  MemberAction begin(const ArchiveMember& member) override {
    if (only_ordinal_ && member.ordinal > *only_ordinal_) return MemberAction::stop;
    if (!is_wanted(member)) return MemberAction::skip;
    send(MemberBegin{member});
    if (failure_) return MemberAction::stop;
    return member.kind == MemberKind::file ? MemberAction::read : MemberAction::skip;
  }

  void data(std::span<const std::byte> bytes) override {
    while (!bytes.empty()) {
      const size_t count = std::min(bytes.size(), kMaxPieceBytes - gathered_.size());
      gathered_.insert(gathered_.end(), bytes.begin(),
                       bytes.begin() + static_cast<ptrdiff_t>(count));
      bytes = bytes.subspan(count);
      if (gathered_.size() == kMaxPieceBytes) flush();
    }
  }

  void end(const ArchiveMember& member, const Result<void>& result) override {
    if (!is_wanted(member)) return;
    flush();
    send(MemberEnd{result ? std::nullopt : std::optional(result.error())});
  }

  void send(const ArchiveRecord& record) {
    if (const auto sent = reply_.record(encode(record)); !sent && !failure_)
      failure_ = sent.error();
  }

  /// Why a record could not be sent, if one could not.
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

 private:
  [[nodiscard]] bool is_wanted(const ArchiveMember& member) const {
    return !only_ordinal_ || member.ordinal == *only_ordinal_;
  }

  void flush() {
    if (gathered_.empty()) return;
    send(MemberPiece{gathered_});
    gathered_.clear();
  }

  sandbox::ReplyWriter& reply_;
  std::optional<uint64_t> only_ordinal_;
  std::vector<std::byte> gathered_;
  std::optional<Error> failure_;
};

}  // namespace

void ArchiveHandler::prepare() { prepare_archive_reading(); }

Result<void> ArchiveHandler::handle(sandbox::IncomingRequest& request,
                                    sandbox::ReplyWriter& reply) {
  if (request.descriptors.size() != 1)
    return Error{ErrorCode::malformed, "archive-request.descriptors"};
  SAFELIGHT_TRY(const auto wanted, decode_archive_request(request.message));
  SAFELIGHT_TRY(const auto source, FileSource::from_descriptor(std::move(request.descriptors[0])));
  SendingSink sink(reply, wanted.only_ordinal);
  SAFELIGHT_TRY(const auto summary, read_archive(source, wanted.options, sink));
  sink.send(ArchiveEnd{summary.format, summary.incomplete});
  if (sink.failure()) return *sink.failure();
  return {};
}

}  // namespace safelight::scan
