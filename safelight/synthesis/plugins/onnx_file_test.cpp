#include "safelight/synthesis/plugins/onnx_file.h"

#include <gtest/gtest.h>
#include <initializer_list>
#include <string>
#include <vector>

#include "safelight/synthesis/plugins/runtime_for_test.h"

namespace safelight::synthesis {
namespace {

/// A field that holds bytes, of at most 2^14.
std::string field(unsigned number, const std::string& payload) {
  std::string out;
  if (number < 16) {
    out += static_cast<char>(number << 3 | 2);
  } else {
    out += static_cast<char>(((number << 3 | 2) & 127) | 128);
    out += static_cast<char>(number >> 4);
  }
  out += static_cast<char>((payload.size() & 127) | 128);
  out += static_cast<char>(payload.size() >> 7);
  return out + payload;
}

/// The message inside fields inside fields, the outermost first.
std::string nest(std::initializer_list<unsigned> fields, std::string message) {
  for (auto number = std::rbegin(fields); number != std::rend(fields); ++number) {
    message = field(*number, message);
  }
  return message;
}

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

Error error_of(const std::string& text) {
  const auto result = check_self_contained(bytes_of(text));
  return result ? Error{ErrorCode::not_found, "none"} : result.error();
}

const std::string kElsewhere = "\x70\x01";  // data_location = EXTERNAL

TEST(OnnxFile, ModelsOfTheScriptStandOnTheirOwn) {
  for (const char* name : {"edges", "mean_of_red", "self_test", "unknown_operator"}) {
    EXPECT_TRUE(check_self_contained(model_bytes(name))) << name;
  }
  EXPECT_TRUE(check_self_contained({}));
}

TEST(OnnxFile, WeightsElsewhereAreFoundWhereverATensorMayStand) {
  const std::vector<std::string> models = {
      nest({7, 5}, kElsewhere),            // graph.initializer
      nest({7, 15, 1}, kElsewhere),        // graph.sparse_initializer.values
      nest({7, 15, 2}, kElsewhere),        // graph.sparse_initializer.indices
      nest({7, 1, 5, 5}, kElsewhere),      // graph.node.attribute.t
      nest({7, 1, 5, 10}, kElsewhere),     // graph.node.attribute.tensors
      nest({7, 1, 5, 6, 5}, kElsewhere),   // graph.node.attribute.g.initializer
      nest({7, 1, 5, 11, 5}, kElsewhere),  // graph.node.attribute.graphs.initializer
      nest({7, 1, 5, 22, 1}, kElsewhere),  // graph.node.attribute.sparse_tensor
      nest({7, 1, 5, 23, 1}, kElsewhere),  // graph.node.attribute.sparse_tensors
      nest({25, 7, 5, 5}, kElsewhere),     // functions.node.attribute.t
      nest({25, 11, 5}, kElsewhere),       // functions.attribute_proto.t
      nest({20, 1, 5}, kElsewhere),        // training_info.initialization.initializer
      nest({20, 2, 5}, kElsewhere),        // training_info.algorithm.initializer
      nest({7, 5, 13}, "x"),               // external_data without a location
  };
  for (const std::string& model : models) {
    const Error error = error_of(model);
    EXPECT_EQ(error.code, ErrorCode::unsupported);
    EXPECT_EQ(error.rule, "onnx.weights-elsewhere");
    // The offset is that of the field in the whole file: here its last bytes.
    EXPECT_GE(error.offset_bytes, model.size() - 4);
  }
}

TEST(OnnxFile, ADataLocationOfZeroIsTheFileItself) {
  EXPECT_TRUE(check_self_contained(bytes_of(nest({7, 5}, std::string("\x70\x00", 2)))));
}

TEST(OnnxFile, OtherMessagesAreNotLookedInto) {
  EXPECT_TRUE(check_self_contained(bytes_of(nest({7, 11}, kElsewhere))));
  EXPECT_TRUE(check_self_contained(bytes_of(nest({2}, "\xff\xff"))));
}

TEST(OnnxFile, TheRuntimesOwnFormatIsRefused) {
  EXPECT_EQ(error_of(std::string("\x18\0\0\0ORTM....", 12)),
            Error::at(ErrorCode::unsupported, "onnx.ort-format", 4));
}

TEST(OnnxFile, EveryTruncationIsTruncatedOrEndsBetweenFields) {
  const auto whole = model_bytes("mean_of_red");
  size_t fits = 0;
  for (size_t size = 0; size < whole.size(); ++size) {
    const auto result = check_self_contained(std::span(whole).first(size));
    if (result) {
      ++fits;
      continue;
    }
    EXPECT_EQ(result.error().code, ErrorCode::truncated) << size;
    EXPECT_LE(result.error().offset_bytes, size);
  }
  // Before, between and behind the fields of the model itself, of which there are four.
  EXPECT_EQ(fits, 4U);
}

TEST(OnnxFile, EachPartOfAFieldBrokenInTurn) {
  EXPECT_EQ(error_of("\x0b"), Error::at(ErrorCode::malformed, "onnx.wire-type", 0));  // a group
  EXPECT_EQ(error_of("\x08\x01\x0f"), Error::at(ErrorCode::malformed, "onnx.wire-type", 2));
  EXPECT_EQ(error_of(std::string(10, '\xff')), Error::at(ErrorCode::malformed, "onnx.varint", 0));
  EXPECT_EQ(error_of("\x3a\x05\x01").code, ErrorCode::truncated);
  EXPECT_EQ(error_of("\x3a\x05\x01").offset_bytes, 2U);
  EXPECT_EQ(error_of("\x09\x01").code, ErrorCode::truncated);
  EXPECT_EQ(error_of("\x0d\x01").code, ErrorCode::truncated);
}

TEST(OnnxFile, GraphsInGraphsHaveALimit) {
  std::string model;
  for (uint32_t depth = 1; depth < kMaxOnnxDepth; ++depth) model = nest({1, 5, 6}, model);
  EXPECT_TRUE(check_self_contained(bytes_of(nest({7}, model))));
  const Error error = error_of(nest({7}, nest({1, 5, 6}, model)));
  EXPECT_EQ(error.code, ErrorCode::limit_exceeded);
  EXPECT_EQ(error.rule, "onnx.depth");
}

}  // namespace
}  // namespace safelight::synthesis
