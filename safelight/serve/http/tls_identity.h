#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "safelight/base/clock.h"
#include "safelight/hash/digests.h"

namespace safelight::serve {

/// A private key, and the certificates that vouch for it. Cheap to copy; never changes.
class TlsIdentity {
 public:
  /// Reads PEM files: the chain begins with the server's own certificate. Throws Fault: also where
  /// others than its owner may read the key, and where key and certificate do not fit.
  static TlsIdentity read(const std::filesystem::path& chain, const std::filesystem::path& key);

  /// Makes a P-256 key and a certificate by itself for these host names and numeric addresses,
  /// valid from an hour before `clock` says it is, for a year. Throws Fault.
  static TlsIdentity self_signed(std::span<const std::string> hosts, const Clock& clock);

  /// Writes what read() reads, both files with mode 0600. Throws Fault.
  void write(const std::filesystem::path& chain, const std::filesystem::path& key) const;

  /// Of the server's certificate, by which people can recognise one that is self-signed.
  [[nodiscard]] Sha256 fingerprint() const;
  /// From then on clients refuse the server's certificate: nanoseconds since 1970, or the latest
  /// time there is. Throws Fault for a certificate that does not say.
  [[nodiscard]] int64_t expires_ns() const;

  struct Parts;
  /// For who speaks TLS with it.
  [[nodiscard]] const Parts& parts() const { return *parts_; }

 private:
  explicit TlsIdentity(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}

  std::shared_ptr<const Parts> parts_;  // shared: listeners and their owner hold the same key
};

}  // namespace safelight::serve
