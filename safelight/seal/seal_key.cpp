#include "safelight/seal/seal_key.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <string>
#include <string_view>
#include <sys/random.h>

#include "safelight/base/fault.h"
#include "safelight/bytes/file.h"
#include "safelight/bytes/private_file.h"
#include "safelight/hash/digests.h"

namespace safelight {
namespace {

constexpr size_t kDigits = 2 * SealKey::kBytes;

/// The text of a key file, wiped when it goes.
struct KeyText {
  std::array<char, kDigits + 2> characters{};
  KeyText() = default;
  KeyText(const KeyText&) = delete;
  KeyText& operator=(const KeyText&) = delete;
  ~KeyText() { OPENSSL_cleanse(characters.data(), characters.size()); }
};

}  // namespace

SealKey::SealKey(std::span<const std::byte, kBytes> bytes) {
  std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

SealKey::~SealKey() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

Result<SealKey> SealKey::read(const std::filesystem::path& file) {
  SAFELIGHT_TRY(const FileSource source, FileSource::open(AT_FDCWD, file.c_str()));
  if (!is_private(source)) return Error{ErrorCode::unreadable, "seal-key.permissions"};
  KeyText text;
  SAFELIGHT_TRY(const size_t count,
                source.read_at(0, std::as_writable_bytes(std::span(text.characters))));
  const bool one_line =
      count == kDigits || (count == kDigits + 1 && text.characters[kDigits] == '\n');
  if (!one_line) return Error::at(ErrorCode::malformed, "seal-key.text", std::min(count, kDigits));
  std::array<uint8_t, kBytes> bytes{};
  const auto read = from_hex({text.characters.data(), kDigits}, bytes);
  if (!read) return Error::at(ErrorCode::malformed, "seal-key.text", read.error().offset_bytes);
  SealKey key(std::as_bytes(std::span(bytes)));
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return key;
}

void SealKey::make_file(const std::filesystem::path& file) {
  std::array<uint8_t, kBytes> random{};
  // Up to 256 bytes come whole (getrandom(2)).
  if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(kBytes)) {
    throw Fault::from_errno("cannot get random bytes for a key", errno);
  }
  std::string text = to_hex(random) + "\n";
  // Wiped also where the file cannot be made.
  const auto wipe = [&] {
    OPENSSL_cleanse(random.data(), random.size());
    OPENSSL_cleanse(text.data(), text.size());
  };
  try {
    make_private_file(file, std::as_bytes(std::span(text)));
  } catch (...) {
    wipe();
    throw;
  }
  wipe();
}

}  // namespace safelight
