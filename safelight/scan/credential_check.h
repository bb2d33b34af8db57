#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "safelight/evidence/finding.h"
#include "safelight/hash/digests.h"
#include "safelight/sandbox/memory_file.h"
#include "safelight/scan/messages/provenance_message.h"

namespace safelight::scan {

/// How Content Credentials are judged: at which time, and by whose lists.
class CredentialCheck {
 public:
  /// `clock_s` is in seconds since 1970, UTC.
  explicit CredentialCheck(int64_t clock_s) : clock_s_(clock_s), digest_(digest_of_files()) {}

  /// Adds a trust file. Throws Fault where the system gives no memory for a copy.
  void add(const TrustName& name, std::span<const std::byte> bytes);

  [[nodiscard]] int64_t clock_s() const { return clock_s_; }
  [[nodiscard]] const std::vector<TrustName>& names() const { return names_; }
  /// Of each trust file, in the order of names().
  [[nodiscard]] const std::vector<Sha256>& digests() const { return digests_; }
  [[nodiscard]] const std::vector<sandbox::MemoryFile>& files() const { return files_; }

  /// Names the trust files together, by role and content: SHA-256 of, for each in ascending order,
  /// its role in one byte and its SHA-256. Verdicts of one digest and clock are the same.
  [[nodiscard]] const Sha256& digest() const { return digest_; }

  /// Notes in a verdict ("c2pa_manifest") the digest of the trust files that it rests on; leaves
  /// any other finding as it is.
  void note_trust(Finding& finding) const;
  /// Whether all verdicts among the findings rest on these trust files.
  [[nodiscard]] bool gave(std::span<const Finding> findings) const;

 private:
  [[nodiscard]] Sha256 digest_of_files() const;

  int64_t clock_s_;
  std::vector<TrustName> names_;
  std::vector<Sha256> digests_;
  std::vector<sandbox::MemoryFile> files_;
  Sha256 digest_;
};

}  // namespace safelight::scan
