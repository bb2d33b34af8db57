#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/audit/details.h"
#include "safelight/base/result.h"
#include "safelight/lists/import.h"

namespace safelight::serve {

enum class ListChangeKind : uint8_t { add, remove, drop };

std::string_view to_text(ListChangeKind kind);
/// Errors: malformed, "list-change.kind".
Result<ListChangeKind> list_change_kind_from_text(std::string_view text);

/// How a process ended, and what it wrote.
struct ProgramEnd {
  std::optional<int> status;  ///< Nothing where it was ended by a signal, or took too long.
  std::string output;
  std::optional<int> signal = {};  ///< By which it was ended.
};

/// Runs `safelight list` with such arguments, in a process of its own, on the lists of this server;
/// `standard_input` is a descriptor of what it reads there, -1 for nothing. Throws Fault where it
/// cannot be started.
using RunListProgram =
    std::function<ProgramEnd(const std::vector<std::string>& arguments, int standard_input)>;

/// The arguments with which it makes a change, the file being its standard input. An addition to a
/// list that is not there builds it.
std::vector<std::string> list_arguments(ListChangeKind kind, const std::string& list,
                                        std::string_view sixty_four_hex);

/// What the program said of a change.
struct ListProgramAnswer {
  bool is_done = false;
  audit::Details counts;  ///< Of what was done.
  std::string rule;       ///< Of a refusal, by which rule; "" where the program itself failed.
  std::optional<uint64_t> offset_bytes;  ///< Of a refusal, where.
};

/// Reads how the program ended. Nothing of it is believed that is not of that form: it has read a
/// file that somebody uploaded.
ListProgramAnswer list_answer(const ProgramEnd& end);

}  // namespace safelight::serve
