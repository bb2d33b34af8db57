#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/provenance/c2pa/crypto/certificate.h"

namespace safelight::c2pa {

/// Object identifiers of the extended key usages that a signer of claims may have: those of
/// section 14.4 of the specification and Microsoft's own.
std::vector<std::string> default_signer_usages();

/// The extended key usage of time-stamping authorities, 1.3.6.1.5.5.7.3.8.
inline constexpr std::string_view kUsageTimeStamping = "1.3.6.1.5.5.7.3.8";
/// That of OCSP responders, 1.3.6.1.5.5.7.3.9.
inline constexpr std::string_view kUsageOcspSigning = "1.3.6.1.5.5.7.3.9";

/// The rule of the profile of end-entity certificates (section 14.5.1) that a certificate breaks,
/// such as "certificate.key-usage"; nothing where it keeps them all. Periods of validity are not
/// part of it. `usages` are the extended key usages of which it must have one.
std::optional<std::string_view> broken_profile_rule(const Certificate& certificate,
                                                    std::span<const std::string> usages);

/// The object identifiers in a list of extended key usages as c2pa tools keep them: one a line,
/// with comments. Anything else is passed over.
std::vector<std::string> parse_usages(std::string_view text);

/// Whether a rule of broken_profile_rule() is about what the certificate may be used for.
bool is_usage_rule(std::string_view rule);

}  // namespace safelight::c2pa
