#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "safelight/base/result.h"
#include "safelight/bytes/byte_source.h"
#include "safelight/hash/digests.h"

namespace safelight {

/// The three digests of the same bytes, and how many bytes those were.
struct DigestSet {
  Md5 md5;
  Sha1 sha1;
  Sha256 sha256;
  uint64_t size_bytes = 0;
  friend bool operator==(const DigestSet&, const DigestSet&) = default;
};

/// Makes MD5, SHA-1 and SHA-256 in one pass, over one input after another. Its contexts are set up
/// once, so that small files cost little; make one a thread and keep it. Not safe from several
/// threads at a time.
class Digester {
 public:
  /// Throws Fault where OpenSSL is configured to refuse one of the three (MD5 under FIPS).
  Digester();
  Digester(Digester&&) noexcept;
  Digester& operator=(Digester&&) noexcept;
  ~Digester();

  /// Adds bytes to the present input.
  void update(std::span<const std::byte> bytes);

  /// The digests of all bytes since the last finish(); the next update() begins a new input.
  DigestSet finish();

  /// Forgets what update() has added since the last finish().
  void reset();

 private:
  struct Contexts;
  std::unique_ptr<Contexts> contexts_;
  uint64_t size_bytes_ = 0;
};

/// Takes the first bytes of an input, all of it where it is small: a caller looks at them there
/// instead of reading them a second time. The view ends with the call.
using HeadSink = std::function<void(std::span<const std::byte> head)>;

/// The digests of all of `source`, read in order in pieces of `scratch` (1 byte or more; 256 KiB is
/// good). `on_head`, where it is not null, is called once, before any further read, with the first
/// min(source size, scratch size) bytes.
/// Errors: unreadable and changed, as `source` gives them; the digester is then ready for the next.
Result<DigestSet> digest(Digester& digester, const ByteSource& source, std::span<std::byte> scratch,
                         const HeadSink& on_head = nullptr);

/// The digests of bytes in memory.
DigestSet digest(Digester& digester, std::span<const std::byte> bytes);

}  // namespace safelight
