#pragma once

#include <functional>
#include <optional>
#include <span>

#include "safelight/codec/decode.h"
#include "safelight/pdq/full.h"
#include "safelight/pdq/reference.h"
#include "safelight/picture/picture.h"
#include "safelight/sandbox/serve.h"
#include "safelight/scan/messages/picture_message.h"
#include "safelight/scan/pixel_evidence.h"

namespace safelight::scan {

/// The decoders of one worker program.
struct PictureCodec {
  Result<codec::Layout> (*layout)(codec::Format, std::span<const std::byte>, const Limits&);
  Result<codec::Decoded> (*decode)(codec::Format, std::span<const std::byte>,
                                   std::optional<uint32_t> member, const codec::DecodeRequest&);
  LumaReader luma = {};  ///< Where the decoders are of JPEG.
};

/// Makes the records of a picture file with `codec`: the main picture first, with the evidence of
/// the file's origin, then each further still. Keeps its buffers from one picture to the next.
class PictureExaminer {
 public:
  PictureExaminer(const PictureCodec& codec, SimdLevel level);

  /// All pixels of the main picture. Errors: those of decoding, why it is not complete among them.
  [[nodiscard]] Result<Picture> pixels(const PictureRequest& request,
                                       std::span<const std::byte> picture) const;

  /// What the request asks to be shown, and what it lacks, if anything.
  struct Shown {
    Picture picture;
    std::optional<Error> incomplete;
  };
  /// That still as RenditionRequest says. Errors: those of decoding, where nothing was decoded.
  [[nodiscard]] Result<Shown> rendition(const PictureRequest& request,
                                        std::span<const std::byte> picture) const;

  /// A still that is a file of its own (a thumbnail) gets a record without fingerprints: the
  /// coordinator digests its bytes and asks again.
  std::vector<PictureRecord> examine(const PictureRequest& request,
                                     std::span<const std::byte> picture);

 private:
  void decode_with_evidence(const PictureRequest& request, std::span<const std::byte> picture,
                            PictureRecord& record);
  /// Decodes one still for its fingerprints; `pixels`, where there is one, looks at it meanwhile.
  DecodedExtent decode_and_hash(const PictureRequest& request, std::span<const std::byte> picture,
                                PictureRecord& record, PixelExaminer* pixels);
  void add_hashes(PictureRecord& record, PdqMode mode, const Result<pdq::OrientationHashes>& hashes,
                  const std::function<Result<PdqHash>()>& single_hash);

  PictureCodec codec_;
  pdq::ReferenceHasher reference_;
  pdq::FullHasher full_;
};

/// A picture worker's side of picture_message.h.
class PictureHandler final : public sandbox::Handler {
 public:
  explicit PictureHandler(const PictureCodec& codec) : examiner_(codec, detect_simd_level()) {}
  Result<void> handle(sandbox::IncomingRequest& request, sandbox::ReplyWriter& reply) override;

 private:
  PictureExaminer examiner_;
};

}  // namespace safelight::scan
