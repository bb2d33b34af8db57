#include "apps/safelight/trust_arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <optional>

#include "apps/safelight/examine_path.h"

#include "safelight/base/time_text.h"

namespace safelight::app {
namespace {

constexpr uint64_t kMaxTrustFileBytes = 64u << 20;

std::string_view role_name(scan::TrustRole role) {
  switch (role) {
    case scan::TrustRole::signers:
      return "signers";
    case scan::TrustRole::time_stampers:
      return "time-stampers";
    case scan::TrustRole::allowed_signers:
      return "allowed-signers";
    case scan::TrustRole::signer_usages:
      break;
  }
  return "usages";
}

void add_file(scan::CredentialCheck& check, scan::TrustRole role, const std::string& path) {
  const auto [resolved, file] = open_named(path);
  const auto bytes = read_all(file, kMaxTrustFileBytes, "trust-file.max-bytes");
  if (!bytes) throw UsageError(path + ": " + to_sentence(bytes.error()));
  const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  if (role != scan::TrustRole::signer_usages &&
      text.find("-----BEGIN CERTIFICATE-----") == std::string_view::npos) {
    throw UsageError(path + ": holds no certificate in PEM form");
  }
  if (check.names().size() == scan::kMaxTrustFiles)
    throw UsageError("too many trust files: there may be " + std::to_string(scan::kMaxTrustFiles));
  // Publishers date their lists on their sites and not in the files; the file's own time is what
  // there is.
  const std::string date = "file of " + utc_text(file.state().modified_ns).substr(0, 10);
  check.add({role, escape_name(resolved.filename().string()), date}, *bytes);
}

/// All of one folder but its folders, in the order of their names: a link to nothing is refused
/// later, not passed over. A folder that is not there holds none. Throws UsageError.
std::vector<std::string> files_in(const std::filesystem::path& folder) {
  std::vector<std::string> files;
  std::error_code failed;
  if (!std::filesystem::exists(folder, failed) && !failed) return files;
  std::filesystem::directory_iterator entry(folder, failed);
  for (; !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed)) {
    std::error_code unknown;
    if (!entry->is_directory(unknown)) files.push_back(entry->path().string());
  }
  if (failed) throw UsageError(folder.string() + ": " + failed.message());
  std::sort(files.begin(), files.end());
  return files;
}

/// Where trust files lie that the command line does not name. Throws UsageError where the
/// environment names a folder that is not there: to judge by no list would look like an answer.
std::filesystem::path trust_folder() {
  const std::filesystem::path folder = default_trust_folder();
  const char* const named = std::getenv("SAFELIGHT_TRUST");
  std::error_code failed;
  if (named != nullptr && *named != '\0' && !std::filesystem::is_directory(folder, failed))
    throw UsageError("SAFELIGHT_TRUST names " + folder.string() + ", which is no folder");
  return folder;
}

/// Seconds since 1970 of "2026-11-29", or "2026-11-29T12:00:00Z". Nothing for a day that the
/// calendar lacks.
std::optional<int64_t> parse_time(const std::string& text) {
  for (const char* form : {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"}) {
    std::tm utc{};
    const char* const end = strptime(text.c_str(), form, &utc);
    if (end == nullptr || *end != '\0') continue;
    const std::tm stated = utc;
    const int64_t seconds = timegm(&utc);  // makes 2 March of 30 February
    if (utc.tm_mday != stated.tm_mday || utc.tm_mon != stated.tm_mon || utc.tm_sec != stated.tm_sec)
      continue;
    return seconds;
  }
  return std::nullopt;
}

}  // namespace

void TrustArguments::add_to(CLI::App& command) {
  command.add_option("--trust", signers,
                     "PEM file of certificates that signers of Content Credentials may lead to");
  command.add_option("--trust-time-stampers", time_stampers,
                     "The same for time-stamping authorities");
  command.add_option("--trust-allowed", allowed_signers,
                     "PEM file of signers' certificates that need no chain");
  command.add_option("--trust-usages", usages,
                     "File of extended key usages that signers may have, one a line");
  command
      .add_option("--clock", clock,
                  "Judge certificates as of this time (2026-11-29 or 2026-11-29T12:00:00Z), not "
                  "of now")
      ->each([this](const std::string&) { clock_given = true; });
}

std::shared_ptr<const scan::CredentialCheck> open_trust(const TrustArguments& arguments,
                                                        Session& session) {
  using Role = scan::TrustRole;
  int64_t clock_s = session.clock.now_ns() / 1'000'000'000;
  if (arguments.clock_given) {
    const auto parsed = parse_time(arguments.clock);
    if (!parsed)
      throw UsageError("--clock takes a time in UTC, as 2026-11-29 or 2026-11-29T12:00:00Z");
    clock_s = *parsed;
  }
  struct Named {
    Role role;
    const std::vector<std::string>* given;
  };
  const std::array<Named, 4> all = {{{Role::signers, &arguments.signers},
                                     {Role::time_stampers, &arguments.time_stampers},
                                     {Role::allowed_signers, &arguments.allowed_signers},
                                     {Role::signer_usages, &arguments.usages}}};
  const bool any_given =
      std::any_of(all.begin(), all.end(), [](const Named& named) { return !named.given->empty(); });
  const std::filesystem::path folder = any_given ? std::filesystem::path() : trust_folder();
  auto check = std::make_shared<scan::CredentialCheck>(clock_s);
  for (const Named& named : all) {
    const auto files = any_given ? *named.given : files_in(folder / role_name(named.role));
    for (const std::string& file : files) add_file(*check, named.role, file);
  }
  return check;
}

std::vector<std::string> describe(const scan::CredentialCheck& check) {
  std::vector<std::string> lines;
  for (size_t i = 0; i < check.names().size(); ++i) {
    const scan::TrustName& file = check.names()[i];
    lines.push_back(std::string(role_name(file.role)) + " " + file.name + ", " + file.date +
                    ", SHA-256 " + to_hex(check.digests()[i]));
  }
  return lines;
}

}  // namespace safelight::app
