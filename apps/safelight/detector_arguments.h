#pragma once

#include <string>

#include "safelight/synthesis/calibration/date.h"
#include "safelight/synthesis/workers/assessor.h"

namespace safelight::app {

struct Session;

/// How the worker of detectors is started; `models` is the folder of models and cards, "" for none.
synthesis::AssessorOptions assessor_options(const std::string& models, const Session& session);

/// The day by the session's clock, in UTC.
synthesis::Date today(const Session& session);

}  // namespace safelight::app
