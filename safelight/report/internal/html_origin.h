#pragma once

#include "safelight/bytes/new_file.h"
#include "safelight/report/internal/origin_overview.h"

/// The sections of the HTML report on where files come from. They stand without its script.
namespace safelight::report {

/// How many items carry evidence of which grade, with what the grades mean.
void write_origin(NewFile& out, const casefile::Summary& summary, const OriginOverview& overview);
/// What marks of generators have in common; nothing where they have nothing.
void write_shared(NewFile& out, const SharedValues& shared);

}  // namespace safelight::report
