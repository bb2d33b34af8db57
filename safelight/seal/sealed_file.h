#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "safelight/base/result.h"
#include "safelight/bytes/byte_source.h"
#include "safelight/seal/seal_key.h"
#include "safelight/seal/secret_bytes.h"

namespace safelight {

// A sealed file is another file, encrypted and authenticated with AES-256-GCM in chunks of 1 MiB
// (docs/formats/sealed_file.md). Whoever lacks the key learns its length and no more, and nobody
// can change, cut, or reorder any of it, or put in parts of another, without the key.

/// Makes the keys of two files of one SealKey differ. Random bytes, never used twice with one key.
using SealSalt = std::array<std::byte, 32>;
/// Throws Fault where the system has no randomness to give.
SealSalt random_seal_salt();

/// Whether the file begins as a sealed one does.
[[nodiscard]] bool is_sealed(const ByteSource& file);

/// Bytes of the sealed file of so many.
[[nodiscard]] uint64_t sealed_bytes(uint64_t plain_bytes);

/// Writes `plain`, sealed, to the empty file behind `descriptor`, with so many threads (at least
/// 1). It is not synced. Throws Fault.
void seal(std::span<const std::byte> plain, const SealKey& key, const SealSalt& salt,
          int descriptor, unsigned threads);

/// What was sealed, in locked memory, with so many threads (at least 1). None of it is given out
/// before all of it is verified. Errors: malformed, truncated, unsupported (another version, at
/// offset 8); encrypted, rule "sealed.key", where another key has sealed it; integrity_mismatch,
/// rule "sealed.chunk", at the chunk that was changed; those of reading. Throws Fault where the
/// memory cannot be locked.
[[nodiscard]] Result<SecretBytes> unseal(const ByteSource& file, const SealKey& key,
                                         unsigned threads);

}  // namespace safelight
