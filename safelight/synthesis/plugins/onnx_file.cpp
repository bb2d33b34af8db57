#include "safelight/synthesis/plugins/onnx_file.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "safelight/base/byte_reader.h"

namespace safelight::synthesis {
namespace {

/// The messages on the way to a tensor.
enum class Message : uint8_t {
  model,
  graph,
  node,
  attribute,
  tensor,
  sparse_tensor,
  function,
  training,
};

struct Nested {
  Message in;
  uint64_t field;
  Message message;
};
constexpr std::array kNested = {
    Nested{Message::model, 7, Message::graph},
    Nested{Message::model, 20, Message::training},
    Nested{Message::model, 25, Message::function},
    Nested{Message::graph, 1, Message::node},
    Nested{Message::graph, 5, Message::tensor},
    Nested{Message::graph, 15, Message::sparse_tensor},
    Nested{Message::node, 5, Message::attribute},
    Nested{Message::attribute, 5, Message::tensor},
    Nested{Message::attribute, 6, Message::graph},
    Nested{Message::attribute, 10, Message::tensor},
    Nested{Message::attribute, 11, Message::graph},
    Nested{Message::attribute, 22, Message::sparse_tensor},
    Nested{Message::attribute, 23, Message::sparse_tensor},
    Nested{Message::sparse_tensor, 1, Message::tensor},
    Nested{Message::sparse_tensor, 2, Message::tensor},
    Nested{Message::function, 7, Message::node},
    Nested{Message::function, 11, Message::attribute},
    Nested{Message::training, 1, Message::graph},
    Nested{Message::training, 2, Message::graph},
};

// Of a TensorProto.
constexpr uint64_t kExternalData = 13;
constexpr uint64_t kDataLocation = 14;

// Wire types.
constexpr uint64_t kVarint = 0;
constexpr uint64_t kFixed64 = 1;
constexpr uint64_t kLengthDelimited = 2;
constexpr uint64_t kFixed32 = 5;

Result<uint64_t> read_varint(ByteReader& in) {
  const Error too_long = in.error(ErrorCode::malformed, "onnx.varint");
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    SAFELIGHT_TRY(const uint8_t byte, in.u8());
    value |= uint64_t{byte & 127u} << shift;
    if (byte < 128) return value;
  }
  return too_long;
}

std::optional<Message> nested_in(Message message, uint64_t field) {
  const auto* found = std::find_if(kNested.begin(), kNested.end(), [&](const Nested& nested) {
    return nested.in == message && nested.field == field;
  });
  return found == kNested.end() ? std::nullopt : std::optional(found->message);
}

Result<void> check_message(ByteReader in, Message message, uint32_t depth) {
  while (!in.at_end()) {
    const uint64_t offset = in.offset_bytes();
    SAFELIGHT_TRY(const uint64_t key, read_varint(in));
    const uint64_t field = key >> 3;
    const Error elsewhere = Error::at(ErrorCode::unsupported, "onnx.weights-elsewhere", offset);
    switch (key & 7) {
      case kVarint: {
        SAFELIGHT_TRY(const uint64_t value, read_varint(in));
        if (message == Message::tensor && field == kDataLocation && value != 0) return elsewhere;
        break;
      }
      case kFixed64:
        SAFELIGHT_CHECK(in.skip(8));
        break;
      case kFixed32:
        SAFELIGHT_CHECK(in.skip(4));
        break;
      case kLengthDelimited: {
        SAFELIGHT_TRY(const uint64_t length, read_varint(in));
        const uint64_t start = in.offset_bytes();
        SAFELIGHT_TRY(const auto bytes, in.bytes(length));
        if (message == Message::tensor && field == kExternalData) return elsewhere;
        const auto nested = nested_in(message, field);
        if (!nested) break;
        if (depth == kMaxOnnxDepth) {
          return Error::at(ErrorCode::limit_exceeded, "onnx.depth", offset);
        }
        const uint32_t below = *nested == Message::graph ? depth + 1 : depth;
        SAFELIGHT_CHECK(check_message(ByteReader(bytes, start), *nested, below));
        break;
      }
      default:
        return Error::at(ErrorCode::malformed, "onnx.wire-type", offset);
    }
  }
  return {};
}

}  // namespace

Result<void> check_self_contained(std::span<const std::byte> model) {
  // The runtime's own format has no field of protocol buffers here; it is not looked into.
  constexpr std::string_view kOrtFormat = "ORTM";
  constexpr size_t kOrtFormatAt = 4;
  if (model.size() >= kOrtFormatAt + kOrtFormat.size()) {
    const auto mark = std::as_bytes(std::span(kOrtFormat));
    if (std::equal(mark.begin(), mark.end(), model.begin() + kOrtFormatAt)) {
      return Error::at(ErrorCode::unsupported, "onnx.ort-format", kOrtFormatAt);
    }
  }
  return check_message(ByteReader(model), Message::model, 0);
}

}  // namespace safelight::synthesis
