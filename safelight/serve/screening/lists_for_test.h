#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/fault.h"
#include "safelight/lists/list_store.h"
#include "safelight/lists/live_lists.h"
#include "safelight/sandbox/memory_file.h"
#include "safelight/serve/accounts/accounts_for_test.h"

/// What the tests of this module, and of those above it, share.
namespace safelight::serve::testing {

inline FileSource memory_source(std::span<const std::byte> bytes) {
  auto file = FileSource::from_descriptor(sandbox::MemoryFile::copy_of(bytes).release());
  if (!file) throw Fault("no memory file for the test");
  return std::move(*file);
}

inline FileSource memory_source(std::string_view text) {
  return memory_source(std::as_bytes(std::span(text)));
}

/// A store of lists in a folder of its own.
class TestLists {
 public:
  TestLists() : store_(ListStore::open(folder_.path() / "lists")) {}

  /// `mapping` as a command line gives it: "1=known".
  void build(std::string_view name, std::string_view text,
             const std::vector<std::string>& mapping = {}, PdqMode mode = PdqMode::reference) {
    const FileSource file = memory_source(text);
    const ListInput input{file, "source"};
    CompileOptions options;
    options.pdq_mode = mode;
    for (const std::string& assignment : mapping) {
      if (!options.mapping.set_from_text(assignment)) throw Fault("no mapping");
    }
    if (!store_.build(name, std::span(&input, 1), options, kWhen)) throw Fault("no list");
  }
  void add(std::string_view name, std::string_view text) {
    const FileSource file = memory_source(text);
    if (!store_.add(name, {file, "more"}, {}, kWhen)) throw Fault("nothing added");
  }
  [[nodiscard]] std::unique_ptr<LiveLists> live(const std::vector<std::string>& names) const {
    auto lists = std::make_unique<LiveLists>();
    for (const std::string& name : names) {
      if (!lists->add(store_, name)) throw Fault("no such list");
    }
    return lists;
  }
  [[nodiscard]] std::filesystem::path folder() const { return store_.folder(); }

 private:
  static constexpr std::string_view kWhen = "2026-01-02T03:04:05Z";
  TestFolder folder_;
  ListStore store_;
};

}  // namespace safelight::serve::testing
