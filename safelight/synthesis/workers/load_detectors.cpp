#include "safelight/synthesis/workers/load_detectors.h"

#include <cassert>
#include <utility>

#include "safelight/synthesis/cues/cue_detector.h"
#include "safelight/synthesis/plugins/load_plugins.h"

namespace safelight::synthesis {
namespace {

void add_plugins(LoadedDetectors& loaded, const ModelPlaces& places) {
  std::string complaint;
  auto found = OnnxRuntime::load(places.runtimes, complaint);
  if (!found) {
    loaded.remarks.push_back("plug-ins are not used: " + complaint);
    return;
  }
  const auto runtime = std::make_shared<OnnxRuntime>(std::move(*found));
  auto plugins = load_plugins(*runtime, places.plugin_folder, {});
  if (!plugins) {
    loaded.remarks.push_back(
        "the folder of plug-ins cannot be used: " + std::string(to_text(plugins.error().code)) +
        ", " + std::string(plugins.error().rule));
    return;
  }
  loaded.runtime = runtime;
  for (const RefusedPlugin& refused : plugins->refused)
    loaded.remarks.push_back("the plug-in " + refused.card_file +
                             " is not used: " + refused.reason);
  for (PluginDetector& detector : plugins->detectors) {
    if (detector.identity().name == loaded.detectors.front()->identity().name) {
      loaded.remarks.push_back("the plug-in " + detector.identity().name +
                               " is not used: it has the name of the built-in detector");
      continue;
    }
    loaded.detectors.push_back(std::make_unique<PluginDetector>(std::move(detector)));
  }
}

}  // namespace

LoadedDetectors load_detectors(const ModelPlaces& places) {
  LoadedDetectors loaded;
  auto built_in = CueDetector::create(built_in_cue_model());
  assert(built_in);
  loaded.detectors.push_back(std::make_unique<CueDetector>(std::move(*built_in)));
  if (!places.plugin_folder.empty()) add_plugins(loaded, places);
  return loaded;
}

}  // namespace safelight::synthesis
