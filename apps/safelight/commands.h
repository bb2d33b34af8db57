#pragma once

#include "apps/safelight/session.h"

namespace CLI {
class App;
}

/// Each adds its command to the program. The command's callback sets Session::exit, or throws
/// UsageError or Fault.
namespace safelight::app {

void add_scan_command(CLI::App& program, Session& session);
void add_case_command(CLI::App& program, Session& session);
void add_audit_command(CLI::App& program, Session& session);
void add_list_command(CLI::App& program, Session& session);
void add_hash_command(CLI::App& program, Session& session);
void add_compare_command(CLI::App& program, Session& session);
void add_inspect_command(CLI::App& program, Session& session);
void add_match_command(CLI::App& program, Session& session);
void add_triage_command(CLI::App& program, Session& session);
void add_evaluate_command(CLI::App& program, Session& session);
void add_calibrate_command(CLI::App& program, Session& session);
void add_report_command(CLI::App& program, Session& session);
void add_stats_command(CLI::App& program, Session& session);
void add_serve_command(CLI::App& program, Session& session);
void add_people_command(CLI::App& program, Session& session);
void add_doctor_command(CLI::App& program, Session& session);

}  // namespace safelight::app
