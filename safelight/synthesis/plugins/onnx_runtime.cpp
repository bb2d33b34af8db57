#include "safelight/synthesis/plugins/onnx_runtime.h"

#include <array>
#include <charconv>
#include <cstdlib>
#include <dlfcn.h>
#include <optional>
#include <pwd.h>
#include <string_view>
#include <unistd.h>
#include <utility>

#include "safelight/synthesis/plugins/internal/runtime_state.h"
#include "safelight/synthesis/plugins/internal/self_test.h"

namespace safelight::synthesis {
namespace {

constexpr const char* kLibraryName = "libonnxruntime.so.1";
constexpr const char* kHowToGetIt =
    "tools/fetch_onnxruntime installs it; detectors that are plug-ins need it, nothing else does";
constexpr uint32_t kOldestMinor = 23;
constexpr uint32_t kNewestMinor = 27;

std::optional<std::filesystem::path> home_folder() {
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') return home;
  // Workers see no $HOME.
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4'096> texts{};
  if (::getpwuid_r(::getuid(), &entry, texts.data(), texts.size(), &found) != 0 ||
      found == nullptr) {
    return std::nullopt;
  }
  return entry.pw_dir;
}

bool is_for_the_loader(const std::filesystem::path& place) { return !place.has_parent_path(); }

std::string loader_error() {
  const char* text = ::dlerror();
  return text == nullptr ? "no reason given" : onnx::printable(text);
}

/// The library's table of functions. It has begun no work yet.
/// Errors: not_found where the loader has none of that name; malformed; unsupported.
Result<onnx::Api> open_library(const std::filesystem::path& place, std::string& version,
                               std::string& complaint) {
  // Its symbols are for nobody else, and it stays: it registers destructors of thread-local
  // objects.
  void* library = ::dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    complaint = "cannot load ONNX Runtime: " + loader_error();
    if (is_for_the_loader(place)) return Error{ErrorCode::not_found, "onnx.runtime-missing"};
    return Error{ErrorCode::malformed, "onnx.runtime-not-loadable"};
  }
  auto* get_base = reinterpret_cast<const onnx::ApiBase* (*)()>(::dlsym(library, "OrtGetApiBase"));
  if (get_base == nullptr) {
    complaint = "this is not ONNX Runtime: " + place.string();
    return Error{ErrorCode::malformed, "onnx.runtime-not-loadable"};
  }
  const onnx::ApiBase* base = get_base();
  version = onnx::printable(base->get_version_string());
  const auto table =
      is_tested_runtime_version(version) ? base->get_api(onnx::kApiVersion) : nullptr;
  if (table == nullptr) {
    complaint = "ONNX Runtime " + version + " in " + place.string() +
                " is not one of the versions 1." + std::to_string(kOldestMinor) + " to 1." +
                std::to_string(kNewestMinor) +
                " that are tested (later ones may carry a telemetry client)";
    return Error{ErrorCode::unsupported, "onnx.runtime-version"};
  }
  return onnx::Api::from(table);
}

}  // namespace

std::vector<std::filesystem::path> default_runtime_places() {
  if (const char* file = std::getenv("SAFELIGHT_ONNXRUNTIME"); file != nullptr && *file != '\0') {
    return {std::filesystem::absolute(file)};
  }
  std::vector<std::filesystem::path> places;
  if (const auto home = home_folder()) {
    places.push_back(*home / ".local" / "lib" / "safelight" / kLibraryName);
  }
  places.emplace_back(kLibraryName);
  return places;
}

bool is_tested_runtime_version(std::string_view version) {
  constexpr std::string_view kMajor = "1.";
  if (!version.starts_with(kMajor)) return false;
  version.remove_prefix(kMajor.size());
  uint32_t minor = 0;
  const auto [end, error] = std::from_chars(version.data(), version.data() + version.size(), minor);
  const bool ends = end == version.data() + version.size() || *end == '.';
  return error == std::errc() && ends && minor >= kOldestMinor && minor <= kNewestMinor;
}

Result<OnnxRuntime> OnnxRuntime::load(std::span<const std::filesystem::path> places,
                                      std::string& complaint) {
  auto state = std::make_unique<State>();
  std::optional<onnx::Api> api;
  for (const std::filesystem::path& place : places) {
    std::error_code ignored;
    if (!is_for_the_loader(place) && !std::filesystem::exists(place, ignored)) continue;
    auto opened = open_library(place, state->version, complaint);
    if (!opened) {
      if (opened.error().code == ErrorCode::not_found) continue;
      return opened.error();
    }
    api = *opened;
    state->library = place;
    break;
  }
  if (!api) {
    complaint = "ONNX Runtime is not installed; looked for";
    for (const auto& place : places) complaint += " " + place.string();
    complaint += std::string(". ") + kHowToGetIt;
    return Error{ErrorCode::not_found, "onnx.runtime-missing"};
  }
  state->api = *api;
  SAFELIGHT_TRY(state->env,
                onnx::make<onnx::Env>(*api, api->release_env, complaint, [&](onnx::Env** out) {
                  return api->create_env(onnx::kLogFatal, "safelight", out);
                }));
  SAFELIGHT_TRY(state->memory, onnx::make<onnx::MemoryInfo>(*api, api->release_memory_info,
                                                            complaint, [&](onnx::MemoryInfo** out) {
                                                              return api->create_cpu_memory_info(
                                                                  onnx::kArenaAllocator,
                                                                  onnx::kDefaultMemory, out);
                                                            }));
  OnnxRuntime runtime(std::move(state));
  SAFELIGHT_CHECK(self_test(runtime, complaint));
  return runtime;
}

OnnxRuntime::OnnxRuntime(std::unique_ptr<State> state) : state_(std::move(state)) {}
OnnxRuntime::OnnxRuntime(OnnxRuntime&&) noexcept = default;
OnnxRuntime& OnnxRuntime::operator=(OnnxRuntime&&) noexcept = default;
OnnxRuntime::~OnnxRuntime() = default;

const std::string& OnnxRuntime::version() const { return state_->version; }
const std::filesystem::path& OnnxRuntime::library() const { return state_->library; }

std::string runtime_status(std::span<const std::filesystem::path> places) {
  std::string complaint;
  const auto runtime = OnnxRuntime::load(places, complaint);
  if (!runtime) return complaint;
  return "ONNX Runtime " + runtime->version() + " in " + runtime->library().string() +
         ", self-test passed";
}

}  // namespace safelight::synthesis
