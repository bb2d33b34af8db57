#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <openssl/crypto.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "apps/safelight/commands.h"
#include "apps/safelight/detector_arguments.h"
#include "apps/safelight/trust_arguments.h"

#include "safelight/base/simd.h"

namespace safelight::app {
namespace {

/// Whether a block device, or one that it stands on, is encrypted by the device mapper.
bool is_encrypted(const std::filesystem::path& device, int depth = 0) {
  constexpr int kMaxDepth = 8;
  std::string id;
  std::ifstream(device / "dm" / "uuid") >> id;
  if (id.starts_with("CRYPT-")) return true;
  std::error_code ignored;
  if (depth == kMaxDepth) return false;
  for (const auto& below : std::filesystem::directory_iterator(device / "slaves", ignored)) {
    if (is_encrypted(below.path(), depth + 1)) return true;
  }
  return false;
}

std::string encryption_of(const std::string& folder) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) return "cannot be looked at";
  const std::filesystem::path device = "/sys/dev/block/" + std::to_string(major(status.st_dev)) +
                                       ":" + std::to_string(minor(status.st_dev));
  if (!std::filesystem::exists(device))
    return "on a file system without a block device of its own: not known";
  return is_encrypted(device) ? "on an encrypted volume"
                              : "NOT on a volume that the device mapper encrypts";
}

/// Has the worker program, which alone links them, print its libraries.
void print_worker_libraries(const std::string& program) {
  const std::string command = "'" + (program_folder() / program).string() + "' --version";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return;
  std::array<char, 512> line{};
  while (std::fgets(line.data(), line.size(), pipe) != nullptr) std::printf("  %s", line.data());
  ::pclose(pipe);
}

void print_trust(Session& session) {
  std::printf("Trust files in %s\n", default_trust_folder().c_str());
  try {
    const auto trust = describe(*open_trust({}, session));
    for (const std::string& line : trust) std::printf("  %s\n", line.c_str());
    if (trust.empty()) std::printf("  none: signers of Content Credentials are on no list\n");
  } catch (const UsageError& error) {
    std::printf("  cannot be used: %s\n", error.what());
    session.exit = Exit::usage;
  }
}

void run(const std::string& case_folder, Session& session) {
  std::printf("Safelight %s\n", SAFELIGHT_VERSION);
  std::printf("Processor: %s kernels in use\n", std::string(to_text(detect_simd_level())).c_str());
  scan::ExaminerOptions options = examiner_options(session);
  options.estimates = open_estimates({}, session);
  scan::Examiner examiner(std::move(options));
  bool complete = true;
  const auto confinement = examiner.confinement();
  for (const auto& [program, report] : confinement) {
    std::printf("%s\n", program.c_str());
    for (const std::string& line : sandbox::describe(report)) std::printf("  %s\n", line.c_str());
    complete = complete && report.missing().empty();
  }
  std::printf("Libraries\n  %s\n  SQLite %s\n", OpenSSL_version(OPENSSL_VERSION),
              sqlite3_libversion());
  for (const auto& [program, report] : confinement) print_worker_libraries(program);
  print_trust(session);
  if (!case_folder.empty())
    std::printf("Case %s: %s\n", case_folder.c_str(), encryption_of(case_folder).c_str());
  if (!complete) session.exit = Exit::environment;
}

}  // namespace

void add_doctor_command(CLI::App& program, Session& session) {
  const auto folder = std::make_shared<std::string>();
  CLI::App* command = program.add_subcommand("doctor",
                                             "Say what this machine offers: processor features, "
                                             "sandbox properties, libraries, encryption");
  command->add_option("--case", *folder, "A case, to say whether it lies on an encrypted volume");
  command->callback([folder, &session] { run(*folder, session); });
}

}  // namespace safelight::app
