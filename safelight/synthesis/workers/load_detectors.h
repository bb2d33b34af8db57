#pragma once

#include "safelight/synthesis/workers/model_places.h"
#include "safelight/synthesis/workers/synthesis_handler.h"

namespace safelight::synthesis {

/// Every detector that the worker program has: the built-in one, then the plug-ins of the folder,
/// in the order of their cards. What cannot be loaded is a remark, never an error. Leaves no thread
/// behind.
LoadedDetectors load_detectors(const ModelPlaces& places);

}  // namespace safelight::synthesis
