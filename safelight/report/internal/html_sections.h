#pragma once

#include <cstdint>
#include <string>

#include "safelight/bytes/new_file.h"
#include "safelight/casefile/reader.h"
#include "safelight/report/report.h"

/// The sections of the HTML report that stand without its script.
namespace safelight::report {

/// What was examined and what was not, in a sentence and in figures.
void write_summary(NewFile& out, const ReportInput& input, const casefile::Summary& summary);
void write_hits(NewFile& out, const ReportInput& input, const casefile::Summary& summary);
void write_gaps(NewFile& out, const casefile::Summary& summary);
/// What stands around the table of groups, which the script fills.
void write_groups(NewFile& out, const triage::Groups& groups);
/// The classes of the order of review, and the frame of the list, which the script fills. Without
/// `decision_choices` nothing in it is about decisions.
void write_order(NewFile& out, const ReportInput& input, const std::string& decision_choices,
                 uint64_t left_out);
void write_types(NewFile& out, const casefile::Summary& summary);
void write_findings(NewFile& out, const casefile::Summary& summary);
/// The case, its sources, the lists used and its runs.
void write_case(NewFile& out, const ReportInput& input);

}  // namespace safelight::report
