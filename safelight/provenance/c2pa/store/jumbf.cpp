#include "safelight/provenance/c2pa/store/jumbf.h"

#include <algorithm>

#include "safelight/base/byte_reader.h"

namespace safelight::c2pa {
namespace {

constexpr uint32_t kSuperbox = four_cc("jumb");
constexpr uint32_t kDescription = four_cc("jumd");
constexpr uint8_t kRequestable = 0x01;
constexpr uint8_t kHasLabel = 0x02;
constexpr uint8_t kHasId = 0x04;
constexpr uint8_t kHasDigest = 0x08;
constexpr uint8_t kHasPrivate = 0x10;
constexpr uint8_t kUnknownToggles = 0xe0;
constexpr std::array<uint8_t, 12> kUuidTail = {0x00, 0x11, 0x00, 0x10, 0x80, 0x00,
                                               0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71};

class Parser {
 public:
  explicit Parser(const Limits& limits) : limits_(limits) {}

  /// The next box. `in` ends where the box's parent does.
  Result<JumbfBox> box(ByteReader& in, uint32_t depth) {
    if (++count_ > limits_.max_boxes) return in.error(ErrorCode::limit_exceeded, "max_boxes");
    if (depth > limits_.max_box_depth) {
      return in.error(ErrorCode::limit_exceeded, "max_box_depth");
    }
    const uint64_t start = in.offset_bytes();
    SAFELIGHT_TRY(const uint32_t length, in.u32_be());
    JumbfBox box;
    SAFELIGHT_TRY(box.type, in.u32_be());
    uint64_t payload_bytes = in.remaining();
    if (length == 1) {
      SAFELIGHT_TRY(const uint64_t long_length, in.u64_be());
      if (long_length < 16) return Error::at(ErrorCode::malformed, "jumbf.box-length", start);
      payload_bytes = long_length - 16;
    } else if (length != 0) {
      if (length < 8) return Error::at(ErrorCode::malformed, "jumbf.box-length", start);
      payload_bytes = length - 8;
    }
    box.offset_bytes = in.offset_bytes();
    SAFELIGHT_TRY(box.payload, in.bytes(payload_bytes));
    if (box.type == kSuperbox) SAFELIGHT_CHECK(content(box, depth));
    return box;
  }

  /// Fills in what the payload of a superbox holds.
  Result<void> content(JumbfBox& box, uint32_t depth) {
    ByteReader in(box.payload, box.offset_bytes);
    SAFELIGHT_TRY(const JumbfBox first, this->box(in, depth + 1));
    if (first.type != kDescription) {
      return Error::at(ErrorCode::malformed, "jumbf.description", box.offset_bytes);
    }
    SAFELIGHT_CHECK(description(first, box));
    while (!in.at_end()) {
      SAFELIGHT_TRY(box.children.emplace_back(), this->box(in, depth + 1));
    }
    return {};
  }

 private:
  static std::string_view rest_of(ByteReader in) {
    const auto rest = in.text(in.remaining());
    return rest ? *rest : std::string_view();
  }

  static Result<void> description(const JumbfBox& from, JumbfBox& box) {
    ByteReader in(from.payload, from.offset_bytes);
    SAFELIGHT_TRY(const auto uuid, in.bytes(16));
    std::ranges::transform(uuid, box.content_type.begin(),
                           [](std::byte b) { return static_cast<uint8_t>(b); });
    SAFELIGHT_TRY(const uint8_t toggles, in.u8());
    const Error malformed = Error::at(ErrorCode::malformed, "jumbf.description", from.offset_bytes);
    if ((toggles & kUnknownToggles) != 0) return malformed;
    if ((toggles & kHasLabel) != 0) {
      if ((toggles & kRequestable) == 0) return malformed;
      const std::string_view rest = rest_of(in);
      const size_t end = rest.find('\0');
      if (end == std::string_view::npos) return malformed;
      box.label = rest.substr(0, end);
      SAFELIGHT_CHECK(in.skip(end + 1));
    }
    // An id, a digest and a private box (the salt) may follow; hashes cover them as they are.
    if ((toggles & kHasId) != 0) SAFELIGHT_CHECK(in.skip(4));
    if ((toggles & kHasDigest) != 0) SAFELIGHT_CHECK(in.skip(32));
    if ((toggles & kHasPrivate) == 0 && !in.at_end()) return malformed;
    // A slash would make one URI mean two boxes.
    if (box.label.find('/') != std::string_view::npos) {
      return Error::at(ErrorCode::malformed, "jumbf.label", from.offset_bytes);
    }
    return {};
  }

  const Limits& limits_;
  uint32_t count_ = 0;
};

}  // namespace

bool JumbfBox::holds(const char (&name)[5]) const {
  for (size_t i = 0; i < 4; ++i) {
    if (content_type[i] != static_cast<uint8_t>(name[i])) return false;
  }
  return std::equal(kUuidTail.begin(), kUuidTail.end(), content_type.begin() + 4);
}

const JumbfBox* JumbfBox::child(uint32_t child_type) const {
  const auto found = std::ranges::find(children, child_type, &JumbfBox::type);
  return found != children.end() ? &*found : nullptr;
}

Result<JumbfBox> parse_jumbf(std::span<const std::byte> bytes, const Limits& limits) {
  ByteReader in(bytes);
  SAFELIGHT_TRY(JumbfBox box, Parser(limits).box(in, 0));
  if (!box.is_superbox()) return Error::at(ErrorCode::malformed, "jumbf.superbox", 0);
  const uint64_t end = in.offset_bytes();
  SAFELIGHT_TRY(const auto padding, in.bytes(in.remaining()));
  if (std::ranges::any_of(padding, [](std::byte b) { return b != std::byte{0}; })) {
    return Error::at(ErrorCode::malformed, "jumbf.bytes-left-over", end);
  }
  return box;
}

Result<JumbfBox> parse_jumbf_payload(std::span<const std::byte> payload, const Limits& limits) {
  JumbfBox box;
  box.type = kSuperbox;
  box.payload = payload;
  Parser parser(limits);
  SAFELIGHT_CHECK(parser.content(box, 0));
  return box;
}

}  // namespace safelight::c2pa
