#include "safelight/synthesis/plugins/load_plugins.h"

#include <algorithm>
#include <fcntl.h>
#include <system_error>
#include <utility>

#include "safelight/bytes/file.h"

namespace safelight::synthesis {
namespace {

constexpr std::string_view kCardSuffix = ".json";

Result<std::vector<std::string>> card_files_of(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  std::vector<std::string> names;
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.ends_with(kCardSuffix)) continue;
    if (names.size() == kMaxPlugins) return Error{ErrorCode::limit_exceeded, "plugin.cards"};
    names.push_back(name);
  }
  if (error) {
    const bool missing = error == std::errc::no_such_file_or_directory;
    return Error{missing ? ErrorCode::not_found : ErrorCode::unreadable, "plugin.folder"};
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// All of a file into memory, so that what is checked is what is used.
Result<std::vector<std::byte>> read_file(const std::filesystem::path& file, uint64_t max_bytes,
                                         std::string_view limit) {
  SAFELIGHT_TRY(const FileSource source, FileSource::open(AT_FDCWD, file.c_str()));
  return read_all(source, max_bytes, limit);
}

std::string words_of(const Error& error) {
  return std::string(to_text(error.code)) + ", " + std::string(error.rule) +
         (error.offset_kind == OffsetKind::none ? ""
                                                : " at byte " + std::to_string(error.offset_bytes));
}

/// Errors: with the reason in plain words.
Result<PluginDetector> load_one(const OnnxRuntime& runtime, const std::filesystem::path& file,
                                const PluginOptions& options, std::string& reason) {
  const auto text = read_file(file, kMaxCardBytes, "card.bytes");
  if (!text) {
    reason = "the card cannot be read: " + words_of(text.error());
    return text.error();
  }
  const auto card =
      parse_model_card(std::string_view(reinterpret_cast<const char*>(text->data()), text->size()));
  if (!card) {
    reason =
        card.error().rule == "card.output.proposition"
            ? std::string(kOtherOutputRefused)
            : "the card is not as docs/formats/model_card.md has it: " + words_of(card.error());
    return card.error();
  }
  const auto model = read_file(file.parent_path() / card->model_file, options.max_model_bytes,
                               "plugin.model-bytes");
  if (!model) {
    reason = "the model " + card->model_file + " cannot be read: " + words_of(model.error());
    return model.error();
  }
  return PluginDetector::create(runtime, *card, *model, options.onnx, reason);
}

}  // namespace

Result<LoadedPlugins> load_plugins(const OnnxRuntime& runtime, const std::filesystem::path& folder,
                                   const PluginOptions& options) {
  SAFELIGHT_TRY(const auto files, card_files_of(folder));
  LoadedPlugins plugins;
  for (const std::string& name : files) {
    std::string reason;
    auto detector = load_one(runtime, folder / name, options, reason);
    if (!detector) {
      plugins.refused.push_back({name, detector.error(), reason});
      continue;
    }
    const bool twice = std::any_of(
        plugins.detectors.begin(), plugins.detectors.end(),
        [&](const PluginDetector& other) { return other.card().name == detector->card().name; });
    if (twice) {
      plugins.refused.push_back({name,
                                 {ErrorCode::malformed, "plugin.name-twice"},
                                 "another card has the same name for its detector"});
      continue;
    }
    plugins.detectors.push_back(std::move(*detector));
  }
  return plugins;
}

}  // namespace safelight::synthesis
