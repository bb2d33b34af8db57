#include "safelight/synthesis/cues/cue_model.h"

#include <gtest/gtest.h>

#include "safelight/base/replaced_for_test.h"

namespace safelight::synthesis {
namespace {

CueModel model() {
  CueModel model;
  model.panel.bytes.fill(0xab);
  model.manifest.bytes.fill(0x01);
  model.made = std::chrono::year(2026) / 3 / 9;
  model.camera_pictures = 64;
  model.generated_pictures = 34;
  model.penalty = 10;
  model.intercept = -0.25;
  model.terms = {{"native.peak_2", 0.5, 2, -0.125}, {"colour.clipping", -6, 1e-3, 0}};
  return model;
}

void expect_error(const std::string& text, ErrorCode code, std::string_view rule,
                  size_t offset_bytes) {
  const auto result = parse_cue_model(text);
  ASSERT_FALSE(result) << rule;
  EXPECT_EQ(result.error(), Error::at(code, rule, offset_bytes)) << result.error().rule;
}

TEST(CueModel, IsReadBackAsItWasWritten) {
  const auto read = parse_cue_model(to_text(model()));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, model());
}

TEST(CueModel, IsTheTextOfItsDocument) {
  CueModel small = model();
  small.terms.resize(1);
  EXPECT_EQ(to_text(small),
            "safelight-cue-model 1\n"
            "panel abababababababababababababababababababababababababababababababab\n"
            "manifest 0101010101010101010101010101010101010101010101010101010101010101\n"
            "made 2026-03-09\n"
            "camera 64\n"
            "generated 34\n"
            "penalty 1.000000000e+01\n"
            "intercept -2.500000000e-01\n"
            "cue native.peak_2 5.000000000e-01 2.000000000e+00 -1.250000000e-01\n"
            "end\n");
}

TEST(CueModel, IsTruncatedAtEveryLength) {
  const std::string text = to_text(model());
  for (size_t size = 0; size < text.size(); ++size) {
    const size_t line = size == 0 ? 0 : text.rfind('\n', size - 1) + 1;
    expect_error(text.substr(0, size), ErrorCode::truncated, "cue-model.end", line);
  }
}

TEST(CueModel, IsRefusedWithAnyLineBroken) {
  const std::string text = to_text(model());
  struct Broken {
    std::string_view from;
    std::string_view to;
    std::string_view rule;
    std::string_view line;  ///< What the line that is named begins with.
  };
  for (const Broken& broken : {
           Broken{"safelight", "safelighd", "cue-model.line", "safelighd"},
           {"panel ab", "panel Ab", "cue-model.digest", "panel"},
           {"panel ab", "panel b", "cue-model.digest", "panel"},
           {"panel ", "panel", "cue-model.line", "panel"},
           {"manifest 01", "manifest 0x", "cue-model.digest", "manifest"},
           {"2026-03-09", "2026-02-30", "cue-model.date", "made"},
           {"2026-03-09", "2026-3-9", "cue-model.date", "made"},
           {"2026-03-09", "2026 03-09", "cue-model.date", "made"},
           {"camera 64", "camera 064", "cue-model.number", "camera"},
           {"camera 64", "camera -4", "cue-model.number", "camera"},
           {"generated 34", "generated 5000000000", "cue-model.number", "generated"},
           {"generated 34", "generated ", "cue-model.number", "generated"},
           {"penalty 1.000000000e+01", "penalty 10", "cue-model.number", "penalty"},
           {"intercept -2.500000000e-01", "intercept nan", "cue-model.number", "intercept"},
           {"intercept -2.500000000e-01", "intercept inf", "cue-model.number", "intercept"},
           {"cue native", "cu native", "cue-model.line", "cu native"},
           {"native.peak_2", "Native.peak_2", "cue-model.name", "cue Native"},
           {"cue native.peak_2", "cue ", "cue-model.name", "cue "},
           {"colour.clipping", "native.peak_2", "cue-model.name-twice", "cue native.peak_2 -6"},
           {"1.000000000e-03", "0.000000000e+00", "cue-model.scale", "cue colour"},
           {"1.000000000e-03", "-1.000000000e-03", "cue-model.scale", "cue colour"},
           {" 1.000000000e-03", "", "cue-model.line", "cue colour"},
           {"1.000000000e-03", "1.000000000e-03 1", "cue-model.line", "cue colour"},
           {"end\n", "end \n", "cue-model.line", "end "},
           {"end\n", "end\r\n", "cue-model.line", "end\r"},
       }) {
    const std::string changed = replaced(text, broken.from, broken.to);
    expect_error(changed, ErrorCode::malformed, broken.rule, changed.find(broken.line));
  }
}

TEST(CueModel, OfAnotherVersionIsUnsupported) {
  expect_error(replaced(to_text(model()), "model 1", "model 2"), ErrorCode::unsupported,
               "cue-model.version", 0);
}

TEST(CueModel, EndsWithItsLastLine) {
  const std::string text = to_text(model());
  expect_error(text + "\n", ErrorCode::malformed, "cue-model.trailing", text.size());
}

TEST(CueModel, HasATermOrMoreUpToALimit) {
  CueModel many = model();
  many.terms.clear();
  const std::string none = to_text(many);
  expect_error(none, ErrorCode::malformed, "cue-model.no-terms", none.find("end"));
  for (size_t i = 0; i <= kMaxCueTerms; ++i) {
    many.terms.push_back({"cue_" + std::to_string(i), 0, 1, 0});
  }
  const std::string text = to_text(many);
  expect_error(text, ErrorCode::limit_exceeded, "cue-model.max-terms", text.find("cue cue_256 "));
  many.terms.pop_back();
  EXPECT_TRUE(parse_cue_model(to_text(many)));
  many.terms[0].name = std::string(kMaxCueNameBytes, 'a');
  EXPECT_TRUE(parse_cue_model(to_text(many)));
  many.terms[0].name += 'a';
  EXPECT_FALSE(parse_cue_model(to_text(many)));
}

TEST(CueModel, IsBoundedInSize) {
  expect_error(std::string(kMaxCueModelBytes + 1, 'x'), ErrorCode::limit_exceeded,
               "cue-model.max-bytes", 0);
}

}  // namespace
}  // namespace safelight::synthesis
