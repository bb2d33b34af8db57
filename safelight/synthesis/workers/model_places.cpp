#include "safelight/synthesis/workers/model_places.h"

#include <string_view>

namespace safelight::synthesis {
namespace {

constexpr std::string_view kPluginFolder = "--plugins";
constexpr std::string_view kRuntime = "--runtime";

}  // namespace

std::vector<std::string> to_arguments(const ModelPlaces& places) {
  std::vector<std::string> arguments;
  const auto add = [&](std::string_view option, const std::filesystem::path& path) {
    arguments.emplace_back(option);
    arguments.push_back(path.string());
  };
  if (!places.plugin_folder.empty()) {
    add(kPluginFolder, std::filesystem::absolute(places.plugin_folder));
  }
  for (const auto& runtime : places.runtimes) {
    // Made absolute, a bare name would be a file of the folder that the user stands in, which may
    // be evidence: its code would run before the worker is confined.
    add(kRuntime, runtime.has_parent_path() ? std::filesystem::absolute(runtime) : runtime);
  }
  return arguments;
}

Result<ModelPlaces> places_from_arguments(std::span<const char* const> arguments) {
  const Error bad = {ErrorCode::malformed, "synthesis-worker.arguments"};
  if (arguments.size() % 2 != 0) return bad;
  ModelPlaces places;
  for (size_t i = 0; i < arguments.size(); i += 2) {
    const std::string_view option = arguments[i];
    if (option == kRuntime) {
      places.runtimes.emplace_back(arguments[i + 1]);
    } else if (option == kPluginFolder && places.plugin_folder.empty()) {
      places.plugin_folder = arguments[i + 1];
    } else {
      return bad;
    }
  }
  return places;
}

}  // namespace safelight::synthesis
