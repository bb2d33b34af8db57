/// A worker program for tests, with the detectors that its arguments name: "mean", "moody". One
/// that begins with "remark:" is a remark on loading.
#include <string_view>

#include "safelight/synthesis/workers/synthesis_handler.h"
#include "safelight/synthesis/workers/testing/detectors_for_test.h"

int main(int argc, char** argv) {
  using namespace safelight::synthesis;
  constexpr std::string_view kRemark = "remark:";
  LoadedDetectors loaded;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "mean") loaded.detectors.push_back(std::make_unique<MeanDetector>());
    if (argument == "moody") loaded.detectors.push_back(std::make_unique<MoodyDetector>());
    if (argument.starts_with(kRemark)) loaded.remarks.emplace_back(argument.substr(kRemark.size()));
  }
  SynthesisHandler handler(std::move(loaded));
  return safelight::sandbox::serve(handler);
}
