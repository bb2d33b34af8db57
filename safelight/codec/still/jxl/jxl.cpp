#include "safelight/codec/still/jxl/jxl.h"

#include <algorithm>
#include <jxl/decode.h>
#include <memory>
#include <new>
#include <vector>

#include "safelight/codec/layout_remarks.h"
#include "safelight/codec/picture_output.h"

namespace safelight::codec {
namespace {

/// Frames that are counted, members or not.
constexpr uint64_t kMaxJxlFrames = 100'000;

struct DecoderDeleter {
  void operator()(JxlDecoder* decoder) const { JxlDecoderDestroy(decoder); }
};

/// One pass of libjxl over a file, without threads.
class Session {
 public:
  Session(std::span<const std::byte> file, const Limits& limits, int events)
      : file_(file), limits_(limits), decoder_(JxlDecoderCreate(nullptr)) {
    if (!decoder_) throw std::bad_alloc();
    JxlDecoderSetKeepOrientation(decoder_.get(), JXL_TRUE);
    JxlDecoderSubscribeEvents(decoder_.get(), events);
    JxlDecoderSetInput(decoder_.get(), reinterpret_cast<const uint8_t*>(file.data()),  // NOLINT
                       file.size());
    // JxlDecoderCloseInput() stays out: after it, libjxl prints a line for every cut file.
  }

  [[nodiscard]] JxlDecoder* decoder() const { return decoder_.get(); }
  [[nodiscard]] const JxlBasicInfo& info() const { return info_; }
  JxlDecoderStatus next() { return JxlDecoderProcessInput(decoder_.get()); }

  /// Bytes that have been consumed; reading ends with this.
  [[nodiscard]] uint64_t finish() { return file_.size() - JxlDecoderReleaseInput(decoder_.get()); }

  /// What a status that ends reading stands for.
  Error error_of(JxlDecoderStatus status) {
    const uint64_t consumed = finish();
    return status == JXL_DEC_NEED_MORE_INPUT
               ? Error::near(ErrorCode::truncated, "jxl.data", consumed)
               : Error::near(ErrorCode::malformed, "jxl.data", consumed);
  }

  /// Reads up to the size of the picture and checks it.
  Result<void> read_info() {
    const JxlDecoderStatus status = next();
    if (status != JXL_DEC_BASIC_INFO) return error_of(status);
    if (JxlDecoderGetBasicInfo(decoder_.get(), &info_) != JXL_DEC_SUCCESS) {
      return error_of(JXL_DEC_ERROR);
    }
    return check_size(info_.xsize, info_.ysize, limits_, 0);
  }

 private:
  std::span<const std::byte> file_;
  const Limits& limits_;
  std::unique_ptr<JxlDecoder, DecoderDeleter> decoder_;
  JxlBasicInfo info_{};
};

/// sRGB for a picture whose samples libjxl computes anyway. Where it cannot, its own choice stays.
void prefer_srgb(const Session& session) {
  JxlColorEncoding srgb{};
  srgb.color_space =
      session.info().num_color_channels == 1 ? JXL_COLOR_SPACE_GRAY : JXL_COLOR_SPACE_RGB;
  srgb.white_point = JXL_WHITE_POINT_D65;
  srgb.primaries = JXL_PRIMARIES_SRGB;
  srgb.transfer_function = JXL_TRANSFER_FUNCTION_SRGB;
  srgb.rendering_intent = JXL_RENDERING_INTENT_PERCEPTUAL;
  JxlDecoderSetPreferredColorProfile(session.decoder(), &srgb);
}

/// Samples of the next frame. Errors: as libjxl; nothing in `missing` means the frame is whole.
Result<std::vector<uint8_t>> read_frame(Session& session, uint32_t channels,
                                        std::optional<Error>& missing) {
  const JxlPixelFormat format = {channels, JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0};
  std::vector<uint8_t> samples;
  while (true) {
    const JxlDecoderStatus status = session.next();
    switch (status) {
      case JXL_DEC_COLOR_ENCODING:
        if (session.info().uses_original_profile == JXL_FALSE) prefer_srgb(session);
        break;
      case JXL_DEC_NEED_IMAGE_OUT_BUFFER: {
        size_t size = 0;
        if (JxlDecoderImageOutBufferSize(session.decoder(), &format, &size) != JXL_DEC_SUCCESS ||
            size != size_t{session.info().xsize} * session.info().ysize * channels) {
          return session.error_of(JXL_DEC_ERROR);
        }
        samples.resize(size);
        if (JxlDecoderSetImageOutBuffer(session.decoder(), &format, samples.data(), size) !=
            JXL_DEC_SUCCESS) {
          return session.error_of(JXL_DEC_ERROR);
        }
        break;
      }
      case JXL_DEC_FULL_IMAGE:
        return samples;
      case JXL_DEC_SUCCESS:
        return Error{ErrorCode::not_found, "jxl.member"};
      default: {
        const bool shown =
            !samples.empty() && JxlDecoderFlushImage(session.decoder()) == JXL_DEC_SUCCESS;
        missing = session.error_of(status);
        if (!shown) return *missing;
        return samples;
      }
    }
  }
}

}  // namespace

Result<Layout> jxl_layout(std::span<const std::byte> file, const Limits& limits) {
  // JXL_DEC_FULL_IMAGE, so that skipping a frame goes to its end.
  Session session(file, limits, JXL_DEC_BASIC_INFO | JXL_DEC_FRAME | JXL_DEC_FULL_IMAGE);
  SAFELIGHT_CHECK(session.read_info());
  const JxlBasicInfo& info = session.info();
  Layout layout;
  layout.width = info.xsize;
  layout.height = info.ysize;
  layout.exif_orientation = static_cast<uint8_t>(std::clamp<int>(info.orientation, 1, 8));
  uint64_t frames = 0;
  JxlDecoderStatus status = session.next();
  while ((status == JXL_DEC_FRAME || status == JXL_DEC_NEED_IMAGE_OUT_BUFFER) &&
         frames < kMaxJxlFrames) {
    if (status == JXL_DEC_NEED_IMAGE_OUT_BUFFER) {
      JxlDecoderSkipCurrentFrame(session.decoder());
    } else if (frames++ > 0) {
      add_member(layout, limits, {.kind = Member::Kind::frame});
    }
    status = session.next();
  }
  if (frames > 1) remark_more_members(layout, frames - 1 - layout.members.size(), "frames");
  if (status == JXL_DEC_SUCCESS) {
    const uint64_t end = session.finish();
    if (info.have_container == JXL_FALSE) remark_trailing_data(layout, end, file.size());
  } else {
    remark_damage(layout, session.error_of(status), file.size());
  }
  return layout;
}

Result<Decoded> decode_jxl(std::span<const std::byte> file, std::optional<uint32_t> member,
                           const DecodeRequest& request) {
  if (member && *member >= request.limits.max_picture_members) {
    return Error{ErrorCode::not_found, "jxl.member"};
  }
  Session session(file, request.limits,
                  JXL_DEC_BASIC_INFO | JXL_DEC_COLOR_ENCODING | JXL_DEC_FULL_IMAGE);
  SAFELIGHT_CHECK(session.read_info());
  const JxlBasicInfo& info = session.info();
  const uint64_t channels = uint64_t{info.num_color_channels} + info.num_extra_channels;
  SAFELIGHT_CHECK(check_memory(uint64_t{info.xsize} * info.ysize,
                               kJxlBytesPerChannel * channels + kJxlOutputBytes, request.limits,
                               0));
  if (member) JxlDecoderSkipFrames(session.decoder(), size_t{*member} + 1);
  const PictureShape shape = {info.xsize, info.ysize, info.num_color_channels == 1 ? 1u : 3u};
  std::optional<Error> missing;
  SAFELIGHT_TRY(const std::vector<uint8_t> samples, read_frame(session, shape.channels, missing));
  PictureOutput output(request);
  output.begin(shape);
  output.rows(0, samples);
  return std::move(output).finish(missing);
}

}  // namespace safelight::codec
