#include "safelight/serve/preferences/preferences.h"

#include <cerrno>
#include <fstream>
#include <sstream>
#include <sys/stat.h>

#include "safelight/base/fault.h"
#include "safelight/bytes/new_file.h"

namespace safelight::serve {
namespace {

constexpr mode_t kFolderMode = 0700;
constexpr uint64_t kMaxFileBytes = 64 << 10;

}  // namespace

Preferences::Preferences(std::filesystem::path folder, LogSink& log)
    : folder_(std::move(folder)), log_(log) {
  if (mkdir(folder_.c_str(), kFolderMode) != 0 && errno != EEXIST) {
    throw Fault::from_errno("cannot make the folder of settings " + folder_.string(), errno);
  }
}

std::filesystem::path Preferences::file_of(std::string_view login) const {
  return folder_ / (std::string(login) + ".json");
}

PersonSettings Preferences::of(std::string_view login) {
  const std::lock_guard lock(mutex_);
  if (const auto found = known_.find(login); found != known_.end()) return found->second;
  PersonSettings settings;
  std::error_code failed;
  const auto size = std::filesystem::file_size(file_of(login), failed);
  if (!failed) {
    std::ifstream in(file_of(login), std::ios::binary);
    std::ostringstream text;
    if (size <= kMaxFileBytes) text << in.rdbuf();
    if (auto read = settings_from_json(text.str())) {
      settings = std::move(*read);
    } else {
      log_.log(Severity::warning, "a file of settings cannot be understood and is not used");
    }
  }
  known_.emplace(login, settings);
  return settings;
}

void Preferences::set(std::string_view login, const PersonSettings& settings) {
  const std::lock_guard lock(mutex_);
  NewFile file(file_of(login));
  file.write(to_json(settings));
  file.commit();
  known_.insert_or_assign(std::string(login), settings);
}

}  // namespace safelight::serve
