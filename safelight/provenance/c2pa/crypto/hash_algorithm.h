#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace safelight::c2pa {

/// The hash algorithms that the specification allows (section 13.1).
enum class HashAlgorithm : uint8_t { sha256, sha384, sha512 };

/// Nothing for a name that is none of them, such as "sha1" or "".
std::optional<HashAlgorithm> hash_algorithm_of(std::string_view name);

/// One digest over bytes that come in pieces.
class Hasher {
 public:
  explicit Hasher(HashAlgorithm algorithm);
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  ~Hasher();

  void update(std::span<const std::byte> bytes);
  /// The digest; the hasher is used up.
  [[nodiscard]] std::vector<std::byte> finish() &&;

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

std::vector<std::byte> hash_of(HashAlgorithm algorithm, std::span<const std::byte> bytes);

}  // namespace safelight::c2pa
