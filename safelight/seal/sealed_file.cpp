#include "safelight/seal/sealed_file.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <mutex>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <optional>
#include <string_view>
#include <sys/random.h>
#include <unistd.h>
#include <vector>

#include "safelight/base/byte_reader.h"
#include "safelight/base/byte_writer.h"
#include "safelight/base/fault.h"
#include "safelight/base/share_work.h"

namespace safelight {
namespace {

constexpr std::string_view kMagic = "SLSEALED";
constexpr uint32_t kVersion = 1;
constexpr uint64_t kChunkBytes = uint64_t{1} << 20;
constexpr size_t kTagBytes = 16;
constexpr size_t kKeyIdBytes = 16;
constexpr size_t kHeaderBytes = 72;
/// So that no sum of lengths overflows; far over what any machine holds.
constexpr uint64_t kMaxPlainBytes = uint64_t{1} << 48;

using Bytes32 = std::array<std::byte, 32>;
using Header = std::array<std::byte, kHeaderBytes>;

const unsigned char* unsigned_of(const std::byte* bytes) {
  return reinterpret_cast<const unsigned char*>(bytes);
}
unsigned char* unsigned_of(std::byte* bytes) { return reinterpret_cast<unsigned char*>(bytes); }

void require(bool done) {
  if (!done) throw Fault("OpenSSL does not offer AES-256-GCM and HKDF with SHA-256");
}

/// HKDF with SHA-256 (RFC 5869), 32 bytes for the purpose that `info` names.
Bytes32 derive(const SealKey& key, const SealSalt& salt, std::string_view info) {
  struct FreeMethod {
    void operator()(EVP_KDF* method) const { EVP_KDF_free(method); }
  };
  struct FreeContext {
    void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
  };
  const std::unique_ptr<EVP_KDF, FreeMethod> method(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  const std::unique_ptr<EVP_KDF_CTX, FreeContext> context(EVP_KDF_CTX_new(method.get()));
  require(context != nullptr);
  // OpenSSL takes all parameters as if it might write to them; it reads these.
  const auto octets = [](const char* name, const void* data, size_t size) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<void*>(data), size);
  };
  std::array<char, 7> digest = {"SHA256"};
  const std::array parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      octets(OSSL_KDF_PARAM_KEY, key.bytes().data(), key.bytes().size()),
      octets(OSSL_KDF_PARAM_SALT, salt.data(), salt.size()),
      octets(OSSL_KDF_PARAM_INFO, info.data(), info.size()), OSSL_PARAM_construct_end()};
  Bytes32 out{};
  require(EVP_KDF_derive(context.get(), unsigned_of(out.data()), out.size(), parameters.data()) ==
          1);
  return out;
}

/// The key of one file, wiped when it goes.
class FileKey {
 public:
  FileKey(const SealKey& key, const SealSalt& salt)
      : bytes_(derive(key, salt, "safelight sealed file")) {}
  FileKey(const FileKey&) = delete;
  FileKey& operator=(const FileKey&) = delete;
  ~FileKey() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }
  [[nodiscard]] const unsigned char* data() const { return unsigned_of(bytes_.data()); }

 private:
  Bytes32 bytes_;
};

/// Tells a wrong key from a damaged file, and nothing about the key.
std::array<std::byte, kKeyIdBytes> key_id(const SealKey& key, const SealSalt& salt) {
  const Bytes32 derived = derive(key, salt, "safelight sealed file: key id");
  std::array<std::byte, kKeyIdBytes> id{};
  std::copy_n(derived.begin(), id.size(), id.begin());
  return id;
}

Header header_of(uint64_t plain_bytes, const SealKey& key, const SealSalt& salt) {
  ByteWriter out;
  out.text(kMagic);
  out.u32_le(kVersion);
  out.u32_le(static_cast<uint32_t>(kChunkBytes));
  out.u64_le(plain_bytes);
  out.bytes(salt);
  out.bytes(key_id(key, salt));
  Header header{};
  std::copy(out.view().begin(), out.view().end(), header.begin());
  return header;
}

uint64_t chunks_of(uint64_t plain_bytes) { return (plain_bytes + kChunkBytes - 1) / kChunkBytes; }

/// One context of AES-256-GCM, used for many chunks.
class ChunkCipher {
 public:
  ChunkCipher(const FileKey& key, const Header& header) : key_(key), header_(header) {
    method_.reset(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
    context_.reset(EVP_CIPHER_CTX_new());
    require(method_ && context_);
  }

  /// `out` is as long as `plain` and the tag.
  void seal(uint64_t number, std::span<const std::byte> plain, std::span<std::byte> out) {
    start(number, EVP_EncryptInit_ex2);
    int done = 0;
    require(EVP_EncryptUpdate(context_.get(), nullptr, &done, unsigned_of(header_.data()),
                              static_cast<int>(header_.size())) == 1 &&
            EVP_EncryptUpdate(context_.get(), unsigned_of(out.data()), &done,
                              unsigned_of(plain.data()), static_cast<int>(plain.size())) == 1 &&
            EVP_EncryptFinal_ex(context_.get(), unsigned_of(out.data()) + done, &done) == 1 &&
            EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes,
                                out.data() + plain.size()) == 1);
  }

  /// Whether the chunk is what was sealed as that number; `plain` holds it then.
  bool unseal(uint64_t number, std::span<std::byte> sealed, std::span<std::byte> plain) {
    start(number, EVP_DecryptInit_ex2);
    int done = 0;
    require(EVP_DecryptUpdate(context_.get(), nullptr, &done, unsigned_of(header_.data()),
                              static_cast<int>(header_.size())) == 1 &&
            EVP_DecryptUpdate(context_.get(), unsigned_of(plain.data()), &done,
                              unsigned_of(sealed.data()), static_cast<int>(plain.size())) == 1 &&
            EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_SET_TAG, kTagBytes,
                                sealed.data() + plain.size()) == 1);
    return EVP_DecryptFinal_ex(context_.get(), unsigned_of(plain.data()) + done, &done) == 1;
  }

 private:
  struct FreeMethod {
    void operator()(EVP_CIPHER* method) const { EVP_CIPHER_free(method); }
  };
  struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  };

  template <typename Init>
  void start(uint64_t number, const Init& init) {
    // A file has a key of its own, so that the number of the chunk is a nonce that occurs once.
    ByteWriter nonce;
    nonce.u64_le(number);
    nonce.u32_le(0);
    require(init(context_.get(), method_.get(), key_.data(), unsigned_of(nonce.view().data()),
                 nullptr) == 1);
  }

  const FileKey& key_;
  const Header& header_;
  std::unique_ptr<EVP_CIPHER, FreeMethod> method_;
  std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context_;
};

void write_all(int descriptor, uint64_t offset_bytes, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count =
        ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset_bytes));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throw Fault::from_errno("cannot write a sealed file", errno);
    bytes = bytes.subspan(static_cast<size_t>(count));
    offset_bytes += static_cast<uint64_t>(count);
  }
}

uint64_t chunk_offset(uint64_t number) { return kHeaderBytes + number * (kChunkBytes + kTagBytes); }

struct ReadHeader {
  Header bytes{};
  uint64_t plain_bytes = 0;
  SealSalt salt{};
};

Result<ReadHeader> read_header(const ByteSource& file, const SealKey& key) {
  ReadHeader header;
  SAFELIGHT_TRY(const size_t count, file.read_at(0, header.bytes));
  ByteReader in(std::span<const std::byte>(header.bytes).first(count));
  const auto truncated = Error::at(ErrorCode::truncated, "sealed.length", count);
  const auto magic = in.text(kMagic.size());
  if (!magic) return truncated;
  if (*magic != kMagic) return Error::at(ErrorCode::malformed, "sealed.magic", 0);
  if (count < kHeaderBytes) return truncated;
  const Error other_version = in.error(ErrorCode::unsupported, "sealed.version");
  SAFELIGHT_TRY(const uint32_t version, in.u32_le());
  if (version != kVersion) return other_version;
  const Error other_chunks = in.error(ErrorCode::malformed, "sealed.chunk-bytes");
  SAFELIGHT_TRY(const uint32_t chunk_bytes, in.u32_le());
  if (chunk_bytes != kChunkBytes) return other_chunks;
  const Error too_long = in.error(ErrorCode::limit_exceeded, "sealed.length");
  SAFELIGHT_TRY(header.plain_bytes, in.u64_le());
  if (header.plain_bytes > kMaxPlainBytes) return too_long;
  SAFELIGHT_TRY(const auto salt, in.bytes(header.salt.size()));
  std::copy(salt.begin(), salt.end(), header.salt.begin());
  const Error other_key = in.error(ErrorCode::encrypted, "sealed.key");
  SAFELIGHT_TRY(const auto id, in.bytes(kKeyIdBytes));
  const auto own_id = key_id(key, header.salt);
  if (!std::equal(id.begin(), id.end(), own_id.begin())) return other_key;
  return header;
}

}  // namespace

SealSalt random_seal_salt() {
  SealSalt salt{};
  // Up to 256 bytes come whole (getrandom(2)).
  if (::getrandom(salt.data(), salt.size(), 0) != static_cast<ssize_t>(salt.size())) {
    throw Fault::from_errno("cannot get random bytes to seal a file", errno);
  }
  return salt;
}

bool is_sealed(const ByteSource& file) {
  std::array<std::byte, kMagic.size()> begin{};
  const auto count = file.read_at(0, begin);
  return count && *count == begin.size() &&
         std::equal(begin.begin(), begin.end(), std::as_bytes(std::span(kMagic)).begin());
}

uint64_t sealed_bytes(uint64_t plain_bytes) {
  return kHeaderBytes + plain_bytes + chunks_of(plain_bytes) * kTagBytes;
}

void seal(std::span<const std::byte> plain, const SealKey& key, const SealSalt& salt,
          int descriptor, unsigned threads) {
  const Header header = header_of(plain.size(), key, salt);
  const FileKey file_key(key, salt);
  write_all(descriptor, 0, header);
  share_work(chunks_of(plain.size()), threads, [&](const auto& next) {
    ChunkCipher cipher(file_key, header);
    std::vector<std::byte> sealed(kChunkBytes + kTagBytes);
    while (const auto number = next()) {
      const uint64_t offset = *number * kChunkBytes;
      const auto chunk = plain.subspan(offset, std::min(kChunkBytes, plain.size() - offset));
      const auto out = std::span(sealed).first(chunk.size() + kTagBytes);
      cipher.seal(*number, chunk, out);
      write_all(descriptor, chunk_offset(*number), out);
    }
  });
}

Result<SecretBytes> unseal(const ByteSource& file, const SealKey& key, unsigned threads) {
  SAFELIGHT_TRY(const ReadHeader header, read_header(file, key));
  const uint64_t length = sealed_bytes(header.plain_bytes);
  if (file.size_bytes() < length) {
    return Error::at(ErrorCode::truncated, "sealed.length", file.size_bytes());
  }
  if (file.size_bytes() > length) return Error::at(ErrorCode::malformed, "sealed.length", length);
  const FileKey file_key(key, header.salt);
  SecretBytes plain(header.plain_bytes);
  std::mutex mutex;
  std::optional<Error> first_error;
  const uint64_t chunks = chunks_of(header.plain_bytes);
  share_work(chunks, threads, [&](const auto& next) {
    ChunkCipher cipher(file_key, header.bytes);
    std::vector<std::byte> sealed(kChunkBytes + kTagBytes);
    while (const auto number = next()) {
      const uint64_t offset = *number * kChunkBytes;
      const auto out =
          plain.bytes().subspan(offset, std::min(kChunkBytes, header.plain_bytes - offset));
      const auto in = std::span(sealed).first(out.size() + kTagBytes);
      const auto count = file.read_at(chunk_offset(*number), in);
      std::optional<Error> error;
      if (!count) {
        error = count.error();
      } else if (*count < in.size()) {
        error = Error::at(ErrorCode::changed, "sealed.length", chunk_offset(*number) + *count);
      } else if (!cipher.unseal(*number, in, out)) {
        error = Error::at(ErrorCode::integrity_mismatch, "sealed.chunk", chunk_offset(*number));
      }
      if (!error) continue;
      // The first in the file, whichever thread was the quicker.
      const std::lock_guard lock(mutex);
      if (!first_error || error->offset_bytes < first_error->offset_bytes) first_error = error;
    }
  });
  if (first_error) return *first_error;
  return plain;
}

}  // namespace safelight
