#include "safelight/seal/sealed_file.h"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <random>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

#include "safelight/base/fault.h"
#include "safelight/bytes/file.h"

namespace safelight {
namespace {

using Bytes = std::vector<std::byte>;

constexpr size_t kHeaderBytes = 72;
constexpr size_t kChunkBytes = size_t{1} << 20;
constexpr size_t kTagBytes = 16;

SealKey key_of(uint8_t first) {
  std::array<std::byte, SealKey::kBytes> bytes{};
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(first + i);
  return SealKey(bytes);
}

SealSalt salt_of(uint8_t first) {
  SealSalt salt{};
  for (size_t i = 0; i < salt.size(); ++i) salt[i] = static_cast<std::byte>(first + i);
  return salt;
}

Bytes noise(size_t size) {
  std::mt19937 random(size + 1);
  Bytes bytes(size);
  for (std::byte& one : bytes) one = static_cast<std::byte>(random());
  return bytes;
}

Bytes sealed(std::span<const std::byte> plain, const SealKey& key, const SealSalt& salt,
             unsigned threads = 1) {
  Descriptor descriptor(::memfd_create("sealed", MFD_CLOEXEC));
  seal(plain, key, salt, descriptor.get(), threads);
  const auto file = FileSource::from_descriptor(std::move(descriptor));
  Bytes bytes(file->size_bytes());
  EXPECT_EQ(file->read_at(0, bytes).value(), bytes.size());
  return bytes;
}

Error unseal_error(Bytes bytes, const SealKey& key) {
  const auto plain = unseal(MemorySource(std::move(bytes)), key, 2);
  EXPECT_FALSE(plain);
  return plain ? Error{} : plain.error();
}

TEST(SealedFile, GivesBackWhatWasSealedOfAnyLength) {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{15}, size_t{16}, kChunkBytes - 1,
                            kChunkBytes, kChunkBytes + 1, 3 * kChunkBytes + 7}) {
    const Bytes plain = noise(size);
    for (const unsigned threads : {1u, 3u}) {
      const Bytes file = sealed(plain, key_of(1), salt_of(2), threads);
      EXPECT_EQ(file.size(), sealed_bytes(size));
      EXPECT_TRUE(is_sealed(MemorySource(file)));
      const auto opened = unseal(MemorySource(file), key_of(1), threads);
      ASSERT_TRUE(opened) << opened.error().rule;
      EXPECT_TRUE(
          std::equal(plain.begin(), plain.end(), opened->bytes().begin(), opened->bytes().end()));
    }
  }
}

TEST(SealedFile, OfTheSameSaltIsTheSameWhateverTheThreads) {
  const Bytes plain = noise(5 * kChunkBytes + 3);
  EXPECT_EQ(sealed(plain, key_of(1), salt_of(2), 1), sealed(plain, key_of(1), salt_of(2), 4));
}

TEST(SealedFile, ShowsNothingOfItsContentAndNothingTwice) {
  const Bytes plain(2 * kChunkBytes);
  const Bytes file = sealed(plain, key_of(1), salt_of(2));
  const auto chunk = [&](size_t number) {
    return std::span(file).subspan(kHeaderBytes + number * (kChunkBytes + kTagBytes), kChunkBytes);
  };
  EXPECT_FALSE(std::equal(chunk(0).begin(), chunk(0).end(), chunk(1).begin()));
  const Bytes other = sealed(plain, key_of(1), salt_of(3));
  EXPECT_FALSE(std::equal(chunk(0).begin(), chunk(0).end(), other.begin() + kHeaderBytes));
}

TEST(SealedFile, OfAnotherKeyIsEncryptedAndNotDamaged) {
  EXPECT_EQ(unseal_error(sealed(noise(100), key_of(1), salt_of(2)), key_of(9)),
            Error::at(ErrorCode::encrypted, "sealed.key", 56));
}

TEST(SealedFile, CutAtAnyLengthIsRefused) {
  const Bytes file = sealed(noise(100), key_of(1), salt_of(2));
  for (size_t length = 0; length < file.size(); ++length) {
    EXPECT_EQ(unseal_error(Bytes(file.begin(), file.begin() + length), key_of(1)),
              Error::at(ErrorCode::truncated, "sealed.length", length));
  }
  Bytes longer = file;
  longer.emplace_back();
  EXPECT_EQ(unseal_error(longer, key_of(1)),
            Error::at(ErrorCode::malformed, "sealed.length", file.size()));
}

TEST(SealedFile, ChangedInAnyBitIsRefusedAtWhatItBreaks) {
  const Bytes file = sealed(noise(40), key_of(1), salt_of(2));
  for (size_t i = 0; i < file.size(); ++i) {
    Bytes changed = file;
    changed[i] ^= std::byte{0x40};
    const Error error = unseal_error(changed, key_of(1));
    if (i < 8) {
      EXPECT_EQ(error, Error::at(ErrorCode::malformed, "sealed.magic", 0));
    } else if (i < 12) {
      EXPECT_EQ(error, Error::at(ErrorCode::unsupported, "sealed.version", 8));
    } else if (i < 16) {
      EXPECT_EQ(error, Error::at(ErrorCode::malformed, "sealed.chunk-bytes", 12));
    } else if (i < 24) {
      EXPECT_EQ(error.rule, "sealed.length") << i;
    } else if (i < kHeaderBytes) {
      EXPECT_EQ(error, Error::at(ErrorCode::encrypted, "sealed.key", 56)) << i;
    } else {
      EXPECT_EQ(error, Error::at(ErrorCode::integrity_mismatch, "sealed.chunk", kHeaderBytes)) << i;
    }
  }
}

TEST(SealedFile, WithChunksExchangedRepeatedOrOfAnotherFileIsRefused) {
  const Bytes plain = noise(3 * kChunkBytes);
  const Bytes file = sealed(plain, key_of(1), salt_of(2));
  const Bytes other = sealed(plain, key_of(1), salt_of(3));
  const auto place = [](size_t chunk) {
    return static_cast<std::ptrdiff_t>(kHeaderBytes + chunk * (kChunkBytes + kTagBytes));
  };
  Bytes exchanged = file;
  std::swap_ranges(exchanged.begin() + place(0), exchanged.begin() + place(1),
                   exchanged.begin() + place(1));
  Bytes repeated = file;
  std::copy(file.begin() + place(0), file.begin() + place(1), repeated.begin() + place(2));
  Bytes mixed = file;
  std::copy(other.begin() + place(1), other.begin() + place(2), mixed.begin() + place(1));
  EXPECT_EQ(unseal_error(exchanged, key_of(1)).offset_bytes, static_cast<uint64_t>(place(0)));
  EXPECT_EQ(unseal_error(repeated, key_of(1)).offset_bytes, static_cast<uint64_t>(place(2)));
  EXPECT_EQ(unseal_error(mixed, key_of(1)),
            Error::at(ErrorCode::integrity_mismatch, "sealed.chunk", place(1)));
}

TEST(SealedFile, OfALengthThatNobodyHasIsRefusedBeforeMemoryIsTaken) {
  Bytes file = sealed(noise(40), key_of(1), salt_of(2));
  file[21] = std::byte{1};
  EXPECT_EQ(unseal_error(file, key_of(1)),
            Error::at(ErrorCode::truncated, "sealed.length", file.size()));
  file[22] = std::byte{1};
  EXPECT_EQ(unseal_error(file, key_of(1)),
            Error::at(ErrorCode::limit_exceeded, "sealed.length", 16));
}

TEST(SealedFile, ThatCannotBeWrittenIsAFault) {
  const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  EXPECT_THROW(seal(noise(kChunkBytes + 1), key_of(1), salt_of(2), full.get(), 2), Fault);
}

/// The example of docs/formats/sealed_file.md.
TEST(SealedFile, IsAsTheDocumentSays) {
  const Bytes plain = {std::byte{'r'}, std::byte{'e'}, std::byte{'d'}};
  const Bytes file = sealed(plain, key_of(0), salt_of(0x20));
  std::string text;
  for (const std::byte one : file) {
    constexpr char kDigits[] = "0123456789abcdef";
    text += kDigits[std::to_integer<int>(one) >> 4];
    text += kDigits[std::to_integer<int>(one) & 15];
  }
  EXPECT_EQ(text,
            "534c5345414c454401000000000010000300000000000000"
            "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
            "f73fe02ca7def9e66deb2a6fed4b31a1"
            "c5c70c65d876d4b9c83e3bdaba01fa4a5dce31");
}

TEST(SealedFile, HasASaltThatIsNeverTheSame) { EXPECT_NE(random_seal_salt(), random_seal_salt()); }

TEST(SecretBytes, AreZeroedAndMayBeMoved) {
  SecretBytes bytes(5000);
  EXPECT_TRUE(std::all_of(bytes.bytes().begin(), bytes.bytes().end(),
                          [](std::byte one) { return one == std::byte{0}; }));
  bytes.bytes()[4999] = std::byte{7};
  SecretBytes moved(std::move(bytes));
  SecretBytes again;
  again = std::move(moved);
  ASSERT_EQ(again.bytes().size(), 5000u);
  EXPECT_EQ(again.bytes()[4999], std::byte{7});
}

}  // namespace
}  // namespace safelight
