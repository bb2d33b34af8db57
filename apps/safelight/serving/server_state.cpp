#include "apps/safelight/serving/server_state.h"

#include <cerrno>
#include <fstream>
#include <sstream>
#include <sys/stat.h>

#include "apps/safelight/session.h"

#include "safelight/base/fault.h"

namespace safelight::app {
namespace {

constexpr uint64_t kMaxConfigBytes = 1 << 20;
constexpr mode_t kFolderMode = 0700;

}  // namespace

serve::ServerConfig read_server_config(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  std::error_code failed;
  if (!in || std::filesystem::file_size(path, failed) > kMaxConfigBytes || failed) {
    throw UsageError("cannot read the configuration " + path);
  }
  text << in.rdbuf();
  auto config = serve::config_from_json(text.str(), std::filesystem::absolute(path).parent_path());
  if (!config) throw UsageError(path + ": " + to_sentence(config.error()));
  return std::move(*config);
}

std::filesystem::path state_folder_of(const std::string& config) {
  auto folder = read_server_config(config).state;
  if (mkdir(folder.c_str(), kFolderMode) != 0 && errno != EEXIST) {
    throw Fault::from_errno("cannot make the server's folder " + folder.string(), errno);
  }
  return folder;
}

}  // namespace safelight::app
