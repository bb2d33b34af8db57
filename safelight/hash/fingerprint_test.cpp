#include "safelight/hash/fingerprint.h"

#include <gtest/gtest.h>

namespace safelight {
namespace {

constexpr std::string_view kText =
    "d8f8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b22";

TEST(Fingerprint, TextReadsBack) {
  const auto fingerprint = parse_fingerprint(kText);
  ASSERT_TRUE(fingerprint);
  EXPECT_EQ(to_hex(*fingerprint), kText);
}

TEST(Fingerprint, TheFirstDigitHoldsBit255) {
  std::string text(64, '0');
  text[0] = '8';
  EXPECT_EQ(parse_fingerprint(text)->words[3], uint64_t{1} << 63);
  text[0] = '0';
  text[63] = '1';
  EXPECT_EQ(parse_fingerprint(text)->words[0], 1u);
}

TEST(Fingerprint, BytesAreThoseOfTheText) {
  const auto fingerprint = parse_fingerprint(kText);
  ASSERT_TRUE(fingerprint);
  const FingerprintBytes bytes = to_bytes(*fingerprint);
  EXPECT_EQ(bytes[0], 0xd8);
  EXPECT_EQ(bytes[31], 0x22);
  EXPECT_EQ(fingerprint_from_bytes(bytes), *fingerprint);
}

TEST(Fingerprint, RefusesTextThatIsNotOne) {
  EXPECT_FALSE(parse_fingerprint(""));
  EXPECT_FALSE(parse_fingerprint(kText.substr(1)));
  std::string text(kText);
  text[10] = 'g';
  EXPECT_EQ(parse_fingerprint(text).error(), Error::at(ErrorCode::malformed, "hex.digit", 10));
}

TEST(HammingDistance, CountsDifferingBits) {
  const Fingerprint zero;
  const Fingerprint ones{{~0ull, ~0ull, ~0ull, ~0ull}};
  EXPECT_EQ(hamming_distance(zero, zero), 0u);
  EXPECT_EQ(hamming_distance(zero, ones), 256u);
  EXPECT_EQ(hamming_distance(zero, Fingerprint{{1, 0, 3, 0}}), 3u);
}

}  // namespace
}  // namespace safelight
