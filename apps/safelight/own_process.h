#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "safelight/serve/list_api/list_program.h"

namespace safelight::app {

/// Which stream of a program is read. Errors that are not go where ours go, output nowhere.
enum class Heard : uint8_t { output, errors };

/// How this program is run with other arguments.
struct OwnProgram {
  std::vector<std::string> arguments;
  int standard_input = -1;  ///< A descriptor, which is read from its beginning; -1 for nothing.
  std::optional<std::chrono::seconds> patience = {};  ///< It is ended where it takes longer.
  std::stop_token stop = {};                          ///< It is ended when this asks for it.
  Heard heard = Heard::output;
};

/// Runs this program in a process of its own, whose memory is gone with it. The first of what it
/// writes to the stream that is heard comes back. Throws Fault where it cannot be started.
serve::ProgramEnd run_own_program(const OwnProgram& program);

}  // namespace safelight::app
