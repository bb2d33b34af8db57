#include "safelight/triage/origin_evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace safelight::triage {
namespace {

using testing::HasSubstr;

using Fields = std::vector<std::pair<std::string, std::string>>;

Finding finding_of(std::string kind, Grade grade, Fields fields = {}) {
  return {std::move(kind), grade, "A sentence.", {}, std::move(fields)};
}

Finding source_type(std::string kind, std::string type) {
  return finding_of(std::move(kind), Grade::declared, {{"source_type", std::move(type)}});
}

/// "c" for camera, "s" for synthesis.
std::string sides_of(const Finding& finding) {
  const SpeaksFor speaks = speaks_for(finding);
  return std::string(speaks.camera ? "c" : "") + (speaks.synthesis ? "s" : "");
}

TEST(SpeaksFor, CameraIsWhatCamerasLeave) {
  EXPECT_EQ(sides_of(finding_of("camera_metadata", Grade::declared)), "c");
  EXPECT_EQ(sides_of(finding_of("colour_filter_pattern", Grade::weak)), "c");
}

TEST(SpeaksFor, SynthesisIsWhatGeneratorsLeave) {
  EXPECT_EQ(sides_of(finding_of("generator_mark", Grade::declared)), "s");
  EXPECT_EQ(sides_of(finding_of("novelai_signature", Grade::verified)), "s");
  EXPECT_EQ(sides_of(finding_of("watermark", Grade::watermark)), "s");
  EXPECT_EQ(sides_of(finding_of("possible_watermark", Grade::weak)), "s");
  EXPECT_EQ(sides_of(finding_of("stealth_text", Grade::declared)), "s");
}

TEST(SpeaksFor, SourceTypesAreReadByTheirGroupWhoeverDeclaresThem) {
  for (const char* kind : {"c2pa_source_type", "declared_origin"}) {
    EXPECT_EQ(sides_of(source_type(kind, "digitalCapture")), "c");
    EXPECT_EQ(sides_of(source_type(kind, "computationalCapture")), "c");
    EXPECT_EQ(sides_of(source_type(kind, "trainedAlgorithmicMedia")), "s");
    EXPECT_EQ(sides_of(source_type(kind, "compositeWithTrainedAlgorithmicMedia")), "s");
    EXPECT_EQ(sides_of(source_type(kind, "screenCapture")), "");
    EXPECT_EQ(sides_of(source_type(kind, "humanEdits")), "");
    EXPECT_EQ(sides_of(source_type(kind, "somethingNew")), "");
  }
}

Finding estimate(std::string supports) {
  return finding_of("origin_estimate", Grade::weak,
                    {{"supports", std::move(supports)}, {"log10_lr", "1.20"}});
}

TEST(SpeaksFor, AnEstimateIsReadByWhatItsRatioSupports) {
  EXPECT_EQ(sides_of(estimate("camera")), "c");
  EXPECT_EQ(sides_of(estimate("generated")), "s");
  EXPECT_EQ(sides_of(estimate("inconclusive")), "");
  EXPECT_EQ(sides_of(finding_of("origin_estimate", Grade::weak)), "");
}

TEST(SpeaksFor, CuesWithoutACalibrationAndWhatCannotBeAssessedSpeakForNeither) {
  for (const char* kind : {"origin_cues", "origin_not_assessable"}) {
    EXPECT_EQ(sides_of(finding_of(kind, Grade::fact, {{"supports", "camera"}})), "");
    EXPECT_EQ(sides_of(finding_of(kind, Grade::weak, {{"supports", "camera"}})), "");
  }
}

TEST(SpeaksFor, FieldsForAiSystemsNeedNoSourceType) {
  EXPECT_EQ(sides_of(finding_of("declared_origin", Grade::declared, {{"ai_system", "X"}})), "s");
  EXPECT_EQ(sides_of(finding_of("c2pa_source_type", Grade::declared, {{"uri", "odd"}})), "");
}

TEST(SpeaksFor, WhatIsContradictedOrOfAnotherKindSpeaksForNeither) {
  EXPECT_EQ(sides_of(finding_of("novelai_signature", Grade::contradicted)), "");
  EXPECT_EQ(sides_of(finding_of("camera_metadata", Grade::contradicted)), "");
  EXPECT_EQ(sides_of(finding_of("c2pa_manifest", Grade::verified_trusted)), "");
  EXPECT_EQ(sides_of(finding_of("resampled", Grade::weak)), "");
  EXPECT_EQ(sides_of(finding_of("camera_metadata", Grade::fact)), "");
}

TEST(WeighOrigin, KeepsTheStrongestOfEachAndTheFirstOfEquals) {
  const std::vector<Finding> of_item = {finding_of("type_mismatch", Grade::fact)};
  const std::vector<Finding> of_content = {
      finding_of("colour_filter_pattern", Grade::weak),
      finding_of("camera_metadata", Grade::declared, {{"model", "first"}}),
      finding_of("camera_metadata", Grade::declared, {{"model", "second"}}),
      finding_of("stealth_text", Grade::declared), finding_of("watermark", Grade::watermark)};
  const OriginEvidence evidence = weigh_origin(of_item, of_content);
  EXPECT_EQ(evidence.camera.finding, &of_content[1]);
  EXPECT_EQ(evidence.synthesis.finding, &of_content[4]);
  EXPECT_EQ(grades_of(evidence), (OriginGrades{Grade::declared, Grade::watermark}));
  EXPECT_EQ(grades_of(weigh_origin(of_item, {})), OriginGrades{});
}

TEST(Describe, GivesGradeAndKindAndNothingForNone) {
  const Finding camera = finding_of("camera_metadata", Grade::declared);
  EXPECT_EQ(describe({&camera}), "declared: camera_metadata");
  EXPECT_EQ(describe({}), "");
}

TEST(CameraWords, LetNoNameEndItsQuotesMoveATerminalOrReorderTheSentence) {
  EXPECT_EQ(camera_words(finding_of("camera_metadata", Grade::declared,
                                    {{"model",
                                      "A\" (verified)\x1b[2J\r\n\xe2\x80\xae"
                                      "B"}})),
            "EXIF declares \"A\\x22 (verified)\\x1b[2J\\x0d\\x0a\\xe2\\x80\\xaeB\"");
}

TEST(CameraWords, NameTheCamera) {
  EXPECT_EQ(camera_words(finding_of("camera_metadata", Grade::declared,
                                    {{"make", "Canon"}, {"model", "Canon 5D"}})),
            "EXIF declares \"Canon 5D\"");
  EXPECT_EQ(camera_words(finding_of("camera_metadata", Grade::declared,
                                    {{"make", "NIKON"}, {"model", "D90"}})),
            "EXIF declares \"NIKON D90\"");
  EXPECT_EQ(camera_words(finding_of("camera_metadata", Grade::declared)),
            "EXIF holds fields that cameras fill");
  EXPECT_EQ(camera_words(finding_of("c2pa_source_type", Grade::verified_trusted,
                                    {{"source_type", "digitalCapture"}})),
            "Content Credentials declare \"digitalCapture\"");
  EXPECT_EQ(camera_words(finding_of("colour_filter_pattern", Grade::weak)),
            "the pixels show a colour filter's pattern");
  EXPECT_EQ(camera_words(estimate("camera")),
            "a calibrated detector's ratio (log10 1.20) supports a camera");
}

TEST(CameraWords, CutLongTextsOfTheFileBetweenCharacters) {
  std::string model(kMaxRepeatedBytes - 1, 'x');
  model += "\xc3\xa4 and more";
  EXPECT_EQ(camera_words(finding_of("camera_metadata", Grade::declared, {{"model", model}})),
            "EXIF declares \"" + std::string(kMaxRepeatedBytes - 1, 'x') + "...\"");
}

}  // namespace
}  // namespace safelight::triage
