#include "apps/safelight/detector_arguments.h"

#include <chrono>

#include "apps/safelight/session.h"

#include "safelight/synthesis/plugins/onnx_runtime.h"
#include "safelight/synthesis/workers/model_places.h"

namespace safelight::app {

synthesis::AssessorOptions assessor_options(const std::string& models, const Session& session) {
  synthesis::AssessorOptions options;
  options.program = program_folder() / synthesis::kSynthesisWorker;
  options.arguments = synthesis::to_arguments({models, synthesis::default_runtime_places()});
  options.degraded =
      session.allow_degraded_sandbox ? sandbox::Degraded::allow : sandbox::Degraded::refuse;
  return options;
}

synthesis::Date today(const Session& session) {
  const std::chrono::sys_time<std::chrono::nanoseconds> now{
      std::chrono::nanoseconds(session.clock.now_ns())};
  return std::chrono::floor<std::chrono::days>(now);
}

}  // namespace safelight::app
