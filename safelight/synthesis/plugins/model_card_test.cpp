#include "safelight/synthesis/plugins/model_card.h"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>

#include "safelight/synthesis/plugins/card_for_test.h"

namespace safelight::synthesis {
namespace {

using testing::ElementsAre;

Error error_of(const std::string& text) {
  const auto card = parse_model_card(text);
  return card ? Error{ErrorCode::not_found, "none"} : card.error();
}

/// The good card with one piece of its text replaced.
std::string with(const std::string& from, const std::string& to) {
  std::string text = good_card_text();
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

/// The error of a card whose member, at `member`, was broken.
void expect_refused(const std::string& text, ErrorCode code, std::string_view rule,
                    const std::string& member) {
  EXPECT_EQ(error_of(text), Error::at(code, rule, text.find(member))) << text;
}

TEST(ModelCard, AGoodCardIsReadInFull) {
  const auto card = parse_model_card(good_card_text());
  ASSERT_TRUE(card) << card.error().rule;
  EXPECT_EQ(card->name, "mean of red");
  EXPECT_EQ(card->model_file, "mean_of_red.onnx");
  EXPECT_EQ(to_hex(card->model).substr(0, 4), "0123");
  EXPECT_EQ(card->licence, "Apache-2.0");
  EXPECT_EQ(card->source, "tools/make_onnx_models.py");
  EXPECT_EQ(card->input.name, "picture");
  EXPECT_EQ(card->input.width, 8U);
  EXPECT_EQ(card->input.height, 6U);
  EXPECT_EQ(card->input.layout, TensorLayout::nhwc);
  EXPECT_EQ(card->input.order, ChannelOrder::bgr);
  EXPECT_EQ(card->resize.policy, ResizePolicy::shorter_side);
  EXPECT_EQ(card->resize.side, 9U);
  EXPECT_EQ(card->resize.kernel, Kernel::bicubic);
  EXPECT_EQ(card->crop.policy, CropPolicy::grid);
  EXPECT_EQ(card->crop.count(), 6U);
  EXPECT_EQ(card->normalisation.range, ValueRange::zero_to_255);
  EXPECT_THAT(card->normalisation.mean, ElementsAre(0.25, -1, 3));
  EXPECT_THAT(card->normalisation.deviation, ElementsAre(1, 2, 4));
  EXPECT_EQ(card->output.name, "score");
  EXPECT_EQ(card->output.proposition, Proposition::camera);
  EXPECT_EQ(card->output.form, OutputForm::two_logits);
  EXPECT_EQ(card->output.values, 2U);
  EXPECT_EQ(card->output.index, 1U);
}

TEST(ModelCard, EveryTruncationIsTruncatedWhereItEnds) {
  const std::string whole = good_card_text();
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(error_of(whole.substr(0, size)), Error::at(ErrorCode::truncated, "card.json", size))
        << size;
  }
}

TEST(ModelCard, EachMemberMissing) {
  const std::vector<std::pair<std::string, std::string_view>> members = {
      {R"("card": 1,)", "card.card"},
      {R"("name": "mean of red",)", "card.name"},
      {R"("model": "mean_of_red.onnx",)", "card.model"},
      {R"("licence": "Apache-2.0",)", "card.licence"},
      {R"("source": "tools/make_onnx_models.py",)", "card.source"},
      {R"("name": "picture", )", "card.input.name"},
      {R"("width": 8, )", "card.input.width"},
      {R"("height": 6, )", "card.input.height"},
      {R"("layout": "nhwc", )", "card.input.layout"},
      {R"(, "channel_order": "bgr")", "card.input.channel_order"},
      {R"("policy": "shorter_side", )", "card.resize.policy"},
      {R"("side": 9, )", "card.resize.side"},
      {R"(, "kernel": "bicubic")", "card.resize.kernel"},
      {R"("policy": "grid", )", "card.crop.policy"},
      {R"("columns": 3, )", "card.crop.columns"},
      {R"(, "rows": 2)", "card.crop.rows"},
      {R"("value_range": "0..255", )", "card.normalisation.value_range"},
      {R"("mean": [0.25, -1, 3], )", "card.normalisation.mean"},
      {R"(, "std": [1, 2, 4])", "card.normalisation.std"},
      {R"("name": "score", )", "card.output.name"},
      {R"("proposition": "camera", )", "card.output.proposition"},
      {R"("form": "two_logits", )", "card.output.form"},
      {R"("values": 2, )", "card.output.values"},
      {R"(, "index": 1)", "card.output.index"},
  };
  for (const auto& [piece, rule] : members) {
    const std::string text = with(piece, "");
    EXPECT_EQ(error_of(text), Error::at(ErrorCode::not_found, rule, text.size())) << piece;
  }
}

TEST(ModelCard, EachMemberBrokenInTurn) {
  struct Case {
    std::string from;
    std::string to;
    ErrorCode code;
    std::string_view rule;
  };
  constexpr auto kMalformed = ErrorCode::malformed;
  const std::vector<Case> cases = {
      {R"("card": 1)", R"("card": 2)", kMalformed, "card.card"},
      {R"("name": "mean of red")", R"("name": "")", kMalformed, "card.name"},
      {R"("name": "mean of red")", R"("name": 3)", kMalformed, "card.name"},
      {R"("name": "mean of red")", R"("name": {})", kMalformed, "card.name"},
      {R"("name": "mean of red")", R"("name": "a\u001bb")", kMalformed, "card.name"},
      {R"("name": "mean of red")", R"("name": ")" + std::string(1'025, 'n') + "\"",
       ErrorCode::limit_exceeded, "card.name"},
      {R"("model": "mean_of_red.onnx")", R"("model": "../m.onnx")", kMalformed, "card.model"},
      {R"("model": "mean_of_red.onnx")", R"("model": "/m.onnx")", kMalformed, "card.model"},
      {R"("model": "mean_of_red.onnx")", R"("model": ".onnx")", kMalformed, "card.model"},
      {R"("model": "mean_of_red.onnx")", R"("model": "a\u0000b")", kMalformed, "card.model"},
      {R"("model": "mean_of_red.onnx")", R"("model": ")" + std::string(256, 'm') + "\"",
       ErrorCode::limit_exceeded, "card.model"},
      {R"("sha256": "0123)", R"("sha256": "x123)", kMalformed, "card.sha256"},
      {R"("sha256": "0123)", R"("sha256": "123)", kMalformed, "card.sha256"},
      {R"("sha256": "0123)", R"("sha256": "00123)", ErrorCode::limit_exceeded, "card.sha256"},
      {R"("licence": "Apache-2.0")", R"("licence": null)", kMalformed, "card.licence"},
      {R"("source": "tools/make_onnx_models.py")", R"("source": [1])", kMalformed, "card.source"},
      {R"("width": 8)", R"("width": 0)", kMalformed, "card.input.width"},
      {R"("width": 8)", R"("width": 4097)", kMalformed, "card.input.width"},
      {R"("width": 8)", R"("width": 8.5)", kMalformed, "card.input.width"},
      {R"("width": 8)", R"("width": -8)", kMalformed, "card.input.width"},
      {R"("width": 8)", R"("width": 99999999999999999999)", kMalformed, "card.input.width"},
      {R"("width": 8)", R"("width": "8")", kMalformed, "card.input.width"},
      {R"("width": 8)", R"("width": [8])", kMalformed, "card.input.width"},
      {R"("width": 8)", R"("width": {})", ErrorCode::limit_exceeded, "card.depth"},
      {R"("width": 8)", R"("width": true)", kMalformed, "card.input.width"},
      {R"("height": 6)", R"("height": 0)", kMalformed, "card.input.height"},
      {R"("layout": "nhwc")", R"("layout": "NHWC")", kMalformed, "card.input.layout"},
      {R"("channel_order": "bgr")", R"("channel_order": "brg")", kMalformed,
       "card.input.channel_order"},
      {R"("policy": "shorter_side")", R"("policy": "longer_side")", kMalformed,
       "card.resize.policy"},
      {R"("side": 9)", R"("side": 7)", kMalformed, "card.resize.side"},
      {R"("side": 9)", R"("side": 4097)", kMalformed, "card.resize.side"},
      {R"("kernel": "bicubic")", R"("kernel": "nearest")", kMalformed, "card.resize.kernel"},
      {R"("policy": "grid")", R"("policy": "all")", kMalformed, "card.crop.policy"},
      {R"("columns": 3)", R"("columns": 65)", kMalformed, "card.crop.columns"},
      {R"("rows": 2)", R"("rows": 22)", kMalformed, "card.crop.rows"},
      {R"("value_range": "0..255")", R"("value_range": "-1..1")", kMalformed,
       "card.normalisation.value_range"},
      {R"("mean": [0.25, -1, 3])", R"("mean": [0.25, -1])", kMalformed, "card.normalisation.mean"},
      {R"("mean": [0.25, -1, 3])", R"("mean": [0.25, -1, 3, 4])", kMalformed,
       "card.normalisation.mean"},
      {R"("mean": [0.25, -1, 3])", R"("mean": [0.25, -1, 3e3])", kMalformed,
       "card.normalisation.mean"},
      {R"("mean": [0.25, -1, 3])", R"("mean": 0.25)", kMalformed, "card.normalisation.mean"},
      {R"("std": [1, 2, 4])", R"("std": [1, 0, 4])", kMalformed, "card.normalisation.std"},
      {R"("std": [1, 2, 4])", R"("std": [1, -2, 4])", kMalformed, "card.normalisation.std"},
      {R"("form": "two_logits")", R"("form": "softmax")", kMalformed, "card.output.form"},
      {R"("values": 2)", R"("values": 1)", kMalformed, "card.output.values"},
      {R"("values": 2)", R"("values": 1000)", kMalformed, "card.output.values"},
      {R"("index": 1)", R"("index": 2)", kMalformed, "card.output.index"},
      {R"("mean": [0.25, -1, 3])", R"("mean": [0.25, "a"])", kMalformed, "card.array"},
      {R"("mean": [0.25, -1, 3])", R"("mean": [0.25, [1]])", kMalformed, "card.array"},
      {R"("mean": [0.25, -1, 3])", R"("mean": [0.25, {}])", kMalformed, "card.array"},
      {R"("mean": [0.25, -1, 3])", R"("mean": [1, 1, 1, 1, 1, 1, 1, 1, 1])",
       ErrorCode::limit_exceeded, "card.members"},
      {R"("card": 1)", R"("other": 0, "card": 1)", kMalformed, "card.unknown-member"},
      {R"("width": 8)", R"("depth": 8, "width": 8)", kMalformed, "card.unknown-member"},
      {R"("width": 8)", R"("in.width": 8, "width": 8)", kMalformed, "card.unknown-member"},
      {R"("width": 8)", R"("more": {"a": 1}, "width": 8)", ErrorCode::limit_exceeded, "card.depth"},
  };
  for (const Case& broken : cases) {
    // The member named in the error is the first of what was put in.
    expect_refused(with(broken.from, broken.to), broken.code, broken.rule, broken.to);
  }
}

TEST(ModelCard, MembersThatOtherPoliciesHaveAreUnknown) {
  std::string text =
      with(R"("policy": "grid", "columns": 3, "rows": 2)", R"("policy": "centre", "rows": 2)");
  expect_refused(text, ErrorCode::malformed, "card.unknown-member", R"("rows")");
  text = with(R"("policy": "shorter_side", "side": 9,)", R"("policy": "stretch", "side": 9,)");
  expect_refused(text, ErrorCode::malformed, "card.unknown-member", R"("side")");
}

TEST(ModelCard, AMemberThatComesTwiceIsRefused) {
  const std::string text = with(R"("height": 6)", R"("height": 6, "width": 9)");
  expect_refused(text, ErrorCode::malformed, "card.member-twice", R"("width": 9)");
}

TEST(ModelCard, AnyOtherOutputThanCameraOrSyntheticIsRefused) {
  for (const char* other : {"nsfw", "nudity", "age", "minor", "face", "Camera", "real", ""}) {
    const std::string text =
        with(R"("proposition": "camera")", R"("proposition": ")" + std::string(other) + "\"");
    expect_refused(text, ErrorCode::unsupported, "card.output.proposition", R"("proposition")");
  }
}

TEST(ModelCard, TheOutputIsJudgedBeforeTheRest) {
  EXPECT_EQ(error_of(R"({"card": 7, "output": {"proposition": "age"}, "what": 1})").code,
            ErrorCode::unsupported);
}

TEST(ModelCard, WhatIsNoObjectIsRefused) {
  for (const char* text : {"1", "[1]", "\"card\"", "null", "[{}]"}) {
    EXPECT_EQ(error_of(text), Error::at(ErrorCode::malformed, "card.no-object", 0)) << text;
  }
  EXPECT_EQ(error_of("{} {}"), Error::at(ErrorCode::malformed, "card.json", 3));
  EXPECT_EQ(error_of(R"({"a": 01})"), Error::at(ErrorCode::malformed, "card.json", 7));
  EXPECT_EQ(error_of("{\"a\": \"\xff\"}"), Error::at(ErrorCode::malformed, "card.json", 7));
  EXPECT_EQ(error_of(R"({"a": 1e999})").code, ErrorCode::malformed);
}

TEST(ModelCard, SizeAndNumberOfMembersHaveLimits) {
  EXPECT_EQ(error_of(std::string(kMaxCardBytes + 1, ' ')),
            Error::at(ErrorCode::limit_exceeded, "card.bytes", kMaxCardBytes));
  std::string text = "{";
  for (int i = 0; i < 65; ++i) text += "\"m" + std::to_string(i) + "\": 1, ";
  EXPECT_EQ(error_of(text + "\"z\": 1}").rule, "card.members");
}

TEST(ModelCard, ANameIsNoLongerThanACalibrationCanBeNamedAfter) {
  const auto named = [](size_t bytes) { return with("mean of red", std::string(bytes, 'n')); };
  EXPECT_TRUE(parse_model_card(named(kMaxCardNameBytes)));
  EXPECT_EQ(error_of(named(kMaxCardNameBytes + 1)).rule, "card.name");
}

TEST(ModelCard, ThePreprocessingTextSaysAllThatDecidesAScore) {
  const std::string text = preprocessing_text(*parse_model_card(good_card_text()));
  EXPECT_EQ(text,
            "preprocessing = 1\n"
            "input.name = picture\n"
            "input.width = 8\n"
            "input.height = 6\n"
            "input.layout = nhwc\n"
            "input.channel_order = bgr\n"
            "resize.policy = shorter_side\n"
            "resize.kernel = bicubic\n"
            "resize.side = 9\n"
            "crop.policy = grid\n"
            "crop.columns = 3\n"
            "crop.rows = 2\n"
            "normalisation.value_range = 0..255\n"
            "normalisation.mean = 0.25 -1 3\n"
            "normalisation.std = 1 2 4\n"
            "output.name = score\n"
            "output.proposition = camera\n"
            "output.form = two_logits\n"
            "output.values = 2\n"
            "output.index = 1\n");
}

/// The first code block of the document of that kind, behind `after`.
std::string block_of_document(const std::string& after, const std::string& kind) {
  std::ifstream in("docs/formats/model_card.md");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::string fence = "```" + kind + "\n";
  const size_t begin = text.find(fence, text.find(after)) + fence.size();
  return text.substr(begin, text.find("```", begin) - begin);
}

TEST(ModelCard, TheExampleOfTheDocumentIsAsItSays) {
  const auto card = parse_model_card(block_of_document("## Example", "json"));
  ASSERT_TRUE(card) << card.error().rule;
  EXPECT_EQ(preprocessing_text(*card), block_of_document("Its preprocessing text", ""));
}

TEST(ModelCard, WhatOnlyDescribesChangesNothingOfThePreprocessing) {
  const std::string text = preprocessing_text(*parse_model_card(good_card_text()));
  for (const std::string& other :
       {with("mean of red", "another"), with("Apache-2.0", "MIT"), with("0123", "3210"),
        with("0.25", "2.5e-1"),
        with("\"width\": 8, \"height\": 6", "\"height\": 6, \"width\": 8")}) {
    EXPECT_EQ(preprocessing_text(*parse_model_card(other)), text);
  }
  EXPECT_NE(preprocessing_text(*parse_model_card(with("0.25", "0.5"))), text);
}

}  // namespace
}  // namespace safelight::synthesis
