#include "safelight/scan/open_item.h"

#include <algorithm>
#include <optional>

#include "safelight/digest/sha256_stream.h"
#include "safelight/intake/folder_walk.h"

namespace safelight::scan {
namespace {

constexpr size_t kBufferBytes = 256 << 10;
constexpr Error kBadOrigin{ErrorCode::malformed, "item.origin"};

/// What some bytes are.
struct Identified {
  Sha256 sha256;
  codec::Format format = codec::Format::unknown;
};

/// Reads all of `source` once. Errors: as ByteSource::read_at().
Result<Identified> identify(const ByteSource& source) {
  Identified identified;
  Sha256Stream stream;
  std::vector<std::byte> buffer(kBufferBytes);
  for (uint64_t offset = 0; offset < source.size_bytes() || offset == 0;) {
    SAFELIGHT_TRY(const size_t count, source.read_at(offset, buffer));
    const auto bytes = std::span(buffer).first(count);
    if (offset == 0)
      identified.format = codec::sniff(bytes.first(std::min(count, codec::kSniffBytes)));
    stream.update(bytes);
    if (count == 0) break;
    offset += count;
  }
  identified.sha256 = stream.finish();
  return identified;
}

/// Walks the steps of one origin.
class Opening {
 public:
  Opening(Examiner& examiner, const casefile::Reader& reader, const casefile::Item& item,
          const OpenUpload& open_upload)
      : examiner_(examiner), reader_(reader), item_(item), open_upload_(open_upload) {}

  Result<OpenedItem> run() {
    const auto& steps = item_.origin.steps;
    if (!item_.content) return Error{ErrorCode::not_found, "item.content"};
    if (steps.empty() || steps[0].kind != StepKind::directory_entry) return kBadOrigin;
    SAFELIGHT_TRY(OpenedItem opened, open_file(steps[0].name));
    for (size_t i = 1; i < steps.size(); ++i) {
      if (opened.picture.member) return kBadOrigin;  // A still has nothing in it.
      SAFELIGHT_CHECK(steps[i].kind == StepKind::archive_member ? into_archive(i, opened)
                                                                : into_picture(i, opened));
    }
    if (!known_) {
      const SubSource part(opened.file, opened.picture.extent.offset_bytes,
                           opened.picture.extent.length_bytes);
      SAFELIGHT_TRY(known_, identify(part));
      SAFELIGHT_CHECK(opened.file.check_unchanged());
    }
    const Identified& found = *known_;
    const casefile::ContentKey key =
        opened.picture.member ? casefile::member_key(found.sha256, *opened.picture.member)
                              : casefile::content_key(found.sha256);
    if (key != *item_.content) return Error{ErrorCode::changed, "item.digest"};
    opened.sha256 = found.sha256;
    opened.picture.format = found.format;
    return opened;
  }

 private:
  Result<OpenedItem> open_file(std::string_view path) {
    const auto sources = reader_.sources();
    const auto source = std::find_if(sources.begin(), sources.end(), [&](const auto& each) {
      return each.source_id == item_.origin.source_id;
    });
    if (source == sources.end()) return Error{ErrorCode::not_found, "item.source"};
    if (source->description.kind == casefile::SourceKind::uploads) {
      if (!open_upload_) return Error{ErrorCode::unsupported, "item.upload"};
      SAFELIGHT_TRY(FileSource upload, open_upload_(path));
      return whole(std::move(upload));
    }
    auto file = open_below(source->description.given_path, path);
    if (!file) {
      // It was a regular file when it was scanned.
      if (file.error().code != ErrorCode::unsupported) return file.error();
      return Error{ErrorCode::changed, file.error().rule};
    }
    return whole(std::move(*file));
  }

  static OpenedItem whole(FileSource file) {
    const Extent all{0, file.size_bytes()};
    return {std::move(file), {all, codec::Format::unknown, std::nullopt}, {}};
  }

  Result<void> into_archive(size_t step, OpenedItem& opened) {
    const Extent& extent = opened.picture.extent;
    if (extent.offset_bytes != 0 || extent.length_bytes != opened.file.size_bytes())
      return kBadOrigin;
    if (archives_++ >= examiner_.limits().max_container_depth)
      return Error{ErrorCode::limit_exceeded, "max_container_depth"};
    auto member = examiner_.archive_member(opened.file, item_.origin.steps[step].ordinal);
    if (!member) return why_not(step, opened.file, member.error());
    opened = whole(std::move(member->file));
    known_ = {member->digested.digests.sha256, member->digested.format};
    return {};
  }

  /// The reason in terms of the case: whatever an archive does that is not the one that was scanned
  /// says only that.
  Error why_not(size_t step, const FileSource& archive, const Error& error) const {
    const auto stored = content_before(step);
    const auto found = identify(archive);
    if (!found) return found.error();
    const bool is_another = stored && stored->content.key != casefile::content_key(found->sha256);
    return is_another ? Error{ErrorCode::changed, "item.archive-digest"} : error;
  }

  Result<void> into_picture(size_t step, OpenedItem& opened) {
    const OriginStep& to = item_.origin.steps[step];
    if (to.kind != StepKind::embedded_picture) return kBadOrigin;
    const bool is_last = step + 1 == item_.origin.steps.size();
    const auto stored = is_last ? reader_.find_content(*item_.content) : content_before(step + 1);
    if (!stored) return Error{ErrorCode::not_found, "item.content"};
    if (!stored->content.size_bytes) {
      if (to.ordinal > UINT32_MAX) return kBadOrigin;
      opened.picture.member = static_cast<uint32_t>(to.ordinal);
      return {};
    }
    Extent& extent = opened.picture.extent;
    const uint64_t size_bytes = *stored->content.size_bytes;
    if (to.offset_bytes > extent.length_bytes || size_bytes > extent.length_bytes - to.offset_bytes)
      return Error{ErrorCode::changed, "item.extent"};
    extent = {extent.offset_bytes + to.offset_bytes, size_bytes};
    known_.reset();
    return {};
  }

  /// What the case knows of the content that the first `steps` steps lead to.
  [[nodiscard]] std::optional<casefile::StoredContent> content_before(size_t steps) const {
    Origin origin = item_.origin;
    origin.steps.resize(steps);
    const auto stored = reader_.find_item({sha256_of(encode(origin))});
    if (!stored || !stored->item.content) return std::nullopt;
    return reader_.find_content(*stored->item.content);
  }

  Examiner& examiner_;
  const casefile::Reader& reader_;
  const casefile::Item& item_;
  const OpenUpload& open_upload_;
  uint32_t archives_ = 0;
  std::optional<Identified> known_;  ///< What was found in a member as it came.
};

}  // namespace

Result<OpenedItem> open_item(Examiner& examiner, const casefile::Reader& reader,
                             const casefile::Item& item, const OpenUpload& open_upload) {
  return Opening(examiner, reader, item, open_upload).run();
}

}  // namespace safelight::scan
