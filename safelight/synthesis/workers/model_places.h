#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "safelight/base/result.h"

namespace safelight::synthesis {

/// Where the worker program finds the models that it loads before it is confined.
struct ModelPlaces {
  std::filesystem::path plugin_folder;  ///< Empty: no plug-ins.
  /// Where the runtime of the plug-ins may lie, in the order of trial.
  std::vector<std::filesystem::path> runtimes;
  friend bool operator==(const ModelPlaces&, const ModelPlaces&) = default;
};

/// The arguments by which a coordinator tells the worker program. Paths are made absolute, but for
/// a runtime's bare name, which is for the system's loader to find.
std::vector<std::string> to_arguments(const ModelPlaces& places);

/// What to_arguments() says; `arguments` are those of main() behind the program's name.
/// Errors: malformed, "synthesis-worker.arguments".
Result<ModelPlaces> places_from_arguments(std::span<const char* const> arguments);

}  // namespace safelight::synthesis
