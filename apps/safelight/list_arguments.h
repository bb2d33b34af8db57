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

/// Opens the lists named: an imported one by its name, any other as a file, which is compiled into
/// `file_lists` under its stem. Throws UsageError for one that cannot be used.
scan::ListMatching open_lists(const ListArguments& arguments, const Session& session,
                              const std::filesystem::path& file_lists);

/// What to tell the user of a list that cannot be used: the rule and the place, and a way out where
/// there is one.
UsageError list_problem(const std::string& list, const Error& error);

/// A file that is given to a list command, by its name, or "-" for what comes on standard input,
/// which is read to its end. Throws UsageError.
FileSource open_list_file(const std::filesystem::path& file);

/// The same, after which this process has the files of the store and that file alone: whoever it is
/// from, it is parsed in confinement. Nothing of it is read before. Throws also Fault, where this
/// machine does not enforce every property of the sandbox and the session does not let that go.
FileSource open_list_file_confined(const std::filesystem::path& file, const ListStore& store,
                                   const Session& session);

/// Compiles `files` into the store as the list `name`. Throws UsageError with the file, the rule
/// and the place.
CompileReport build_list(ListStore& store, const std::string& name,
                         const std::vector<std::string>& files, const CompileOptions& options,
                         const Session& session);

/// What an import took, dropped and refused, as lines of text. Never quotes a value.
std::string describe(const ImportSummary& import);
/// What a list is, as lines of text.
std::string describe(const HashList& list);

}  // namespace safelight::app
