#include "safelight/picture/grey.h"

namespace safelight {
namespace {

constexpr size_t kChannels = 3;

}  // namespace

bool all_grey(std::span<const uint8_t> samples) {
  for (size_t i = 0; i + kChannels <= samples.size(); i += kChannels) {
    if (samples[i] != samples[i + 1] || samples[i] != samples[i + 2]) return false;
  }
  return true;
}

Picture first_channel(const Picture& picture) {
  Picture grey;
  grey.shape = {picture.shape.width, picture.shape.height, 1};
  grey.samples.resize(picture.samples.size() / kChannels);
  for (size_t i = 0; i < grey.samples.size(); ++i) {
    grey.samples[i] = picture.samples[kChannels * i];
  }
  return grey;
}

}  // namespace safelight
