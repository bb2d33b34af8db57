#pragma once

#include <filesystem>
#include <memory>

#include "safelight/base/log.h"

namespace safelight::serve {

/// Where people, sessions, keys and pending acts are kept: one SQLite file, `accounts.db`, mode
/// 0600 in a folder of mode 0700, or memory for a server of one examiner. Safe from many threads,
/// and for several programs at once (a command that adds somebody while the server runs). What it
/// holds is read and changed through People, Sessions, ApiKeys, LinkTokens and TwoPersonActs.
/// Format: docs/formats/accounts.md.
class AccountStore {
 public:
  /// Opens the store in `folder`; makes folder and store where they are not there. Throws Fault: on
  /// a network file system; where the file is no store, damaged, of a later version, or not to be
  /// written to.
  static AccountStore open(const std::filesystem::path& folder, LogSink& log);
  /// A new store that is gone with the object. Throws Fault.
  static AccountStore in_memory();

  AccountStore(AccountStore&&) noexcept;
  AccountStore& operator=(AccountStore&&) noexcept;
  ~AccountStore();

  class State;
  /// For this module alone.
  [[nodiscard]] State& state() const { return *state_; }

 private:
  explicit AccountStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace safelight::serve
