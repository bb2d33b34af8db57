#include <cstdio>
#include <cstring>

#include "apps/workers/still_libraries.h"

#include "safelight/synthesis/plugins/onnx_runtime.h"
#include "safelight/synthesis/workers/load_detectors.h"

/// The worker program for detectors of generated pictures. Its arguments say where their models lie
/// (model_places.h). Links no GPL library.
int main(int argc, char** argv) {
  using namespace safelight::synthesis;
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0) {
    safelight::app::print_still_libraries();
    std::printf("%s\n", runtime_status(default_runtime_places()).c_str());
    return 0;
  }
  const auto places = places_from_arguments(
      std::span<const char* const>(argv, static_cast<size_t>(argc)).subspan(1));
  if (!places) {
    std::fprintf(stderr, "only the program that it belongs to starts this one\n");
    return 2;
  }
  SynthesisHandler handler(load_detectors(*places));
  return safelight::sandbox::serve(handler);
}
