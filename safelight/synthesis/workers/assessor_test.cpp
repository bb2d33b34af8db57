#include "safelight/synthesis/workers/assessor.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/codec/still/jpeg/encode_jpeg.h"
#include "safelight/sandbox/memory_file.h"
#include "safelight/synthesis/workers/testing/detectors_for_test.h"

namespace safelight::synthesis {
namespace {

constexpr PictureShape kShape = {64, 48, 1};

AssessorOptions options(std::vector<std::string> arguments = {"mean", "moody"}) {
  AssessorOptions out;
  out.program = SAFELIGHT_SYNTHESIS_TEST_WORKER;
  out.arguments = std::move(arguments);
  out.memory_bytes = 300'000'000;
  return out;
}

/// A JPEG whose every sample is `grey`, and what precedes and follows it in its file.
class GreyFile {
 public:
  explicit GreyFile(uint8_t grey, size_t before = 0) : before_(before) {
    const Picture picture{kShape, std::vector<uint8_t>(kShape.height * kShape.row_bytes(), grey)};
    const auto jpeg = codec::encode_jpeg(picture, {.quality = 95});
    std::vector<std::byte> bytes(before);
    bytes.insert(bytes.end(), jpeg->begin(), jpeg->end());
    length_ = jpeg->size();
    bytes.resize(bytes.size() + before);
    auto file = FileSource::from_descriptor(
        Descriptor(::dup(sandbox::MemoryFile::copy_of(bytes).descriptor())));
    file_ = std::make_unique<FileSource>(std::move(*file));
  }

  [[nodiscard]] PictureFile picture(codec::Format format = codec::Format::jpeg) const {
    return {*file_, before_, length_, format};
  }

 private:
  size_t before_;
  size_t length_ = 0;
  std::unique_ptr<FileSource> file_;
};

Error error_of(Assessor& assessor, const PictureFile& picture, std::string_view condition) {
  const auto result = assessor.assess(picture, condition);
  return result ? Error{ErrorCode::not_found, "no error"} : result.error();
}

TEST(Assessor, NamesTheDetectorsOfItsWorker) {
  const auto assessor = Assessor::start(options({"moody", "remark:no runtime", "mean"}));
  ASSERT_EQ(assessor.detectors().size(), 2u);
  EXPECT_EQ(assessor.detectors()[0].name, "moody");
  EXPECT_EQ(assessor.detectors()[1].name, "mean");
  EXPECT_EQ(assessor.remarks(), std::vector<std::string>{"no runtime"});
}

TEST(Assessor, AWorkerThatIsNoneIsAFault) {
  auto missing = options();
  missing.program = "/nowhere/worker";
  EXPECT_THROW(Assessor::start(missing), Fault);
}

TEST(Assessor, GivesWhatEachDetectorSaysUnderEachCondition) {
  auto assessor = Assessor::start(options());
  const GreyFile file(100);
  const auto clean = assessor.assess(file.picture(), "clean");
  ASSERT_TRUE(clean);
  EXPECT_EQ(clean->not_applicable, "");
  ASSERT_EQ(clean->by_detector.size(), 2u);
  EXPECT_EQ(clean->by_detector[0].score, 100);
  EXPECT_EQ(clean->by_detector[0].cues, (std::vector<Cue>{{"width", 64}, {"quality", 95}}));
  EXPECT_EQ(clean->by_detector[0].stratum, (Stratum{SizeBand::small, CompressionBand::light}));
  EXPECT_EQ(clean->by_detector[1].score, 1);
  const auto halved = assessor.assess(file.picture(), "resize_50_bicubic");
  ASSERT_TRUE(halved);
  EXPECT_EQ(halved->by_detector[0].cues, (std::vector<Cue>{{"width", 32}, {"quality", -1}}));
  const auto saved = assessor.assess(file.picture(), "jpeg_40");
  ASSERT_TRUE(saved);
  EXPECT_EQ(saved->by_detector[0].stratum, (Stratum{SizeBand::small, CompressionBand::strong}));
}

TEST(Assessor, ReadsAPictureInTheMiddleOfAFile) {
  auto assessor = Assessor::start(options({"mean"}));
  const GreyFile file(77, 1'000);
  const auto clean = assessor.assess(file.picture(), "clean");
  ASSERT_TRUE(clean);
  EXPECT_EQ(clean->by_detector[0].score, 77);
  PictureFile beyond = file.picture();
  beyond.length_bytes += 100'000;
  EXPECT_EQ(error_of(assessor, beyond, "clean"), (Error{ErrorCode::changed, "file.part"}));
}

TEST(Assessor, AConditionThatDoesNotApplySaysWhy) {
  auto assessor = Assessor::start(options());
  const auto cut = assessor.assess(GreyFile(100).picture(), "crop_512_on_grid");
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->not_applicable, "the picture is smaller than the part to be cut out");
  EXPECT_TRUE(cut->by_detector.empty());
}

TEST(Assessor, AResultOverALimitDoesNotApply) {
  auto tight = options();
  tight.limits.max_pixels = 64 * 48;
  auto assessor = Assessor::start(tight);
  const auto enlarged = assessor.assess(GreyFile(100).picture(), "resize_150_lanczos");
  ASSERT_TRUE(enlarged);
  EXPECT_EQ(enlarged->not_applicable, "the result would be over the limit max_pixels");
}

TEST(Assessor, WhatIsNotDecodedHereIsUnsupported) {
  auto assessor = Assessor::start(options());
  const GreyFile file(100);
  for (const auto format : {codec::Format::heif, codec::Format::avif}) {
    EXPECT_EQ(error_of(assessor, file.picture(format), "clean"),
              (Error{ErrorCode::unsupported, "synthesis.heif"}));
  }
  EXPECT_EQ(error_of(assessor, file.picture(codec::Format::zip), "clean"),
            (Error{ErrorCode::unsupported, "synthesis.format"}));
  EXPECT_EQ(error_of(assessor, file.picture(codec::Format::png), "clean").code,
            ErrorCode::malformed);
  EXPECT_EQ(assessor.last_work(), "decoding");
  EXPECT_EQ(error_of(assessor, file.picture(), "unheard_of"),
            (Error{ErrorCode::not_found, "synthesis-request.condition"}));
}

TEST(Assessor, ReasonsAndNumbersThatAreNoneComeAsReasons) {
  auto assessor = Assessor::start(options());
  const auto moody = [&](Mood mood) {
    auto result = assessor.assess(GreyFile(static_cast<uint8_t>(mood)).picture(), "clean");
    EXPECT_TRUE(result);
    EXPECT_EQ(result->by_detector[1].score, std::nullopt);
    return result->by_detector[1];
  };
  EXPECT_EQ(moody(Mood::refuse).not_assessable, "a drawing");
  EXPECT_EQ(moody(Mood::nothing).not_assessable, "the detector gave no score and no reason");
  EXPECT_EQ(moody(Mood::nan).not_assessable, "the detector's score is not a finite number");
  EXPECT_EQ(moody(Mood::nan).cues, (std::vector<Cue>{{"one", 1}}));
}

TEST(Assessor, AModelThatCrashesCostsItsPictureOnly) {
  auto assessor = Assessor::start(options());
  const auto bad = [&](Mood mood) {
    return error_of(assessor, GreyFile(static_cast<uint8_t>(mood)).picture(), "clean");
  };
  EXPECT_EQ(bad(Mood::abort), (Error{ErrorCode::worker_crashed, "worker.signal-abrt"}));
  EXPECT_EQ(assessor.last_work(), "the detector moody, condition clean");
  EXPECT_TRUE(assessor.assess(GreyFile(100).picture(), "clean"));
  EXPECT_EQ(bad(Mood::fail), (Error{ErrorCode::worker_crashed, "worker.exception"}));
  EXPECT_TRUE(assessor.assess(GreyFile(100).picture(), "clean"));
}

TEST(Assessor, AModelThatHangsIsStopped) {
  auto patient = options();
  patient.limits.item_timeout_ms = 1'500;
  auto assessor = Assessor::start(patient);
  EXPECT_EQ(error_of(assessor, GreyFile(static_cast<uint8_t>(Mood::hang)).picture(), "clean"),
            (Error{ErrorCode::timed_out, "worker.timeout"}));
  EXPECT_EQ(assessor.last_work(), "the detector moody, condition clean");
}

}  // namespace
}  // namespace safelight::synthesis
