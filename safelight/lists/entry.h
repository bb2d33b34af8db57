#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "safelight/base/result.h"
#include "safelight/evidence/stated.h"
#include "safelight/hash/digests.h"
#include "safelight/hash/fingerprint.h"

namespace safelight {

/// One entry of a hash list, as its source states it.
struct ListEntry {
  std::optional<Md5> md5;
  std::optional<Sha1> sha1;
  std::optional<Sha256> sha256;
  std::optional<Fingerprint> fingerprint;  ///< PDQ; its mode belongs to the list.
  std::optional<uint8_t> quality;          ///< PDQ quality, 0 to 100.
  std::string photodna;  ///< 144 bytes or empty. Kept, and not matchable by this program.
  std::string entry_id;  ///< The source's own id, or "".
  std::string category;  ///< The source's own code, or "".
  std::optional<uint64_t> size_bytes;
  Stated distributed = Stated::not_stated;
  Stated victim_identified = Stated::not_stated;
  Stated offender_identified = Stated::not_stated;
  /// The line of a text, or the ordinal of the object or row that it came from; from 1.
  uint64_t record_number = 0;

  [[nodiscard]] bool has_digest() const { return md5 || sha1 || sha256; }
  /// Nothing stated; keeps the strings' memory.
  void clear();
  friend bool operator==(const ListEntry&, const ListEntry&) = default;
};

/// Bytes of one PhotoDNA value.
inline constexpr size_t kPhotoDnaBytes = 144;

/// Where a reader of lists puts what it finds, one entry at a time, so that no list has to fit into
/// memory.
class EntrySink {
 public:
  virtual ~EntrySink() = default;
  /// Errors: limit_exceeded. Throws Fault where the entry cannot be stored.
  virtual Result<void> add(const ListEntry& entry) = 0;
};

}  // namespace safelight
