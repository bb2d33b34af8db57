#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/seal/seal_key.h"
#include "safelight/seal/secret_bytes.h"
#include "safelight/serve/held/held_upload.h"

/// What stands in the files of a store, before they are sealed. docs/formats/held_store.md.
namespace safelight::serve::held {

/// The key of an upload and what is known of it.
struct KeyRecord {
  HeldUpload upload;
  SealKey key;
};

SecretBytes encode(const KeyRecord& record);
/// Errors: truncated, "held.key"; malformed, "held.key-record".
Result<KeyRecord> decode_key_record(std::span<const std::byte> bytes);

/// The legal holds of an upload.
struct HoldRecord {
  HeldId id;
  uint32_t next_number = 1;
  std::vector<LegalHold> holds;
};

std::string encode(const HoldRecord& record);
/// Errors: malformed, "held.hold-record".
Result<HoldRecord> decode_hold_record(std::string_view text);

/// Of which case a store is.
std::string encode_case_id(std::string_view case_id);
/// Errors: malformed, "held.store-record".
Result<std::string> decode_case_id(std::string_view text);

inline constexpr size_t kMaxReasonBytes = 2'000;
inline constexpr size_t kMaxNameBytes = 256;

}  // namespace safelight::serve::held
