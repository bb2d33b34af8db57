/// What a card costs over the bare runtime. The models are those of
///   tools/make_onnx_models.py --large FOLDER
/// and $SAFELIGHT_LARGE_MODELS names that folder. Scores are compared before anything is timed.
#include <algorithm>
#include <benchmark/benchmark.h>
#include <cmath>
#include <cstdlib>
#include <dlfcn.h>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <vector>

#include "safelight/synthesis/plugins/internal/onnx_abi.h"
#include "safelight/synthesis/plugins/plugin_detector.h"
#include "safelight/synthesis/plugins/preprocess.h"

namespace safelight::synthesis {
namespace {

constexpr uint32_t kSide = 224;
constexpr double kMostDifference = 1e-5;

std::string read_text(const std::string& name) {
  const char* folder = std::getenv("SAFELIGHT_LARGE_MODELS");
  std::ifstream in(std::string(folder == nullptr ? "." : folder) + "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A smooth picture with some noise on it.
Picture landscape(uint32_t width, uint32_t height) {
  Picture picture{{width, height, 3}, {}};
  picture.samples.resize(height * picture.shape.row_bytes());
  uint32_t state = 1;
  size_t at = 0;
  for (uint32_t y = 0; y < height; ++y) {
    for (uint32_t x = 0; x < width; ++x) {
      for (uint32_t c = 0; c < 3; ++c) {
        state = state * 1'664'525 + 1'013'904'223;
        picture.samples[at++] = static_cast<uint8_t>(100 + 60 * std::sin(x * 0.02 + c) +
                                                     40 * std::cos(y * 0.03) + (state >> 28));
      }
    }
  }
  return picture;
}

/// The runtime through its C interface and nothing else of ours.
class BareSession {
 public:
  BareSession(const std::filesystem::path& library, const std::string& model) {
    void* opened = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    const auto base =
        reinterpret_cast<const onnx::ApiBase* (*)()>(::dlsym(opened, "OrtGetApiBase"))();
    api_ = onnx::Api::from(base->get_api(onnx::kApiVersion));
    onnx::Env* env = nullptr;
    onnx::SessionOptions* options = nullptr;
    api_.create_env(onnx::kLogFatal, "bare", &env);
    api_.create_session_options(&options);
    api_.set_intra_op_threads(options, 1);
    api_.create_session_from_array(env, model.data(), model.size(), options, &session_);
    api_.create_cpu_memory_info(onnx::kArenaAllocator, onnx::kDefaultMemory, &memory_);
  }
  float run(std::vector<float>& tensor) {
    const int64_t dims[] = {1, 3, kSide, kSide};
    onnx::Value* in = nullptr;
    onnx::Value* out = nullptr;
    api_.create_tensor_with_data(memory_, tensor.data(), tensor.size() * sizeof(float), dims, 4,
                                 onnx::kFloat32, &in);
    const char* input = "picture";
    const char* output = "score";
    const onnx::Value* inputs[] = {in};
    api_.run(session_, nullptr, &input, inputs, 1, &output, 1, &out);
    void* data = nullptr;
    api_.tensor_data(out, &data);
    const float score = *static_cast<const float*>(data);
    api_.release_value(in);
    api_.release_value(out);
    return score;
  }

 private:
  onnx::Api api_{};
  onnx::Session* session_ = nullptr;
  onnx::MemoryInfo* memory_ = nullptr;
};

/// The centre of a picture whose shorter side needs no resizing, normalised by plain loops.
std::vector<float> plain_tensor(const ModelCard& card, const Picture& picture) {
  const uint32_t left = (picture.shape.width - kSide) / 2;
  const uint32_t top = (picture.shape.height - kSide) / 2;
  std::vector<float> tensor;
  for (size_t c = 0; c < 3; ++c) {
    for (uint32_t y = 0; y < kSide; ++y) {
      for (uint32_t x = 0; x < kSide; ++x) {
        const double value = picture.row(top + y)[(left + x) * 3 + c] / 255.0;
        const double normal =
            (value - card.normalisation.mean[c]) / card.normalisation.deviation[c];
        tensor.push_back(static_cast<float>(normal));
      }
    }
  }
  return tensor;
}

struct Both {
  ModelCard card;
  PluginDetector detector;
  BareSession bare;
};

const OnnxRuntime* runtime() {
  static std::string complaint;
  static const auto loaded = OnnxRuntime::load(default_runtime_places(), complaint);
  return loaded ? &*loaded : nullptr;
}

/// Null, with the reason shown, where the runtime or the models are missing.
Both* both_of(benchmark::State& state, const std::string& name) {
  static std::map<std::string, std::unique_ptr<Both>> made;
  if (made[name]) return made[name].get();
  const auto card = parse_model_card(read_text(name + ".json"));
  if (runtime() == nullptr || !card) {
    state.SkipWithError("ONNX Runtime or $SAFELIGHT_LARGE_MODELS is missing");
    return nullptr;
  }
  const std::string model = read_text(card->model_file);
  std::string complaint;
  auto detector =
      PluginDetector::create(*runtime(), *card, std::as_bytes(std::span(model)), {}, complaint);
  if (!detector) {
    state.SkipWithError(complaint.c_str());
    return nullptr;
  }
  made[name].reset(new Both{*card, std::move(*detector), BareSession(runtime()->library(), model)});
  return made[name].get();
}

/// A picture that needs no resizing.
const Picture& ready_picture() {
  static const Picture picture = landscape(340, 256);
  return picture;
}

void bare(benchmark::State& state, const std::string& name) {
  Both* both = both_of(state, name);
  if (both == nullptr) return;
  auto tensor = plain_tensor(both->card, ready_picture());
  float score = both->bare.run(tensor);
  const auto ours = both->detector.assess({ready_picture(), {}});
  const double difference = std::abs(ours.score.value_or(INFINITY) - double{score});
  if (!(difference <= kMostDifference)) {
    state.SkipWithError("the scores differ");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(score = both->bare.run(tensor));
  state.counters["score"] = score;
  state.counters["difference"] = difference;
}

void with_card(benchmark::State& state, const std::string& name, const Picture& picture) {
  Both* both = both_of(state, name);
  if (both == nullptr) return;
  for (auto _ : state) benchmark::DoNotOptimize(both->detector.assess({picture, {}}));
}

void preprocessing(benchmark::State& state, const Picture& picture) {
  Both* both = both_of(state, "resnet50");
  if (both == nullptr) return;
  std::vector<float> out;
  for (auto _ : state) benchmark::DoNotOptimize(preprocess(both->card, picture, out));
}

const Picture& of_1_mp() {
  static const Picture picture = landscape(1'152, 864);
  return picture;
}
const Picture& of_12_mp() {
  static const Picture picture = landscape(4'000, 3'000);
  return picture;
}

/// The least of the repetitions says most on a machine that does other work besides.
double least(const std::vector<double>& times) {
  return *std::min_element(times.begin(), times.end());
}
void settings(benchmark::internal::Benchmark* benchmark) {
  benchmark->Unit(benchmark::kMillisecond)->ComputeStatistics("min", least);
}

BENCHMARK_CAPTURE(bare, resnet50, "resnet50")->Apply(settings);
BENCHMARK_CAPTURE(with_card, resnet50, "resnet50", ready_picture())->Apply(settings);
BENCHMARK_CAPTURE(with_card, resnet50_1_mp, "resnet50", of_1_mp())->Apply(settings);
BENCHMARK_CAPTURE(bare, vit_s, "vit_s")->Apply(settings);
BENCHMARK_CAPTURE(with_card, vit_s, "vit_s", ready_picture())->Apply(settings);
BENCHMARK_CAPTURE(with_card, vit_s_1_mp, "vit_s", of_1_mp())->Apply(settings);
BENCHMARK_CAPTURE(preprocessing, ready, ready_picture())->Apply(settings);
BENCHMARK_CAPTURE(preprocessing, of_1_mp, of_1_mp())->Apply(settings);
BENCHMARK_CAPTURE(preprocessing, of_12_mp, of_12_mp())->Apply(settings);

}  // namespace
}  // namespace safelight::synthesis
