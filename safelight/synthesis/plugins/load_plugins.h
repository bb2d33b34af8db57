#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/synthesis/plugins/plugin_detector.h"

namespace safelight::synthesis {

/// Cards of one folder.
inline constexpr size_t kMaxPlugins = 64;

struct PluginOptions {
  OnnxOptions onnx;
  uint64_t max_model_bytes = 2'000'000'000;  ///< What a protocol buffer can hold.
};

/// A card that led to no detector.
struct RefusedPlugin {
  std::string card_file;  ///< Its name in the folder.
  Error error;
  std::string reason;  ///< In plain words.
};

struct LoadedPlugins {
  std::vector<PluginDetector> detectors;  ///< By the names of their cards' files.
  std::vector<RefusedPlugin> refused;
};

/// The detectors of a folder: each file in it whose name ends in ".json" is a card, with its model
/// beside it. `runtime` must outlive them.
/// A card is refused with the errors of parse_model_card() and PluginDetector::create();
/// not_found, unreadable, unsupported where it or its model cannot be read or is no regular file
/// (a link is none); limit_exceeded ("plugin.model-bytes"); malformed ("plugin.name-twice") where
/// another detector has its name already.
/// Errors: not_found, unreadable ("plugin.folder"); limit_exceeded ("plugin.cards") over
/// kMaxPlugins.
Result<LoadedPlugins> load_plugins(const OnnxRuntime& runtime, const std::filesystem::path& folder,
                                   const PluginOptions& options);

}  // namespace safelight::synthesis
