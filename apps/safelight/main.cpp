#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>

#include "apps/safelight/commands.h"

#include "safelight/base/fault.h"

namespace {

constexpr const char* kFooter =
    "Exit status: 0 done; 1 done, but some items were not or only partly examined; 2 the command "
    "line or a\n"
    "file named on it cannot be used; 3 the machine would not do it (disk full, no permission).";

int parse_and_run(int argc, char** argv) {
  using namespace safelight::app;
  Session session;
  session.list_store = default_list_store();

  CLI::App program{"Safelight decides which files of a seizure a human must see first, and why."};
  program.set_version_flag("--version", SAFELIGHT_VERSION);
  program.footer(kFooter);
  program.require_subcommand(1);
  program.fallthrough();
  program.add_option("--list-store", session.list_store, "Folder of lists")->capture_default_str();
  program
      .add_option("--list-key", session.list_key_file,
                  "File of the key with which lists are encrypted (list key makes one)")
      ->envname("SAFELIGHT_LIST_KEY");
  program.add_flag(
      "--allow-degraded-sandbox", session.allow_degraded_sandbox,
      "Go on where this machine cannot enforce every property of the sandbox (see doctor)");
  add_scan_command(program, session);
  add_case_command(program, session);
  add_audit_command(program, session);
  add_list_command(program, session);
  add_hash_command(program, session);
  add_compare_command(program, session);
  add_inspect_command(program, session);
  add_match_command(program, session);
  add_triage_command(program, session);
  add_evaluate_command(program, session);
  add_calibrate_command(program, session);
  add_report_command(program, session);
  add_stats_command(program, session);
  add_serve_command(program, session);
  add_people_command(program, session);
  add_doctor_command(program, session);

  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? static_cast<int>(Exit::done) : static_cast<int>(Exit::usage);
  }
  return static_cast<int>(session.exit);
}

int run(int argc, char** argv) {
  using namespace safelight::app;
  try {
    return parse_and_run(argc, argv);
  } catch (const UsageError& error) {
    std::fprintf(stderr, "safelight: %s\n", error.what());
    return static_cast<int>(Exit::usage);
  } catch (const Interrupted& interrupted) {
    std::fprintf(stderr, "safelight: %s\n", interrupted.what());
    return static_cast<int>(Exit::incomplete);
  } catch (const safelight::Fault& fault) {
    std::fprintf(stderr, "safelight: %s\n", fault.what());
    return static_cast<int>(Exit::environment);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "safelight: %s\n", error.what());
    return static_cast<int>(Exit::environment);
  }
}

}  // namespace

int main(int argc, char** argv) {
  // A reader that goes away ends a write with an error, not this process without a word.
  std::signal(SIGPIPE, SIG_IGN);
  return run(argc, argv);
}
