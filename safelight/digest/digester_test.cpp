#include "safelight/digest/digester.h"

#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

namespace safelight {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::vector<std::byte> random_bytes(size_t size, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::byte> bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::byte>(random());
  return bytes;
}

std::string md5_hex(std::string_view text) {
  Digester digester;
  return to_hex(digest(digester, bytes_of(text)).md5);
}

TEST(Digester, GivesTheMd5OfRfc1321) {
  EXPECT_EQ(md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5_hex("a"), "0cc175b9c0f1b6a831c399e269772661");
  EXPECT_EQ(md5_hex("abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(md5_hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(md5_hex("abcdefghijklmnopqrstuvwxyz"), "c3fcd3d76192e4007dfb496cca67e13b");
  EXPECT_EQ(md5_hex("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
            "d174ab98d277d9f5a5611c2c9f419d9f");
  EXPECT_EQ(
      md5_hex("12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
      "57edf4a22be3c955ac49da2e2107b67a");
}

// FIPS 180-4; the examples that NIST publishes with it ("SHA1.pdf", "SHA256.pdf").
TEST(Digester, GivesTheShaDigestsOfFips180) {
  Digester digester;
  const auto abc = digest(digester, bytes_of("abc"));
  EXPECT_EQ(to_hex(abc.sha1), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(to_hex(abc.sha256), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const auto two_blocks =
      digest(digester, bytes_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"));
  EXPECT_EQ(to_hex(two_blocks.sha1), "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  EXPECT_EQ(to_hex(two_blocks.sha256),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  const auto million = digest(digester, bytes_of(std::string(1'000'000, 'a')));
  EXPECT_EQ(to_hex(million.sha1), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
  EXPECT_EQ(to_hex(million.sha256),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  EXPECT_EQ(million.size_bytes, 1'000'000u);
}

TEST(Digester, GivesTheDigestsOfNothing) {
  Digester digester;
  const auto set = digester.finish();
  EXPECT_EQ(to_hex(set.md5), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(to_hex(set.sha1), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(to_hex(set.sha256), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(set.size_bytes, 0u);
}

TEST(Digester, DoesNotDependOnHowTheBytesArePieced) {
  const auto bytes = random_bytes(200'000, 1);
  Digester digester;
  const auto whole = digest(digester, bytes);
  std::mt19937_64 random(2);
  for (int round = 0; round < 20; ++round) {
    std::span<const std::byte> rest(bytes);
    while (!rest.empty()) {
      const size_t size = std::min<size_t>(rest.size(), random() % 70'000);
      digester.update(rest.first(size));
      rest = rest.subspan(size);
    }
    EXPECT_EQ(digester.finish(), whole);
  }
}

TEST(Digester, ResetForgetsWhatWasAdded) {
  Digester digester;
  digester.update(bytes_of("something else"));
  digester.reset();
  digester.update(bytes_of("abc"));
  EXPECT_EQ(to_hex(digester.finish().md5), "900150983cd24fb0d6963f7d28e17f72");
}

TEST(DigestOfSource, ReadsAllOfItAndShowsTheHeadOnce) {
  Digester digester;
  std::vector<std::byte> scratch(1000);
  for (const size_t size : {0u, 1u, 999u, 1000u, 1001u, 2000u, 5555u}) {
    const auto bytes = random_bytes(size, size);
    int calls = 0;
    const auto set = digest(digester, MemorySource(bytes), scratch, [&](auto head) {
      ++calls;
      EXPECT_TRUE(std::equal(head.begin(), head.end(), bytes.begin()));
      EXPECT_EQ(head.size(), std::min<size_t>(size, 1000));
    });
    ASSERT_TRUE(set) << size;
    EXPECT_EQ(*set, digest(digester, bytes)) << size;
    EXPECT_EQ(calls, 1) << size;
  }
}

/// A source with a bad sector.
class BadSectorSource final : public ByteSource {
 public:
  [[nodiscard]] uint64_t size_bytes() const override { return 10'000; }
  Result<size_t> read_at(uint64_t offset_bytes, std::span<std::byte> out) const override {
    if (offset_bytes + out.size() > 4096)
      return Error::at(ErrorCode::unreadable, "file.read", 4096);
    return out.size();
  }
};

TEST(DigestOfSource, ABadSectorIsUnreadableAndLeavesTheDigesterReady) {
  Digester digester;
  std::vector<std::byte> scratch(1024);
  const auto set = digest(digester, BadSectorSource(), scratch);
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error(), Error::at(ErrorCode::unreadable, "file.read", 4096));
  EXPECT_EQ(to_hex(digester.finish().md5), "d41d8cd98f00b204e9800998ecf8427e");
}

}  // namespace
}  // namespace safelight
