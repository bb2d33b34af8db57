#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/lists/compile.h"
#include "safelight/lists/compiled_list.h"

namespace safelight {

/// Success for a name that a list may have: 1 to 64 of A-Z a-z 0-9 . _ - and no dot in front.
/// Errors: malformed, rule "list.name".
[[nodiscard]] Result<void> check_list_name(std::string_view name);

/// A list that is not as the log has it. The texts are SHA-256 of the compiled file in hexadecimal,
/// "" where there is no list, "damaged" where it cannot be opened or does not verify.
struct ListDiscrepancy {
  std::string list;
  std::string logged;
  std::string present;
  friend auto operator<=>(const ListDiscrepancy&, const ListDiscrepancy&) = default;
};

/// A folder of compiled lists, each NAME.slist, and their log. The folder has mode 0700. Every
/// change takes a lock on the log, is written to the log, and is on the disk when the call returns.
class ListStore {
 public:
  /// Opens the folder, and makes it where it is not there. Throws Fault.
  [[nodiscard]] static ListStore open(const std::filesystem::path& folder);

  /// Names of the lists, sorted.
  [[nodiscard]] std::vector<std::string> names() const;
  /// Errors: malformed for a name that is none; not_found; those of CompiledList::open().
  [[nodiscard]] Result<CompiledList> load(std::string_view name) const;

  /// Imports `source` as the list `name`, in place of one that has this name. `when` is the time to
  /// write into the log, as the caller wants it to read. Errors: those of compile_list();
  /// malformed for the name; those of the log. Throws Fault.
  [[nodiscard]] Result<CompileReport> import(std::string_view name, const FileSource& source,
                                             std::string_view source_name,
                                             const CompileOptions& options, std::string_view when);
  /// Gives the list another mapping. Errors: as load(), and the log's. Throws Fault.
  [[nodiscard]] Result<CompiledListInfo> remap(std::string_view name,
                                               const CategoryMapping& mapping,
                                               Disposition default_disposition,
                                               std::string_view when);
  /// Removes the list. Errors: malformed; not_found; the log's. Throws Fault.
  [[nodiscard]] Result<void> drop(std::string_view name, std::string_view when);

  /// Verifies the log and every list, and compares them. Errors: those of verify_list_log().
  [[nodiscard]] Result<std::vector<ListDiscrepancy>> check() const;

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::filesystem::path log_path() const;

 private:
  explicit ListStore(std::filesystem::path folder) : folder_(std::move(folder)) {}
  [[nodiscard]] std::filesystem::path path_of(std::string_view name) const;
  std::filesystem::path folder_;
};

}  // namespace safelight
