#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "safelight/serve/list_api/list_program.h"

namespace safelight::app {

/// Runs this program with other arguments, in a process of its own, whose memory is gone with it.
/// `standard_input` is a descriptor of what it reads there, read from its beginning; -1 for
/// nothing. What it writes to its standard output comes back, as far as somebody asks so little; it
/// is ended where it takes longer than `patience`, or when `stop` asks for it. Throws Fault where
/// it cannot be started.
serve::ProgramEnd run_own_program(const std::vector<std::string>& arguments, int standard_input,
                                  std::optional<std::chrono::seconds> patience,
                                  const std::stop_token& stop = {});

}  // namespace safelight::app
