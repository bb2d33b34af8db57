#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "safelight/base/log.h"
#include "safelight/serve/preferences/person_settings.h"

namespace safelight::serve {

/// The settings of people, each in a file `LOGIN.json` of mode 0600 in a folder of mode 0700, so
/// that they follow a person to any browser. Safe from many threads of one program.
class Preferences {
 public:
  /// Makes the folder where it is not there. Throws Fault. `log` outlives it.
  Preferences(std::filesystem::path folder, LogSink& log);

  /// Those that a person set, or how everybody starts; likewise, with a word in the log, where the
  /// file cannot be understood: what it starts with covers most.
  [[nodiscard]] PersonSettings of(std::string_view login);
  /// Throws Fault where they cannot be kept; what held before then holds still.
  void set(std::string_view login, const PersonSettings& settings);

 private:
  [[nodiscard]] std::filesystem::path file_of(std::string_view login) const;

  std::filesystem::path folder_;
  LogSink& log_;
  std::mutex mutex_;
  std::map<std::string, PersonSettings, std::less<>> known_;
};

}  // namespace safelight::serve
