#include <CLI/CLI.hpp>
#include <cstdio>
#include <initializer_list>
#include <memory>
#include <utility>

#include "apps/safelight/commands.h"
#include "apps/safelight/list_arguments.h"

#include "safelight/base/json_writer.h"
#include "safelight/base/time_text.h"
#include "safelight/lists/list_log.h"
#include "safelight/lists/recall.h"
#include "safelight/seal/seal_key.h"

namespace safelight::app {
namespace {

/// What a command answers with.
enum class Answer : uint8_t { text, json };

void print(const std::string& text) { std::fputs(text.c_str(), stdout); }

void add_json(CLI::App& command, bool& is_json) {
  command.add_flag("--json", is_json,
                   "Answer with one JSON object: counts, or the rule by which a file was refused");
}

HashList load(const ListStore& store, const std::string& name) {
  auto list = store.load(name);
  if (!list) throw list_problem(name, list.error());
  return *std::move(list);
}

void check_name(const std::string& name) {
  if (!check_list_name(name)) throw UsageError("not a name for a list: " + name);
}

/// Merges what a change has left in small pieces. The change itself is done.
std::vector<MergeReport> merge_small(ListStore& store, const std::string& name,
                                     const Session& session) {
  auto reports = store.merge_small(name, utc_text(session.clock.now_ns()));
  if (!reports) throw list_problem(name, reports.error());
  return *std::move(reports);
}

void merge_small_and_say(ListStore& store, const std::string& name, const Session& session) {
  std::fflush(stdout);
  const auto reports = merge_small(store, name, session);
  for (const MergeReport& report : reports) {
    std::printf("Merged %u segments into %u\n", report.segments_before, report.segments_after);
  }
}

void add_build(CLI::App& command, Session& session) {
  struct Arguments {
    std::string name;
    std::vector<std::string> files;
    CompileArguments compile;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* build = command.add_subcommand(
      "build", "Read lists of any known format and keep them as one under a name");
  build->alias("import");
  build->add_option("name", arguments->name, "1 to 64 of A-Z a-z 0-9 . _ -")->required();
  build->add_option("files", arguments->files, "The lists; - for standard input")->required();
  arguments->compile.add_to(*build);
  build->callback([arguments, &session] {
    check_name(arguments->name);
    ListStore store = open_list_store(session, session.list_store);
    const CompileOptions options = arguments->compile.options();
    const std::vector<FileSource> sources =
        open_list_files_confined(arguments->files, store, session);
    std::vector<std::string> names;
    for (const std::string& file : arguments->files) {
      names.push_back(std::filesystem::path(file).filename().string());
    }
    std::vector<ListInput> inputs;
    for (size_t i = 0; i < sources.size(); ++i) inputs.push_back({sources[i], names[i]});
    const auto report =
        store.build(arguments->name, inputs, options, utc_text(session.clock.now_ns()));
    if (!report) {
      throw list_problem(sources.size() == 1 ? arguments->files[0] : arguments->name,
                         report.error());
    }
    for (const ImportSummary& import : report->imports) print(describe(import));
    if (report->merged > 0) {
      std::printf("%llu entries repeat an earlier one\n",
                  static_cast<unsigned long long>(report->merged));
    }
    print(describe(load(store, arguments->name)));
  });
}

/// What a change came to, for a program that reads it: one JSON object of counts.
void print_counts(std::initializer_list<std::pair<std::string_view, uint64_t>> counts) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  for (const auto& [name, count] : counts) json.field(name, count);
  json.end_object();
  print(out + "\n");
}

/// Merges after a change that is told as done: what fails of it is for the log.
void merge_afterwards(ListStore& store, const std::string& name, Session& session) {
  std::fflush(stdout);
  try {
    merge_small(store, name, session);
  } catch (const std::exception& error) {
    session.log.log(Severity::warning, error.what());
  }
}

/// Tells why a change was not made: to a program by the rule and the place, as one JSON object; to
/// a user by throwing UsageError.
void refuse(const std::string& list, const Error& error, Answer answer, Session& session) {
  if (answer == Answer::text) throw list_problem(list, error);
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("code", to_text(error.code)).field("rule", error.rule);
  if (error.offset_kind != OffsetKind::none) json.field("offset_bytes", error.offset_bytes);
  json.end_object();
  print(out + "\n");
  session.exit = Exit::usage;
}

enum class FileIs : uint8_t { required, optional };

/// A name, a file and what 64 digits are in it.
struct ChangeArguments {
  std::string name;
  std::string file;
  std::vector<std::string> entry_ids;
  std::string sixty_four_hex = "ask";
  bool is_json = false;

  void add_to(CLI::App& command, FileIs file_is) {
    command.add_option("name", name)->required();
    auto* const option = command.add_option("file", file, "The file, or - for standard input");
    if (file_is == FileIs::required) option->required();
    command
        .add_option("--sixty-four-hex", sixty_four_hex,
                    "What 64 hexadecimal digits are where the file does not tell")
        ->check(CLI::IsMember({"ask", "sha256", "pdq"}))
        ->capture_default_str();
    add_json(command, is_json);
  }
  [[nodiscard]] Answer answer() const { return is_json ? Answer::json : Answer::text; }
  [[nodiscard]] ImportOptions import() const {
    ImportOptions options;
    options.sixty_four_hex = *sixty_four_hex_from_text(sixty_four_hex);
    return options;
  }
};

void add_add(CLI::App& command, Session& session) {
  const auto arguments = std::make_shared<ChangeArguments>();
  CLI::App* add = command.add_subcommand(
      "add", "Add to a list what a file of any known format has and the list does not");
  arguments->add_to(*add, FileIs::required);
  const auto or_build = std::make_shared<bool>(false);
  add->add_flag("--or-build", *or_build, "Where there is no list of this name, build it");
  add->callback([arguments, or_build, &session] {
    ListStore store = open_list_store(session, session.list_store);
    const FileSource file =
        std::move(open_list_files_confined({arguments->file}, store, session)[0]);
    const std::string name = std::filesystem::path(arguments->file).filename().string();
    const std::string when = utc_text(session.clock.now_ns());
    CompileOptions options;
    options.import = arguments->import();
    const auto report = *or_build ? store.add_or_build(arguments->name, {file, name}, options, when)
                                  : store.add(arguments->name, {file, name}, options.import, when);
    if (!report) return refuse(arguments->name, report.error(), arguments->answer(), session);
    if (arguments->is_json) {
      print_counts({{"added", report->added},
                    {"held", report->held},
                    {"merged", report->merged},
                    {"refused", report->import.refused_total()}});
      if (report->added > 0) merge_afterwards(store, arguments->name, session);
      return;
    }
    print(describe(report->import));
    std::printf("Added %llu entries; the list held %llu already, and %llu repeat an earlier one\n",
                static_cast<unsigned long long>(report->added),
                static_cast<unsigned long long>(report->held),
                static_cast<unsigned long long>(report->merged));
    if (report->added > 0) merge_small_and_say(store, arguments->name, session);
  });
}

void add_remove(CLI::App& command, Session& session) {
  const auto arguments = std::make_shared<ChangeArguments>();
  CLI::App* remove = command.add_subcommand(
      "remove", "Remove the entries that have one of the digests or fingerprints of a file");
  arguments->add_to(*remove, FileIs::optional);
  remove->add_option("--entry", arguments->entry_ids,
                     "Id of an entry, as a match shows it; repeatable");
  remove->callback([arguments, &session] {
    if (arguments->file.empty() == arguments->entry_ids.empty()) {
      throw UsageError("list remove takes a FILE or --entry");
    }
    ListStore store = open_list_store(session, session.list_store);
    const std::string when = utc_text(session.clock.now_ns());
    std::vector<std::string> files;
    if (!arguments->file.empty()) files.push_back(arguments->file);
    const std::vector<FileSource> sources = open_list_files_confined(files, store, session);
    const auto report = sources.empty()
                            ? store.remove_entries(arguments->name, arguments->entry_ids, when)
                            : store.remove(arguments->name, {sources[0], arguments->file},
                                           arguments->import(), when);
    if (!report) return refuse(arguments->name, report.error(), arguments->answer(), session);
    if (arguments->is_json) {
      print_counts({{"asked", report->asked},
                    {"absent", report->absent},
                    {"removed", report->removed},
                    {"refused", report->import.refused_total()}});
      if (report->removed > 0) merge_afterwards(store, arguments->name, session);
      return;
    }
    if (report->import.refused_total() > 0) print(describe(report->import));
    std::printf("Removed %llu entries; of %llu values or ids, %llu are in no entry\n",
                static_cast<unsigned long long>(report->removed),
                static_cast<unsigned long long>(report->asked),
                static_cast<unsigned long long>(report->absent));
    if (report->removed > 0) merge_small_and_say(store, arguments->name, session);
  });
}

void add_merge(CLI::App& command, Session& session) {
  const auto name = std::make_shared<std::string>();
  CLI::App* merge =
      command.add_subcommand("merge", "Write a list as one segment, while it is used and changed");
  merge->add_option("name", *name)->required();
  merge->callback([name, &session] {
    ListStore store = open_list_store(session, session.list_store);
    const auto report = store.merge(*name, utc_text(session.clock.now_ns()));
    if (!report) throw list_problem(*name, report.error());
    std::printf("Merged %u segments into %u\n", report->segments_before, report->segments_after);
    print(describe(load(store, *name)));
  });
}

void add_show(CLI::App& command, Session& session) {
  const auto name = std::make_shared<std::string>();
  CLI::App* show = command.add_subcommand("show", "Say what lists there are, or what one holds");
  show->add_option("name", *name, "Only this list");
  show->callback([name, &session] {
    const ListStore store = open_list_store(session, session.list_store);
    if (!name->empty()) return print(describe(load(store, *name)));
    const auto names = store.names();
    if (names.empty()) print("No lists yet: safelight list build NAME FILE\n");
    for (const std::string& each : names) print(describe(load(store, each)));
  });
}

void add_recall(CLI::App& command, Session& session) {
  struct Arguments {
    std::string name;
    uint32_t samples = 1'000;
    uint32_t radius_bits = kDefaultRadiusBits;
    uint64_t seed = 1;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* check =
      command.add_subcommand("recall", "Compare the list's index with a plain scan on a sample");
  check->add_option("name", arguments->name)->required();
  check->add_option("--sample", arguments->samples, "Fingerprints to try")->capture_default_str();
  check->add_option("--radius", arguments->radius_bits)
      ->check(CLI::Range(0u, 256u))
      ->capture_default_str();
  check->add_option("--seed", arguments->seed)->capture_default_str();
  check->callback([arguments, &session] {
    const auto list = load(open_list_store(session, session.list_store), arguments->name);
    const Recall result = recall(list, arguments->samples, arguments->radius_bits, arguments->seed);
    std::printf(
        "%s: %llu queries within %u bits: the index found %llu of %llu matches, and %llu that are "
        "none\n",
        arguments->name.c_str(), static_cast<unsigned long long>(result.queries),
        arguments->radius_bits, static_cast<unsigned long long>(result.found),
        static_cast<unsigned long long>(result.expected),
        static_cast<unsigned long long>(result.unexpected));
    if (!result.complete()) session.exit = Exit::incomplete;
  });
}

void add_key(CLI::App& command, Session&) {
  const auto file = std::make_shared<std::string>();
  CLI::App* key = command.add_subcommand(
      "key", "Make a file with a new key, which --list-key takes to encrypt lists");
  key->add_option("file", *file, "The file; there is none yet")->required();
  key->callback([file] {
    SealKey::make_file(*file);
    std::printf("Key: %s. Without it lists that it encrypted cannot be read: keep a copy.\n",
                file->c_str());
  });
}

void add_drop(CLI::App& command, Session& session) {
  const auto name = std::make_shared<std::string>();
  const auto is_json = std::make_shared<bool>(false);
  CLI::App* drop = command.add_subcommand("drop", "Remove a list");
  drop->add_option("name", *name)->required();
  add_json(*drop, *is_json);
  drop->callback([name, is_json, &session] {
    ListStore store = open_list_store(session, session.list_store);
    const auto dropped = store.drop(*name, utc_text(session.clock.now_ns()));
    const Answer answer = *is_json ? Answer::json : Answer::text;
    if (!dropped) return refuse(*name, dropped.error(), answer, session);
    if (*is_json) print_counts({});
  });
}

void add_log(CLI::App& command, Session& session) {
  command.add_subcommand("log", "Show what was done to the lists, and check that the log is whole")
      ->callback([&session] {
        const auto records =
            verify_list_log(open_list_store(session, session.list_store).log_path());
        if (!records)
          throw UsageError("the list log does not verify: " + to_sentence(records.error()));
        for (const ListLogRecord& record : *records) {
          std::printf("%llu  %s  %s  %s  %s\n", static_cast<unsigned long long>(record.number),
                      record.when.c_str(), record.action.c_str(), record.list.c_str(),
                      record.content_id.c_str());
        }
        std::printf("%zu records, the chain is whole\n", records->size());
      });
}

void add_verify(CLI::App& command, Session& session) {
  const auto name = std::make_shared<std::string>();
  CLI::App* verify = command.add_subcommand(
      "verify", "Check every byte of all lists, and that they are as their log says");
  verify->add_option("name", *name, "Only this list");
  verify->callback([name, &session] {
    const ListStore store = open_list_store(session, session.list_store);
    const auto discrepancies = name->empty() ? store.check() : store.check(*name);
    if (!discrepancies) {
      throw UsageError("the list log does not verify: " + to_sentence(discrepancies.error()));
    }
    for (const ListDiscrepancy& each : *discrepancies) {
      std::printf("%s: the log says %s, there is %s\n", each.list.c_str(),
                  each.logged.empty() ? "no list" : each.logged.c_str(),
                  each.present.empty() ? "no list" : each.present.c_str());
    }
    std::printf("%zu lists, %zu not as the log says\n", name->empty() ? store.names().size() : 1,
                discrepancies->size());
    if (!discrepancies->empty()) session.exit = Exit::incomplete;
  });
}

}  // namespace

void add_list_command(CLI::App& program, Session& session) {
  CLI::App* command = program.add_subcommand("list", "Keep the hash lists of authorities");
  command->require_subcommand(1);
  add_build(*command, session);
  add_add(*command, session);
  add_remove(*command, session);
  add_merge(*command, session);
  add_show(*command, session);
  add_verify(*command, session);
  add_recall(*command, session);
  add_drop(*command, session);
  add_key(*command, session);
  add_log(*command, session);
}

}  // namespace safelight::app
