#include "apps/safelight/serving/list_parts.h"

#include <chrono>
#include <utility>

#include "apps/safelight/list_arguments.h"
#include "apps/safelight/serving/own_process.h"

namespace safelight::app {
namespace {

/// Less than a client waits for an answer at most.
constexpr std::chrono::seconds kPatience{540};

/// As `safelight list` is run by hand: with this server's lists, their key, and what it lets go of
/// the sandbox.
serve::ProgramEnd run_list_program(const Session& session,
                                   const std::vector<std::string>& arguments, int standard_input) {
  std::vector<std::string> all = {"--list-store", session.list_store.string()};
  if (!session.list_key_file.empty()) {
    all.insert(all.end(), {"--list-key", session.list_key_file.string()});
  }
  if (session.allow_degraded_sandbox) all.emplace_back("--allow-degraded-sandbox");
  all.emplace_back("list");
  all.insert(all.end(), arguments.begin(), arguments.end());
  return run_own_program(all, standard_input, kPatience);
}

}  // namespace

ListParts::ListParts(const std::filesystem::path& state_folder, std::vector<std::string> screening,
                     const Session& session)
    : staged_(state_folder, random_, session.clock),
      services_{[&session] { return open_list_store(session, session.list_store); },
                [&session](const std::vector<std::string>& arguments, int standard_input) {
                  return run_list_program(session, arguments, standard_input);
                },
                staged_, catalogue_, std::move(screening)} {}

}  // namespace safelight::app
