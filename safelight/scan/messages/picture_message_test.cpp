#include "safelight/scan/messages/picture_message.h"

#include <gtest/gtest.h>

namespace safelight::scan {
namespace {

PictureRecord sample() {
  PictureRecord record;
  record.member = codec::Member{codec::Member::Kind::mpf_picture, 2, 100, 200, codec::Format::jpeg};
  record.width = 640;
  record.height = 480;
  record.content_credentials = true;
  record.exif_orientation = 6;
  record.incomplete = Error::near(ErrorCode::truncated, "jpeg.data", 77);
  record.unhashable = Error{ErrorCode::unsupported, "pdq.side-under-5"};
  PdqHashes hashes;
  hashes.quality = 88;
  hashes.fingerprints[7].words[3] = 42;
  record.hashes = {hashes};
  record.remarks = {{"trailing_data", "Data after the picture.", 10, 20, true}};
  return record;
}

TEST(PictureRecord, ReadsBack) {
  const auto bytes = encode(sample());
  const auto record = decode_picture_record(bytes);
  ASSERT_TRUE(record);
  EXPECT_EQ(encode(*record), bytes);
  EXPECT_TRUE(record->content_credentials);
  EXPECT_EQ(record->member->index, 2u);
  EXPECT_EQ(record->hashes, sample().hashes);
  EXPECT_EQ(record->incomplete, sample().incomplete);
  EXPECT_EQ(record->remarks[0].statement, "Data after the picture.");
}

TEST(PictureRecord, EveryTruncationIsRefused) {
  const auto bytes = encode(sample());
  for (size_t length = 0; length < bytes.size(); ++length) {
    const auto record = decode_picture_record(std::span(bytes).first(length));
    ASSERT_FALSE(record) << length;
    EXPECT_EQ(record.error().code, ErrorCode::truncated) << length;
  }
}

TEST(PictureRecord, ValuesOutOfRangeAreRefusedWhereTheyStand) {
  PictureRecord plain;
  plain.width = 1;
  const auto good = encode(plain);
  const auto with = [&](size_t offset, uint8_t value) {
    auto bytes = good;
    bytes[offset] = std::byte{value};
    return decode_picture_record(bytes).error();
  };
  EXPECT_EQ(with(0, 1), Error::at(ErrorCode::malformed, "worker-record.kind", 0));
  EXPECT_EQ(with(1, 9), Error::at(ErrorCode::unsupported, "picture-message.version", 1));
  EXPECT_EQ(with(11, 0), Error::at(ErrorCode::malformed, "picture-message.orientation", 11));
  EXPECT_EQ(with(11, 9), Error::at(ErrorCode::malformed, "picture-message.orientation", 11));
  EXPECT_EQ(with(12, 3), Error::at(ErrorCode::limit_exceeded, "picture-message.modes", 12));
  EXPECT_EQ(with(14, 2), Error::at(ErrorCode::limit_exceeded, "picture-message.remarks", 13));
  auto longer = good;
  longer.push_back(std::byte{0});
  EXPECT_EQ(decode_picture_record(longer).error(),
            Error::at(ErrorCode::malformed, "picture-message.trailing-bytes", good.size()));
}

TEST(PictureRequest, ReadsBack) {
  PictureRequest request;
  request.format = codec::Format::heif;
  request.offset_bytes = 5;
  request.length_bytes = 6;
  request.asked = {{false, true}, OriginScope::pixels};
  request.prompts = PromptTexts::wanted;
  request.purpose = Purpose::rendition;
  request.rendition = {RenditionStyle::colour, kMaxRenditionSide};
  request.member = 7;
  request.limits.max_pixels = 99;
  const auto bytes = encode(request);
  const auto back = decode_picture_request(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(encode(*back), bytes);
  EXPECT_EQ(back->asked, request.asked);
  EXPECT_EQ(back->prompts, request.prompts);
  EXPECT_EQ(back->purpose, request.purpose);
  EXPECT_EQ(back->rendition.style, RenditionStyle::colour);
  EXPECT_EQ(back->rendition.max_side, kMaxRenditionSide);
  EXPECT_EQ(back->member, 7u);
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(decode_picture_request(std::span(bytes).first(length)));
  }
}

TEST(PictureRequest, ValuesOutOfRangeAreRefusedWhereTheyStand) {
  const auto good = encode(PictureRequest{});
  ASSERT_TRUE(decode_picture_request(good));
  EXPECT_FALSE(decode_picture_request(good)->member);
  const auto with = [&](size_t offset, uint8_t value) {
    auto bytes = good;
    bytes[offset] = std::byte{value};
    return decode_picture_request(bytes).error();
  };
  EXPECT_EQ(with(5, 3), Error::at(ErrorCode::malformed, "picture-message.purpose", 5));
  EXPECT_EQ(with(6, 4), Error::at(ErrorCode::malformed, "picture-message.style", 6));
  EXPECT_EQ(with(7, 0), Error::at(ErrorCode::malformed, "picture-message.max-side", 7));
  EXPECT_EQ(with(8, 17), Error::at(ErrorCode::malformed, "picture-message.max-side", 7));
  EXPECT_EQ(with(11, 2), Error::at(ErrorCode::malformed, "picture-message.member-presence", 11));
  EXPECT_EQ(with(12, 1), Error::at(ErrorCode::malformed, "picture-message.member-presence", 11));
}

}  // namespace
}  // namespace safelight::scan
