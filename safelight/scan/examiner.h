#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "safelight/base/limits.h"
#include "safelight/bytes/file.h"
#include "safelight/casefile/writer.h"
#include "safelight/codec/format.h"
#include "safelight/digest/digester.h"
#include "safelight/sandbox/policy.h"
#include "safelight/sandbox/report.h"
#include "safelight/scan/credential_check.h"
#include "safelight/scan/estimates.h"
#include "safelight/scan/messages/archive_message.h"
#include "safelight/scan/messages/picture_message.h"

namespace safelight::scan {

/// What an Examiner needs to know.
struct ExaminerOptions {
  std::filesystem::path worker_folder;  ///< Where the worker programs lie.
  Limits limits;
  std::vector<std::string> passwords;  ///< For encrypted archives.
  /// How Content Credentials are judged, for all examiners of a run.
  std::shared_ptr<const CredentialCheck> credentials;
  sandbox::Degraded degraded = sandbox::Degraded::refuse;
  /// Where pixels are asked for, what detectors say of them; null: they are not asked.
  std::shared_ptr<const EstimateOptions> estimates;
};

/// The three digests of a file, and what its first bytes say it is.
struct DigestedFile {
  DigestSet digests;
  codec::Format format = codec::Format::unknown;
};

/// A part of a file.
struct Extent {
  uint64_t offset_bytes = 0;
  uint64_t length_bytes = 0;
};

/// One still in a file that is open.
struct PicturePlace {
  Extent extent;  ///< The picture file: all of the open file, or a picture embedded in it.
  codec::Format format = codec::Format::unknown;  ///< Of the picture file.
  std::optional<uint32_t> member;  ///< The still in it: a codec::Member::index without bytes of its
                                   ///< own, or nothing for its main picture.
};

/// What a reviewer is shown of a picture.
struct Rendition {
  std::vector<std::byte> file;  ///< An image file, encoded here from samples alone.
  std::string_view media_type;  ///< Of it.
  uint32_t width = 0;
  uint32_t height = 0;
  std::optional<Error> incomplete;  ///< Why part of the picture is missing, where part of it is.
};

/// A picture file as examined: the contents of its further stills first, its own last.
using ExaminedContents = std::vector<casefile::ExaminedContent>;

/// A file out of an archive.
struct MemberInMemory {
  FileSource file;
  DigestedFile digested;
};

/// Receives an archive's members. Content arrives in a descriptor of its own; where it is larger
/// than Limits::max_member_bytes there are only its digests.
class ArchiveMemberSink {
 public:
  struct Content {
    DigestSet digests;
    codec::Format format = codec::Format::unknown;
    std::optional<FileSource> file;  ///< Nothing where it is too large to be examined.
  };
  virtual ~ArchiveMemberSink() = default;
  /// `content` is nothing for what is no file, and where not all of it could be read: `error` says
  /// why. Gives false to end the reading of the archive.
  virtual bool member(const ArchiveMember& member, std::optional<Content> content,
                      const std::optional<Error>& error) = 0;
};

/// Digests what it is given and has it examined in confined workers, which it starts when they are
/// first needed. One a thread.
class Examiner {
 public:
  explicit Examiner(ExaminerOptions options);
  Examiner(Examiner&&) noexcept;
  ~Examiner();

  [[nodiscard]] const Limits& limits() const;

  /// Reads `source` once. Errors: unreadable, changed.
  Result<DigestedFile> digest(const ByteSource& source);

  /// Gives the examination of a content that was examined already, so that a further still need not
  /// be; nothing for any other.
  using Known =
      std::function<std::shared_ptr<const casefile::Examination>(const casefile::ContentKey&)>;

  /// A still as it is shown. A worker that was taken over can make it show anything, in the style
  /// and size that were asked for, and nothing else. Errors: unsupported, "rendition.format", for
  /// what no worker decodes; those of decoding where nothing could be decoded; those of the worker;
  /// changed, where the file did meanwhile. Throws Fault where a worker cannot be started.
  Result<Rendition> rendition(const FileSource& file, const PicturePlace& place,
                              const RenditionRequest& wanted);

  /// What can be said of a file that is no archive. `store` is a C2PA manifest store that was kept
  /// beside it, where there is one. Never fails: what could not be examined is a finding. Throws
  /// Fault where a worker cannot be started.
  ExaminedContents examine(const FileSource& file, const DigestedFile& digested, const Asked& asked,
                           const Known& known, const FileSource* store = nullptr);

  /// The texts of the prompts whose digests the findings of examine() give. Errors: those of the
  /// worker. Throws Fault as examine() does.
  Result<std::vector<PromptText>> prompts(const FileSource& file, const DigestedFile& digested,
                                          const Asked& asked);

  /// All pixels of the main picture of a file whose decoder is in another worker than the
  /// detectors, for synthesis::decoded_picture(). Errors: those of decoding and of the worker.
  /// Throws Fault as examine() does.
  Result<FileSource> pixels(const FileSource& file, const DigestedFile& digested);

  /// Reads the archive in `file` and hands its members to `sink`; `depth` counts the archives
  /// around it. What is said of the archive itself is the result. Throws Fault as examine() does.
  casefile::ExaminedContent expand(const FileSource& file, const DigestedFile& digested,
                                   const Asked& asked, uint32_t depth, ArchiveMemberSink& sink);

  /// A member of an archive, by its ordinal, in a memory file. Errors: not_found, "archive.member",
  /// where there is no file of that ordinal; limit_exceeded, "max_member_bytes"; why not all of the
  /// member, or of the archive before it, could be read; those of the worker. Throws Fault as
  /// examine() does.
  Result<MemberInMemory> archive_member(const FileSource& archive, uint64_t ordinal);

  /// How each kind of worker is confined on this machine; starts them all.
  std::vector<std::pair<std::string, sandbox::Report>> confinement();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace safelight::scan
