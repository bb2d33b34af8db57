#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "apps/safelight/commands.h"
#include "apps/safelight/list_arguments.h"

#include "safelight/lists/list_log.h"
#include "safelight/lists/recall.h"

namespace safelight::app {
namespace {

void print(const std::string& text) { std::fputs(text.c_str(), stdout); }

CompiledList load(const ListStore& store, const std::string& name) {
  auto list = store.load(name);
  if (!list) throw list_problem(name, list.error());
  return *std::move(list);
}

void add_import(CLI::App& command, Session& session) {
  struct Arguments {
    std::string name;
    std::string file;
    CompileArguments compile;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* import =
      command.add_subcommand("import", "Read a list of any known format and keep it under a name");
  import->add_option("name", arguments->name, "1 to 64 of A-Z a-z 0-9 . _ -")->required();
  import->add_option("file", arguments->file, "The list")->required();
  arguments->compile.add_to(*import);
  import->callback([arguments, &session] {
    if (!check_list_name(arguments->name))
      throw UsageError("not a name for a list: " + arguments->name);
  ListStore store = ListStore::open(session.list_store);
  const CompileReport report =
      import_file(store, arguments->name, arguments->file, arguments->compile.options(), session);
  print(describe(report));
  print(describe(load(store, arguments->name)));
});
}  // namespace

void add_show(CLI::App& command, Session& session) {
  const auto name = std::make_shared<std::string>();
  CLI::App* show = command.add_subcommand("show", "Say what lists there are, or what one holds");
  show->add_option("name", *name, "Only this list");
  show->callback([name, &session] {
    const ListStore store = ListStore::open(session.list_store);
    if (!name->empty()) return print(describe(load(store, *name)));
    const auto names = store.names();
    if (names.empty()) print("No lists yet: safelight list import NAME FILE\n");
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
    const auto list = load(ListStore::open(session.list_store), arguments->name);
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

void add_drop(CLI::App& command, Session& session) {
  const auto name = std::make_shared<std::string>();
  CLI::App* drop = command.add_subcommand("drop", "Remove a list");
  drop->add_option("name", *name)->required();
  drop->callback([name, &session] {
    ListStore store = ListStore::open(session.list_store);
    if (const auto dropped = store.drop(*name, iso_time(session.clock.now_ns())); !dropped) {
      throw UsageError("list " + *name + ": " + to_sentence(dropped.error()));
    }
  });
}

void add_log(CLI::App& command, Session& session) {
  command.add_subcommand("log", "Show what was done to the lists, and check that the log is whole")
      ->callback([&session] {
        const auto records = verify_list_log(ListStore::open(session.list_store).log_path());
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
  command
      .add_subcommand("verify",
                      "Check every byte of all lists, and that they are as their log says")
      ->callback([&session] {
        const ListStore store = ListStore::open(session.list_store);
        const auto discrepancies = store.check();
        if (!discrepancies) {
          throw UsageError("the list log does not verify: " + to_sentence(discrepancies.error()));
        }
        for (const ListDiscrepancy& each : *discrepancies) {
          std::printf("%s: the log says %s, there is %s\n", each.list.c_str(),
                      each.logged.empty() ? "no list" : each.logged.c_str(),
                      each.present.empty() ? "no list" : each.present.c_str());
        }
        std::printf("%zu lists, %zu not as the log says\n", store.names().size(),
                    discrepancies->size());
        if (!discrepancies->empty()) session.exit = Exit::incomplete;
      });
}

}  // namespace safelight::app

void add_list_command(CLI::App& program, Session& session) {
  CLI::App* command = program.add_subcommand("list", "Keep the hash lists of authorities");
  command->require_subcommand(1);
  add_import(*command, session);
  add_show(*command, session);
  add_verify(*command, session);
  add_recall(*command, session);
  add_drop(*command, session);
  add_log(*command, session);
}

}  // namespace safelight::app
