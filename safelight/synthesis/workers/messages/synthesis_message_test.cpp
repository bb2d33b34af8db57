#include "safelight/synthesis/workers/messages/synthesis_message.h"

#include <bit>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "safelight/base/byte_writer.h"
#include "safelight/sandbox/worker.h"

namespace safelight::synthesis {
namespace {

DetectorIdentity identity(std::string name) {
  DetectorIdentity out{std::move(name), {}, {}};
  out.model.bytes[31] = 5;
  out.preprocessing.bytes[0] = 9;
  return out;
}

DetectorRecord scored() {
  return {identity("cues"),
          {.score = -2.5,
           .not_assessable = {},
           .stratum = {SizeBand::large, CompressionBand::medium},
           .cues = {{"slope", 0.25}, {"", -1e300}}}};
}

DetectorRecord not_scored() {
  return {identity("cues"),
          {.score = std::nullopt, .not_assessable = "too small", .stratum = {}, .cues = {}}};
}

AssessRequest assess_request() {
  AssessRequest request;
  request.format = codec::Format::png;
  request.offset_bytes = 5;
  request.length_bytes = 6;
  request.stored_as = Storage::other_lossy;
  request.condition = "jpeg_60";
  request.limits.max_pixels = 99;
  return request;
}

std::vector<SynthesisRecord> every_record() {
  return {Description{{identity("cues"), identity("")}, {"a plug-in was refused"}},
          WorkBegun{},
          WorkBegun{79},
          scored(),
          not_scored(),
          NotApplicable{"the picture is smaller than the part to be cut out"}};
}

template <typename T>
T decoded(const SynthesisRecord& record) {
  const auto back = decode_synthesis_record(encode(record));
  if (!back || !std::holds_alternative<T>(*back)) throw std::runtime_error("another record");
  return std::get<T>(*back);
}

TEST(SynthesisRecord, EveryKindReadsBack) {
  for (const auto& record : every_record()) {
    const auto bytes = encode(record);
    const auto back = decode_synthesis_record(bytes);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->index(), record.index());
    EXPECT_EQ(encode(*back), bytes);
  }
  EXPECT_EQ(decoded<DetectorRecord>(scored()).assessment.score, -2.5);
  EXPECT_EQ(decoded<DetectorRecord>(scored()).assessment.stratum,
            (Stratum{SizeBand::large, CompressionBand::medium}));
  EXPECT_EQ(decoded<DetectorRecord>(scored()).assessment.cues, scored().assessment.cues);
  EXPECT_EQ(decoded<DetectorRecord>(scored()).detector, identity("cues"));
  EXPECT_EQ(decoded<DetectorRecord>(not_scored()).assessment.not_assessable, "too small");
  EXPECT_EQ(decoded<WorkBegun>(WorkBegun{}).detector, std::nullopt);
  EXPECT_EQ(decoded<WorkBegun>(WorkBegun{79}).detector, 79);
  EXPECT_EQ(decoded<Description>(every_record()[0]).remarks[0], "a plug-in was refused");
}

TEST(SynthesisRecord, EveryTruncationIsRefused) {
  for (const auto& record : every_record()) {
    const auto bytes = encode(record);
    for (size_t length = 0; length < bytes.size(); ++length) {
      const auto cut = decode_synthesis_record(std::span(bytes).first(length));
      ASSERT_FALSE(cut) << length;
      EXPECT_EQ(cut.error().code, ErrorCode::truncated) << length;
    }
  }
}

/// The error of `record` with the bytes at `offset` replaced.
Error error_with(const SynthesisRecord& record, size_t offset, std::initializer_list<int> values) {
  auto bytes = encode(record);
  for (const int value : values) bytes.at(offset++) = static_cast<std::byte>(value);
  const auto result = decode_synthesis_record(bytes);
  return result ? Error{ErrorCode::not_found, "no error"} : result.error();
}

TEST(SynthesisRecord, ValuesOutOfRangeAreRefusedWhereTheyStand) {
  EXPECT_EQ(error_with(WorkBegun{}, 0, {2}),
            Error::at(ErrorCode::unsupported, "synthesis-message.version", 0));
  EXPECT_EQ(error_with(WorkBegun{}, 1, {4}),
            Error::at(ErrorCode::malformed, "synthesis-message.record-kind", 1));
  EXPECT_EQ(error_with(WorkBegun{1}, 2, {80, 0}),
            Error::at(ErrorCode::malformed, "synthesis-message.detector", 2));
  EXPECT_EQ(error_with(NotApplicable{"x"}, 2, {1, 2, 0, 0}),
            Error::at(ErrorCode::limit_exceeded, "synthesis-message.text-length", 2));
  EXPECT_EQ(error_with(Description{}, 2, {81, 0}),
            Error::at(ErrorCode::limit_exceeded, "synthesis-message.detectors", 2));
  EXPECT_EQ(error_with(Description{}, 4, {65, 0}),
            Error::at(ErrorCode::limit_exceeded, "synthesis-message.remarks", 4));
  // A record of a detector without a name: 4 bytes of length and both digests, 2 to 69.
  const DetectorRecord plain{{}, {.score = 1.0, .not_assessable = {}, .stratum = {}, .cues = {}}};
  EXPECT_EQ(error_with(plain, 70, {2}),
            Error::at(ErrorCode::malformed, "synthesis-message.has-score", 70));
  EXPECT_EQ(error_with(plain, 79, {2}),
            Error::at(ErrorCode::malformed, "synthesis-message.size-band", 79));
  EXPECT_EQ(error_with(plain, 80, {4}),
            Error::at(ErrorCode::malformed, "synthesis-message.compression-band", 80));
  EXPECT_EQ(error_with(plain, 81, {1, 1}),
            Error::at(ErrorCode::limit_exceeded, "synthesis-message.cues", 81));
}

TEST(SynthesisRecord, NumbersThatAreNotFiniteAreRefused) {
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(),
                           std::numeric_limits<double>::infinity(), -HUGE_VAL}) {
    ByteWriter number;
    number.u64_le(std::bit_cast<uint64_t>(bad));
    DetectorRecord plain{{},
                         {.score = 1.0, .not_assessable = {}, .stratum = {}, .cues = {{"", 1}}}};
    auto bytes = encode(SynthesisRecord(plain));
    std::copy(number.view().begin(), number.view().end(), bytes.begin() + 71);
    EXPECT_EQ(decode_synthesis_record(bytes).error(),
              Error::at(ErrorCode::malformed, "synthesis-message.number", 71));
    bytes = encode(SynthesisRecord(plain));
    std::copy(number.view().begin(), number.view().end(), bytes.begin() + 87);
    EXPECT_EQ(decode_synthesis_record(bytes).error(),
              Error::at(ErrorCode::malformed, "synthesis-message.number", 87));
  }
}

TEST(SynthesisRecord, NoScoreNeedsAReason) {
  EXPECT_EQ(decode_synthesis_record(encode(SynthesisRecord(NotApplicable{}))).error(),
            Error::at(ErrorCode::malformed, "synthesis-message.no-reason", 2));
  EXPECT_EQ(decode_synthesis_record(encode(SynthesisRecord(DetectorRecord{}))).error(),
            Error::at(ErrorCode::malformed, "synthesis-message.no-reason", 71));
}

TEST(SynthesisRecord, WhatIsOverABoundIsCut) {
  DetectorRecord record = not_scored();
  record.assessment.not_assessable.assign(2'000, 'x');
  record.assessment.cues.assign(300, {std::string(1'000, 'c'), 1});
  const auto back = decoded<DetectorRecord>(record);
  EXPECT_EQ(back.assessment.not_assessable.size(), kMaxReasonBytes);
  EXPECT_EQ(back.assessment.cues.size(), kMaxCues);
  EXPECT_EQ(back.assessment.cues[0].name.size(), kMaxCueTextBytes);
  record.detector.name.assign(1'000, 'n');
  EXPECT_LE(encode(SynthesisRecord(record)).size(), sandbox::kMaxMessageBytes);
  Description description;
  description.detectors.assign(kMaxDetectors, identity(std::string(1'000, 'n')));
  description.remarks.assign(100, std::string(1'000, 'r'));
  EXPECT_EQ(decoded<Description>(description).remarks.size(), kMaxLoadingRemarks);
  EXPECT_LE(encode(SynthesisRecord(description)).size(), sandbox::kMaxMessageBytes);
}

TEST(SynthesisRecord, LeftOverBytesAreRefused) {
  auto bytes = encode(SynthesisRecord(WorkBegun{}));
  bytes.push_back(std::byte{0});
  EXPECT_EQ(decode_synthesis_record(bytes).error(),
            Error::at(ErrorCode::malformed, "synthesis-message.trailing-bytes", 4));
}

TEST(SynthesisRequest, ReadsBack) {
  for (const SynthesisRequest& request :
       {SynthesisRequest(DescribeRequest{}), SynthesisRequest(assess_request())}) {
    const auto bytes = encode(request);
    const auto back = decode_synthesis_request(bytes);
    ASSERT_TRUE(back);
    EXPECT_EQ(encode(*back), bytes);
    for (size_t length = 0; length < bytes.size(); ++length) {
      EXPECT_EQ(decode_synthesis_request(std::span(bytes).first(length)).error().code,
                ErrorCode::truncated);
    }
  }
  const auto back = decode_synthesis_request(encode(SynthesisRequest(assess_request())));
  EXPECT_EQ(std::get<AssessRequest>(*back).condition, "jpeg_60");
  EXPECT_EQ(std::get<AssessRequest>(*back).stored_as, Storage::other_lossy);
  EXPECT_EQ(std::get<AssessRequest>(*back).limits.max_pixels, 99u);
}

TEST(SynthesisRequest, ValuesOutOfRangeAreRefusedWhereTheyStand) {
  const auto good = encode(SynthesisRequest(assess_request()));
  const auto with = [&](size_t offset, uint8_t value) {
    auto bytes = good;
    bytes[offset] = std::byte{value};
    return decode_synthesis_request(bytes).error();
  };
  EXPECT_EQ(with(0, 0), Error::at(ErrorCode::unsupported, "synthesis-message.version", 0));
  EXPECT_EQ(with(1, 2), Error::at(ErrorCode::malformed, "synthesis-message.request-kind", 1));
  EXPECT_EQ(with(1, 0), Error::at(ErrorCode::malformed, "synthesis-message.trailing-bytes", 2));
  EXPECT_EQ(with(2, 200), Error::at(ErrorCode::malformed, "synthesis-message.format", 2));
  EXPECT_EQ(with(19, 4), Error::at(ErrorCode::malformed, "synthesis-message.stored-as", 19));
  EXPECT_EQ(with(20, 65),
            Error::at(ErrorCode::limit_exceeded, "synthesis-message.text-length", 20));
}

}  // namespace
}  // namespace safelight::synthesis
