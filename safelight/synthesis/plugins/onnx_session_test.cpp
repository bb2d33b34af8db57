#include "safelight/synthesis/plugins/onnx_session.h"

#include <algorithm>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "safelight/base/sanitizers.h"
#include "safelight/synthesis/plugins/runtime_for_test.h"

namespace safelight::synthesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pointwise;

constexpr int64_t kSide = 8;
constexpr int64_t kPlane = kSide * kSide;

class SessionTest : public WithRuntime {
 protected:
  OnnxSession session_of(const std::string& model, const OnnxOptions& options = {}) {
    auto session = OnnxSession::create(runtime(), model_bytes(model), options, complaint_);
    EXPECT_TRUE(session) << complaint_;
    return std::move(*session);
  }
  Error refusal_of(const std::string& model) {
    const auto session = OnnxSession::create(runtime(), model_bytes(model), {}, complaint_);
    return session ? Error{ErrorCode::not_found, "none"} : session.error();
  }
  Result<OnnxTensor> run(OnnxSession& session, int64_t batch, std::vector<float> values) {
    const std::vector<int64_t> dims = {batch, 3, kSide, kSide};
    return session.run("picture", dims, values, "score", complaint_);
  }

  std::string complaint_;
};

/// Planes of one value each.
std::vector<float> planes(std::initializer_list<float> values) {
  std::vector<float> out;
  for (const float value : values) out.insert(out.end(), kPlane, value);
  return out;
}

TEST_F(SessionTest, TellsInputsAndOutputsAsTheModelDeclaresThem) {
  const OnnxSession session = session_of("mean_of_red");
  ASSERT_EQ(session.inputs().size(), 1U);
  EXPECT_EQ(session.inputs()[0].name, "picture");
  EXPECT_EQ(session.inputs()[0].type, ElementType::float32);
  EXPECT_THAT(session.inputs()[0].dims, ElementsAre(-1, 3, kSide, kSide));
  ASSERT_EQ(session.outputs().size(), 1U);
  EXPECT_EQ(session.outputs()[0].name, "score");
  EXPECT_THAT(session.outputs()[0].dims, ElementsAre(-1, 1));
}

TEST_F(SessionTest, ABatchGivesOneValueAPicture) {
  OnnxSession session = session_of("mean_of_red");
  const auto out = run(session, 2, planes({0.25, 1, 2, 0.75, 3, 4}));
  ASSERT_TRUE(out) << complaint_;
  EXPECT_THAT(out->dims, ElementsAre(2, 1));
  EXPECT_THAT(out->values, Pointwise(testing::FloatNear(1e-6F), {0.25F, 0.75F}));
}

/// What the model of the script computes, read from its weights where they stand in the file.
TEST_F(SessionTest, AConvolutionIsWhatPlainLoopsCompute) {
  constexpr size_t kKernels = 4;
  const auto bytes = model_bytes("edges");
  // The kernel is the one initializer of 432 bytes: field 9, its length, its bytes.
  const std::array<std::byte, 3> head = {std::byte{0x4a}, std::byte{0xb0}, std::byte{0x03}};
  const auto found = std::ranges::search(bytes, head);
  ASSERT_FALSE(found.empty());
  std::vector<float> weights(kKernels * 27);
  std::copy_n(&*found.end(), weights.size() * sizeof(float),
              std::as_writable_bytes(std::span(weights)).begin());

  std::vector<float> picture(3 * kPlane);
  for (size_t i = 0; i < picture.size(); ++i) picture[i] = static_cast<float>(i * 37 % 101) / 101;
  double expected = 0;
  constexpr std::array<double, kKernels> kHead = {1, -1, 0.5, 0.25};
  for (size_t kernel = 0; kernel < kKernels; ++kernel) {
    double mean = 0;
    for (int64_t y = 0; y < kSide; ++y) {
      for (int64_t x = 0; x < kSide; ++x) {
        double sum = 0;
        for (int64_t c = 0; c < 3; ++c) {
          for (int64_t dy = -1; dy <= 1; ++dy) {
            for (int64_t dx = -1; dx <= 1; ++dx) {
              if (y + dy < 0 || y + dy >= kSide || x + dx < 0 || x + dx >= kSide) continue;
              const auto at = static_cast<size_t>(c * kPlane + (y + dy) * kSide + x + dx);
              const auto tap = static_cast<size_t>(c * 9 + (dy + 1) * 3 + dx + 1);
              sum += double{picture[at]} * double{weights[kernel * 27 + tap]};
            }
          }
        }
        mean += std::max(sum, 0.0) / double{kPlane};
      }
    }
    expected += kHead[kernel] * mean;
  }
  OnnxSession session = session_of("edges");
  const auto out = run(session, 1, picture);
  ASSERT_TRUE(out) << complaint_;
  EXPECT_NEAR(double{out->values[0]}, expected, 1e-5);
}

TEST_F(SessionTest, ThreadsDoNotChangeWhatATinyModelGives) {
  OnnxSession one = session_of("edges");
  OnnxSession three = session_of("edges", {.threads = 3});
  EXPECT_EQ(run(one, 1, planes({0.1F, 0.2F, 0.3F}))->values,
            run(three, 1, planes({0.1F, 0.2F, 0.3F}))->values);
}

TEST_F(SessionTest, OneThreadMeansThatNoneIsStarted) {
  if (kSanitizerBuild) GTEST_SKIP() << "a sanitizer may have threads of its own";
  OnnxSession session = session_of("edges");
  ASSERT_TRUE(run(session, 1, planes({0, 0, 0})));
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  EXPECT_EQ(std::distance(begin(tasks), end(tasks)), 1);
}

TEST_F(SessionTest, AnUnknownOperatorIsRefusedWithWhatTheRuntimeSays) {
  EXPECT_EQ(refusal_of("unknown_operator"), (Error{ErrorCode::malformed, "onnx.invalid-graph"}));
  EXPECT_THAT(complaint_, HasSubstr("NoSuchOperator"));
  EXPECT_LE(complaint_.size(), kMaxComplaintBytes);
}

TEST_F(SessionTest, WeightsInAnotherFileAreRefusedBeforeTheRuntimeSeesThem) {
  const Error error = refusal_of("weights_elsewhere");
  EXPECT_EQ(error.code, ErrorCode::unsupported);
  EXPECT_EQ(error.rule, "onnx.weights-elsewhere");
  EXPECT_EQ(complaint_, "");
}

TEST_F(SessionTest, EveryTruncationOfAModelIsRefused) {
  const auto whole = model_bytes("mean_of_red");
  for (size_t size = 0; size < whole.size(); ++size) {
    const auto session =
        OnnxSession::create(runtime(), std::span(whole).first(size), {}, complaint_);
    EXPECT_FALSE(session) << size;
  }
}

TEST_F(SessionTest, AWrongShapeIsAnErrorAndTheSessionLivesOn) {
  OnnxSession session = session_of("mean_of_red");
  std::vector<float> values(3 * 7 * 7);
  const std::vector<int64_t> dims = {1, 3, 7, 7};
  const auto out = session.run("picture", dims, values, "score", complaint_);
  ASSERT_FALSE(out);
  EXPECT_FALSE(complaint_.empty());
  EXPECT_TRUE(run(session, 1, planes({0, 0, 0})));
}

TEST_F(SessionTest, AnUnknownNameIsAnError) {
  OnnxSession session = session_of("mean_of_red");
  std::vector<float> values = planes({0, 0, 0});
  const std::vector<int64_t> dims = {1, 3, kSide, kSide};
  EXPECT_FALSE(session.run("image", dims, values, "score", complaint_));
  EXPECT_FALSE(session.run("picture", dims, values, "logit", complaint_));
}

TEST_F(SessionTest, TooManyValuesAreRefused) {
  OnnxSession session = session_of("more_than_declared");
  constexpr int64_t kFits = kMaxOutputValues / kPlane;
  EXPECT_TRUE(run(session, kFits, std::vector<float>(kFits * 3 * kPlane)));
  const auto out = run(session, kFits + 1, std::vector<float>((kFits + 1) * 3 * kPlane));
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error(), (Error{ErrorCode::limit_exceeded, "onnx.output-values"}));
}

}  // namespace
}  // namespace safelight::synthesis
