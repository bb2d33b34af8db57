#include "safelight/scan/messages/provenance_message.h"

#include <gtest/gtest.h>

namespace safelight::scan {
namespace {

ProvenanceRequest sample() {
  ProvenanceRequest request;
  request.offset_bytes = 5;
  request.length_bytes = 6;
  request.wants_credentials = true;
  request.has_store = true;
  request.clock_s = -7;
  request.trust_digest.bytes[31] = 9;
  request.trust = {{TrustRole::signers, "anchors.pem", "2026-11-01"},
                   {TrustRole::signer_usages, "usages.cfg", ""}};
  return request;
}

TEST(ProvenanceRequest, ReadsBack) {
  const auto back = decode_provenance_request(encode(sample()));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, sample());
}

TEST(ProvenanceRequest, EveryTruncationIsRefused) {
  const auto bytes = encode(sample());
  for (size_t length = 0; length < bytes.size(); ++length) {
    const auto back = decode_provenance_request(std::span(bytes).first(length));
    ASSERT_FALSE(back) << length;
    EXPECT_EQ(back.error().code, ErrorCode::truncated) << length;
  }
}

TEST(ProvenanceRequest, ValuesOutOfRangeAreRefusedWhereTheyStand) {
  const auto good = encode(sample());
  const auto with = [&](size_t offset, uint8_t value) {
    auto bytes = good;
    bytes[offset] = std::byte{value};
    return decode_provenance_request(bytes).error();
  };
  EXPECT_EQ(with(0, 2), Error::at(ErrorCode::unsupported, "provenance-message.version", 0));
  EXPECT_EQ(with(58, 33),
            Error::at(ErrorCode::limit_exceeded, "provenance-message.trust-files", 58));
  EXPECT_EQ(with(59, 4), Error::at(ErrorCode::malformed, "provenance-message.trust-role", 59));
  EXPECT_EQ(with(61, 255),
            Error::at(ErrorCode::limit_exceeded, "provenance-message.text-length", 60));
  auto longer = good;
  longer.push_back(std::byte{0});
  EXPECT_EQ(decode_provenance_request(longer).error(),
            Error::at(ErrorCode::malformed, "provenance-message.trailing-bytes", good.size()));
}

}  // namespace
}  // namespace safelight::scan
