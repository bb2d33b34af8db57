#include "safelight/digest/sha256_stream.h"

#include <gtest/gtest.h>
#include <string_view>

namespace safelight {
namespace {

// Source: the examples of FIPS 180-4.
constexpr std::string_view kOfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::string_view kOfAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

TEST(Sha256Of, GivesTheDigestOfFips180) {
  EXPECT_EQ(to_hex(sha256_of(bytes_of("abc"))), kOfAbc);
  EXPECT_EQ(to_hex(sha256_of({})), kOfNothing);
}

TEST(Sha256Stream, TakesBytesInPieces) {
  Sha256Stream stream;
  stream.update(bytes_of("a"));
  stream.update({});
  stream.update(bytes_of("bc"));
  EXPECT_EQ(to_hex(stream.finish()), kOfAbc);
}

TEST(Sha256Stream, StartsAnewAfterFinish) {
  Sha256Stream stream;
  stream.update(bytes_of("other"));
  (void)stream.finish();
  EXPECT_EQ(to_hex(stream.finish()), kOfNothing);
  stream.update(bytes_of("abc"));
  EXPECT_EQ(to_hex(stream.finish()), kOfAbc);
}

TEST(Sha256Stream, GoesOnAfterDigest) {
  Sha256Stream stream;
  EXPECT_EQ(to_hex(stream.digest()), kOfNothing);
  stream.update(bytes_of("ab"));
  EXPECT_EQ(stream.digest(), sha256_of(bytes_of("ab")));
  stream.update(bytes_of("c"));
  EXPECT_EQ(to_hex(stream.digest()), kOfAbc);
}

}  // namespace
}  // namespace safelight
