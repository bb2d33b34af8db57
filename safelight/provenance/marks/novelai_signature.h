#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "safelight/base/result.h"
#include "safelight/evidence/finding.h"
#include "safelight/metadata/read_metadata.h"
#include "safelight/provenance/marks/limits.h"

namespace safelight::marks {

/// NovelAI's public Ed25519 key, in base64. Source: NovelAI/novelai-image-metadata, nai_sig.py.
inline constexpr std::string_view kNovelAiPublicKey =
    "Y2JcQAOhLwzwSDUJPNgL04nS0Tbqm7cSRc4xk0vRMic=";

/// NovelAI's settings with a signature over them and the pixels.
struct SignedSettings {
  std::string json;  ///< As stored.
  Place place;
};

/// The settings of a file that carry a signature; nothing where there are none.
std::optional<SignedSettings> novelai_signed_settings(std::span<const std::byte> file,
                                                      const metadata::Metadata& metadata,
                                                      const MarksLimits& limits);
/// The same of a text that was hidden in pixels.
std::optional<SignedSettings> novelai_signed_settings_of_hidden_text(std::string_view text,
                                                                     const MarksLimits& limits);

/// Whether the signature in `settings_json` (member "signed_hash", base64) is that of `public_key`
/// (base64) over `rgb` (8 bits a sample, rows from the top, red, green and blue of each pixel, no
/// alpha) and the JSON text without that member. The text is taken as it is stored, and so must
/// have the white space that the signer wrote.
/// Errors: malformed for JSON that is no object with one such member of 64 bytes, or for a key that
/// is none; limit_exceeded as parsing the JSON gives it.
Result<bool> verify_novelai_signature(std::span<const std::byte> rgb,
                                      std::string_view settings_json, std::string_view public_key,
                                      const MarksLimits& limits);

/// A finding "novelai_signature" of grade verified or contradicted; "partly_examined" for an error.
Finding novelai_signature_finding(const Result<bool>& verified, const Place& place);

}  // namespace safelight::marks
