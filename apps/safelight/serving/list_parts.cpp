#include "apps/safelight/serving/list_parts.h"

#include <chrono>
#include <utility>

#include "apps/safelight/list_arguments.h"
#include "apps/safelight/own_process.h"

namespace safelight::app {
namespace {

/// Less than a client waits for an answer at most.
constexpr std::chrono::seconds kPatience{540};

serve::ProgramEnd run_list_program(const Session& session,
                                   const std::vector<std::string>& arguments, int standard_input) {
  return run_own_program({.arguments = list_program(session, session.list_store, arguments),
                          .standard_input = standard_input,
                          .patience = kPatience});
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
