#include "safelight/scan/credential_check.h"

#include <algorithm>
#include <utility>

#include "safelight/base/byte_writer.h"
#include "safelight/digest/sha256_stream.h"

namespace safelight::scan {
namespace {

constexpr std::string_view kVerdict = "c2pa_manifest";
constexpr std::string_view kTrustField = "trust_sha256";

}  // namespace

void CredentialCheck::add(const TrustName& name, std::span<const std::byte> bytes) {
  files_.push_back(sandbox::MemoryFile::copy_of(bytes));
  names_.push_back(name);
  digests_.push_back(sha256_of(bytes));
  digest_ = digest_of_files();
}

Sha256 CredentialCheck::digest_of_files() const {
  std::vector<std::pair<TrustRole, Sha256>> rows;
  for (size_t i = 0; i < names_.size(); ++i) rows.emplace_back(names_[i].role, digests_[i]);
  std::sort(rows.begin(), rows.end());
  ByteWriter out;
  for (const auto& [role, digest] : rows) {
    out.u8(static_cast<uint8_t>(role));
    out.bytes(std::as_bytes(std::span(digest.bytes)));
  }
  return sha256_of(out.view());
}

void CredentialCheck::note_trust(Finding& finding) const {
  if (finding.kind == kVerdict) finding.fields.emplace_back(kTrustField, to_hex(digest_));
}

bool CredentialCheck::gave(std::span<const Finding> findings) const {
  return std::all_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    if (finding.kind != kVerdict) return true;
    const std::pair<std::string, std::string> ours{kTrustField, to_hex(digest_)};
    return std::find(finding.fields.begin(), finding.fields.end(), ours) != finding.fields.end();
  });
}

}  // namespace safelight::scan
