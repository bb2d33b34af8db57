#include "safelight/sandbox/internal/landlock.h"

#include <cstddef>
#include <sys/syscall.h>
#include <unistd.h>

#include "safelight/bytes/file.h"

namespace safelight::sandbox {
namespace {

// Debian 12 has headers for ABI 2 and no library, so that the numbers stand here.
constexpr long kCreateRuleset = 444;
constexpr long kAddRule = 445;
constexpr long kRestrictSelf = 446;
constexpr uint32_t kGetVersion = 1;
constexpr int kPathBeneath = 1;

struct RulesetAttributes {
  uint64_t handled_files = 0;
  uint64_t handled_network = 0;  ///< From ABI 4.
  uint64_t scoped = 0;           ///< From ABI 6.
};

struct [[gnu::packed]] PathBeneathAttributes {
  uint64_t allowed = 0;
  int32_t parent_descriptor = -1;
};

/// The rights on files: execute to make_sym (bits 0 to 12) from ABI 1, refer from 2, truncate from
/// 3, ioctl on devices from 5.
uint64_t file_rights(uint32_t abi) {
  uint64_t rights = (1ull << 13) - 1;
  if (abi >= 2) rights |= 1ull << 13;
  if (abi >= 3) rights |= 1ull << 14;
  if (abi >= 5) rights |= 1ull << 15;
  return rights;
}

constexpr uint64_t kWriteFile = 1ull << 1;
constexpr uint64_t kReadFile = 1ull << 2;
constexpr uint64_t kReadFolder = 1ull << 3;
constexpr uint64_t kRemoveFile = 1ull << 5;
constexpr uint64_t kMakeFile = 1ull << 8;
constexpr uint64_t kTruncate = 1ull << 14;

uint64_t rights_of(LandlockRule::Allows allows) {
  if (allows == LandlockRule::Allows::read_file) return kReadFile;
  return kWriteFile | kReadFile | kReadFolder | kRemoveFile | kMakeFile | kTruncate;
}

constexpr uint64_t kTcpBindAndConnect = 3;
constexpr uint64_t kAbstractSocketsAndSignals = 3;

/// An older kernel takes no longer structure than it knows.
size_t attributes_size(uint32_t abi) {
  if (abi >= 6) return sizeof(RulesetAttributes);
  return abi >= 4 ? offsetof(RulesetAttributes, scoped)
                  : offsetof(RulesetAttributes, handled_network);
}

}  // namespace

uint32_t landlock_abi() {
  const long version = ::syscall(kCreateRuleset, nullptr, 0, kGetVersion);
  return version > 0 ? static_cast<uint32_t>(version) : 0;
}

MechanismSet deny_with_landlock(uint32_t abi, MechanismSet without,
                                std::span<const LandlockRule> rules) {
  RulesetAttributes attributes;
  MechanismSet mechanisms;
  if (abi >= 1 && !without.has(Mechanism::landlock_files)) {
    attributes.handled_files = file_rights(abi);
    mechanisms.add(Mechanism::landlock_files);
  }
  if (abi >= 4 && !without.has(Mechanism::landlock_network)) {
    attributes.handled_network = kTcpBindAndConnect;
    mechanisms.add(Mechanism::landlock_network);
  }
  if (abi >= 6 && !without.has(Mechanism::landlock_scope)) {
    attributes.scoped = kAbstractSocketsAndSignals;
    mechanisms.add(Mechanism::landlock_scope);
  }
  if (mechanisms.empty()) return {};
  const Descriptor ruleset(
      static_cast<int>(::syscall(kCreateRuleset, &attributes, attributes_size(abi), 0)));
  if (!ruleset.is_open()) return {};
  // A rule is about rights that the set denies otherwise.
  for (const LandlockRule& rule : rules) {
    if (!mechanisms.has(Mechanism::landlock_files)) break;
    const PathBeneathAttributes allowed = {rights_of(rule.allows) & attributes.handled_files,
                                           rule.descriptor};
    if (::syscall(kAddRule, ruleset.get(), kPathBeneath, &allowed, 0) != 0) return {};
  }
  if (::syscall(kRestrictSelf, ruleset.get(), 0) != 0) return {};
  return mechanisms;
}

}  // namespace safelight::sandbox
