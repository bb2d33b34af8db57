#include "safelight/scan/handlers/picture_handler.h"

#include <algorithm>

#include "safelight/bytes/file.h"
#include "safelight/picture/bitmap.h"
#include "safelight/picture/whole_picture.h"
#include "safelight/renditions/reducing_sink.h"
#include "safelight/scan/handlers/metadata_evidence.h"
#include "safelight/scan/handlers/send_evidence.h"

namespace safelight::scan {

namespace {

/// Hands the rows of one picture to two who look at it.
class BothSinks final : public RowSink {
 public:
  BothSinks(RowSink& first, RowSink& second) : first_(first), second_(second) {}

  void begin(const PictureShape& shape) override {
    first_.begin(shape);
    second_.begin(shape);
  }
  void rows(uint32_t first_row, std::span<const uint8_t> samples) override {
    first_.rows(first_row, samples);
    second_.rows(first_row, samples);
  }

 private:
  RowSink& first_;
  RowSink& second_;
};

/// How many pixels a side render() gets for each that it makes, where the picture has them: what
/// is left to its filter, so that a reduction by means of squares does not show.
constexpr uint32_t kSourcePixelsPerPixel = 2;

/// How a still is to be turned. That of a file holds for its frames; a page has one of its own,
/// which is not read, and an item is turned as it is decoded.
uint8_t orientation_of(const codec::Layout& layout, const std::optional<uint32_t>& member) {
  if (!member) return layout.exif_orientation;
  const auto still = std::find_if(layout.members.begin(), layout.members.end(),
                                  [&](const codec::Member& m) { return m.index == *member; });
  const bool is_frame = still != layout.members.end() && still->kind == codec::Member::Kind::frame;
  return is_frame ? layout.exif_orientation : uint8_t{1};
}

}  // namespace

PictureExaminer::PictureExaminer(const PictureCodec& codec, SimdLevel level)
    : codec_(codec), reference_(level), full_(level) {}

std::vector<PictureRecord> PictureExaminer::examine(const PictureRequest& request,
                                                    std::span<const std::byte> picture) {
  std::vector<PictureRecord> records(1);
  const auto layout = codec_.layout(request.format, picture, request.limits);
  if (layout) {
    records[0].width = layout->width;
    records[0].height = layout->height;
    records[0].exif_orientation = layout->exif_orientation;
    records[0].remarks = layout->remarks;
  }
  // A file whose structure is damaged may still decode in part, so decoding is tried all the same.
  if (request.asked.origin == OriginScope::none) {
    decode_and_hash(request, picture, records[0], nullptr);
  } else {
    decode_with_evidence(request, picture, records[0]);
  }
  if (!layout) {
    if (!records[0].failure && !records[0].incomplete) records[0].incomplete = layout.error();
    return records;
  }
  for (const codec::Member& member : layout->members) {
    PictureRecord record;
    record.member = member;
    if (member.length_bytes == 0) decode_and_hash(request, picture, record, nullptr);
    records.push_back(std::move(record));
  }
  return records;
}

Result<Picture> PictureExaminer::pixels(const PictureRequest& request,
                                        std::span<const std::byte> picture) const {
  WholePictureSink whole;
  codec::DecodeRequest decode_request;
  decode_request.limits = request.limits;
  decode_request.nearest = false;
  decode_request.rows = &whole;
  SAFELIGHT_TRY(const codec::Decoded decoded,
                codec_.decode(request.format, picture, std::nullopt, decode_request));
  if (decoded.incomplete) return *decoded.incomplete;
  return std::move(whole.picture);
}

Result<PictureExaminer::Shown> PictureExaminer::rendition(
    const PictureRequest& request, std::span<const std::byte> picture) const {
  const RenditionRequest& wanted = request.rendition;
  const auto layout = codec_.layout(request.format, picture, request.limits);
  const uint32_t enough_side = kSourcePixelsPerPixel * longest_side(wanted.style, wanted.max_side);
  ReducingSink reduced(enough_side);
  codec::DecodeRequest decode_request;
  decode_request.limits = request.limits;
  decode_request.nearest = false;
  decode_request.rows = &reduced;
  decode_request.enough_side_pixels = enough_side;
  SAFELIGHT_TRY(const codec::Decoded decoded,
                codec_.decode(request.format, picture, request.member, decode_request));
  const uint8_t orientation = layout ? orientation_of(*layout, request.member) : 1;
  return Shown{render(std::move(reduced).take(), orientation, wanted.style, wanted.max_side),
               decoded.incomplete};
}

void PictureExaminer::decode_with_evidence(const PictureRequest& request,
                                           std::span<const std::byte> picture,
                                           PictureRecord& record) {
  const auto metadata = metadata::read_metadata(picture, {});
  std::optional<PixelExaminer> pixels;
  if (request.asked.origin == OriginScope::pixels) {
    pixels.emplace(request.format, picture, metadata, request.limits,
                   PixelExaminerOptions{.luma = codec_.luma});
  }
  const auto extent = decode_and_hash(request, picture, record, pixels ? &*pixels : nullptr);
  std::optional<marks::PictureSize> size;
  if (record.width > 0) size = {record.width, record.height};
  const bool wants_prompts = request.prompts == PromptTexts::wanted;
  EvidenceList& evidence = record.evidence;
  record.content_credentials =
      metadata.content_credentials || !metadata::manifest_url(metadata).empty();
  evidence.findings = metadata_findings(picture, metadata, size);
  if (wants_prompts) evidence.prompts = metadata_prompts(picture, metadata);
  if (!pixels) return;
  PixelEvidence found = pixels->finish(extent);
  std::move(found.findings.begin(), found.findings.end(), std::back_inserter(evidence.findings));
  if (!wants_prompts) return;
  for (const marks::Prompt& prompt : found.prompts) evidence.prompts.push_back(to_message(prompt));
}

DecodedExtent PictureExaminer::decode_and_hash(const PictureRequest& request,
                                               std::span<const std::byte> picture,
                                               PictureRecord& record, PixelExaminer* pixels) {
  codec::DecodeRequest decode_request;
  decode_request.limits = request.limits;
  decode_request.nearest = request.asked.modes.reference;
  std::optional<BothSinks> both;
  if (request.asked.modes.full) decode_request.rows = &full_;
  if (pixels != nullptr) {
    decode_request.rows = pixels;
    if (request.asked.modes.full) decode_request.rows = &both.emplace(full_, *pixels);
    decode_request.lossless_rows = &pixels->lossless_rows();
  }
  const auto member = record.member ? std::optional(record.member->index) : std::nullopt;
  const auto decoded = codec_.decode(request.format, picture, member, decode_request);
  if (!decoded) {
    record.failure = decoded.error();
    return decoded_extent(decoded);
  }
  record.width = decoded->shape.width;
  record.height = decoded->shape.height;
  record.incomplete = decoded->incomplete;
  if (request.asked.modes.reference) {
    add_hashes(record, PdqMode::reference, reference_.hash_all_orientations(decoded->nearest),
               [&] { return reference_.hash(decoded->nearest); });
  }
  if (request.asked.modes.full) {
    add_hashes(record, PdqMode::full, full_.finish(), [&] { return full_.finish_original(); });
  }
  return decoded_extent(decoded);
}

void PictureExaminer::add_hashes(PictureRecord& record, PdqMode mode,
                                 const Result<pdq::OrientationHashes>& hashes,
                                 const std::function<Result<PdqHash>()>& single_hash) {
  if (!hashes) {
    record.unhashable = hashes.error();
    return;
  }
  PdqHashes all;
  all.mode = mode;
  all.quality = hashes->front().quality;
  for (size_t i = 0; i < kOrientations; ++i) all.fingerprints[i] = (*hashes)[i].fingerprint;
  // Lists hold what the path for a single hash makes, which differs for a picture of exactly 64x64.
  if (record.width == 64 && record.height == 64) {
    if (const auto single = single_hash()) {
      all.fingerprints[0] = single->fingerprint;
      all.quality = single->quality;
    }
  }
  record.hashes.push_back(all);
}

namespace {

Result<void> send_pixels(const Picture& picture, sandbox::ReplyWriter& reply) {
  const uint64_t size_bytes = bitmap_bytes(picture.shape);
  if (size_bytes == 0) return Error{ErrorCode::limit_exceeded, "picture-record.pixels"};
  SAFELIGHT_TRY(sandbox::OutputFile file, reply.open_file(size_bytes));
  write_bitmap(picture, file.bytes());
  PictureRecord record;
  record.width = picture.shape.width;
  record.height = picture.shape.height;
  return reply.record(encode(record), std::move(file));
}

Result<void> send_rendition(const PictureExaminer::Shown& shown, sandbox::ReplyWriter& reply) {
  const Picture& picture = shown.picture;
  SAFELIGHT_TRY(sandbox::OutputFile file, reply.open_file(picture.samples.size()));
  std::copy_n(std::as_bytes(std::span(picture.samples)).begin(), picture.samples.size(),
              file.bytes().begin());
  PictureRecord record;
  record.width = picture.shape.width;
  record.height = picture.shape.height;
  record.incomplete = shown.incomplete;
  return reply.record(encode(record), std::move(file));
}

}  // namespace

Result<void> PictureHandler::handle(sandbox::IncomingRequest& request,
                                    sandbox::ReplyWriter& reply) {
  if (request.descriptors.size() != 1)
    return Error{ErrorCode::malformed, "picture-request.descriptors"};
  SAFELIGHT_TRY(const auto wanted, decode_picture_request(request.message));
  SAFELIGHT_TRY(const auto mapping, FileMapping::map(request.descriptors[0].get()));
  SAFELIGHT_TRY(const auto picture, mapping.part(wanted.offset_bytes, wanted.length_bytes));
  if (wanted.purpose == Purpose::pixels) {
    SAFELIGHT_TRY(const Picture pixels, examiner_.pixels(wanted, picture));
    return send_pixels(pixels, reply);
  }
  if (wanted.purpose == Purpose::rendition) {
    SAFELIGHT_TRY(const PictureExaminer::Shown shown, examiner_.rendition(wanted, picture));
    return send_rendition(shown, reply);
  }
  for (const PictureRecord& record : examiner_.examine(wanted, picture)) {
    SAFELIGHT_CHECK(reply.record(encode(record)));
    SAFELIGHT_CHECK(send(reply, record.evidence));
  }
  return {};
}

}  // namespace safelight::scan
