#pragma once

#include "safelight/report/internal/origin_overview.h"
#include "safelight/report/internal/output_file.h"

/// The sections of the HTML report on where files come from. They stand without its script.
namespace safelight::report {

/// How many items carry evidence of which grade, with what the grades mean.
void write_origin(OutputFile& out, const casefile::Summary& summary,
                  const OriginOverview& overview);
/// What marks of generators have in common; nothing where they have nothing.
void write_shared(OutputFile& out, const SharedValues& shared);

}  // namespace safelight::report
