#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "apps/safelight/session.h"

#include "safelight/lists/compile.h"
#include "safelight/lists/hash_list.h"
#include "safelight/lists/list_store.h"
#include "safelight/scan/list_matching.h"

namespace CLI {
class App;
}

namespace safelight::app {

/// The options by which a command names lists and how they are matched.
struct ListArguments {
  std::vector<std::string> lists;  ///< Names of imported lists, or files.
  uint32_t radius_bits = kDefaultRadiusBits;
  std::string orientations = "auto";
  std::string sixty_four_hex = "ask";
  std::string list_pdq_mode = "reference";

  void add_to(CLI::App& command);
};

/// The options by which a file is compiled into a list.
struct CompileArguments {
  std::vector<std::string> mapping;  ///< CODE=DISPOSITION
  std::string mapping_file;
  std::string default_disposition;
  std::string sixty_four_hex = "ask";
  std::string pdq_mode = "reference";

  void add_to(CLI::App& command);
  /// Throws UsageError.
  [[nodiscard]] CompileOptions options() const;
};

/// Opens a folder of lists, with the key that the session names. Throws UsageError for a key file
/// that cannot be used.
ListStore open_list_store(const Session& session, const std::filesystem::path& folder);

/// The arguments with which this program is run as `safelight list` on the lists in `store`: with
/// the key of the session, and what it lets go of the sandbox.
std::vector<std::string> list_program(const Session& session, const std::filesystem::path& store,
                                      const std::vector<std::string>& arguments);

/// Opens the lists named: an imported one by its name, any other as a file, which is compiled into
/// `file_lists` under its stem, by a process of its own that has that folder and the file alone.
/// Throws UsageError for one that cannot be used, Interrupted where that process is,
/// Fault.
scan::ListMatching open_lists(const ListArguments& arguments, const Session& session,
                              const std::filesystem::path& file_lists);

/// What to tell the user of a list that cannot be used: the rule and the place, and a way out where
/// there is one.
UsageError list_problem(const std::string& list, const Error& error);

/// Opens the files that are given to a list command by their names, or "-" for what comes on
/// standard input, which is read to its end. Afterwards this process has the files of the store and
/// those alone: whoever they are from, they are parsed in confinement. Nothing of them is read
/// before. Throws UsageError; Fault, where this machine does not enforce every property of the
/// sandbox and the session does not let that go.
std::vector<FileSource> open_list_files_confined(const std::vector<std::string>& files,
                                                 const ListStore& store, const Session& session);

/// What an import took, dropped and refused, as lines of text. Never quotes a value.
std::string describe(const ImportSummary& import);
/// What a list is, as lines of text.
std::string describe(const HashList& list);

}  // namespace safelight::app
