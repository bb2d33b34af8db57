#pragma once

#include <optional>
#include <span>
#include <vector>

#include "safelight/picture/picture.h"
#include "safelight/sandbox/worker.h"
#include "safelight/scan/messages/picture_message.h"

/// Takes what picture and provenance workers reply. A record that breaks the rules ends the call
/// and costs the worker its life.
namespace safelight::scan {

/// Findings and prompts that one file may have.
inline constexpr size_t kMaxFindings = 1'024;
inline constexpr size_t kMaxPrompts = 8'192;

/// Of a provenance worker.
class EvidenceSink final : public sandbox::ReplySink {
 public:
  Result<void> record(std::span<const std::byte> bytes,
                      std::optional<sandbox::MemoryFile> file) override;

  EvidenceList evidence;
};

/// Of a picture worker.
class PictureSink final : public sandbox::ReplySink {
 public:
  explicit PictureSink(size_t max_records) : max_records_(max_records) {}

  Result<void> record(std::span<const std::byte> bytes,
                      std::optional<sandbox::MemoryFile> file) override;

  /// The main picture's with the evidence of the file, then those of further stills.
  std::vector<PictureRecord> records;

 private:
  Result<void> take_evidence(std::span<const std::byte> bytes);

  size_t max_records_;
};

/// Of a picture worker that is asked for pixels.
class PixelsSink final : public sandbox::ReplySink {
 public:
  Result<void> record(std::span<const std::byte> bytes,
                      std::optional<sandbox::MemoryFile> file) override;

  std::optional<sandbox::MemoryFile> pixels;
};

/// Of a picture worker that is asked for a rendition.
class RenditionSink final : public sandbox::ReplySink {
 public:
  explicit RenditionSink(const RenditionRequest& wanted) : wanted_(wanted) {}

  Result<void> record(std::span<const std::byte> bytes,
                      std::optional<sandbox::MemoryFile> file) override;

  /// Of the sizes that were asked for, whatever it shows.
  std::optional<Picture> picture;
  std::optional<Error> incomplete;  ///< Why part of the picture is missing, where it is.

 private:
  RenditionRequest wanted_;
};

/// Whether a process that decodes pictures may say this. That a signature fits is the provenance
/// worker's to say; but NovelAI signs pixels, and so is checked where they are decoded.
bool may_come_from_decoder(const Finding& finding);

}  // namespace safelight::scan
