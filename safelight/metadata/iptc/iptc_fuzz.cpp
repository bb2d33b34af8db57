#include <cstdint>

#include "safelight/metadata/iptc/digital_source_type.h"
#include "safelight/metadata/iptc/iim.h"
#include "safelight/metadata/iptc/photoshop_resources.h"
#include "safelight/metadata/promises_for_test.h"

using namespace safelight::metadata;

/// Any bytes as image resources, as datasets and as a source type: what is read lies in the input,
/// in order, and a source type's name comes back as itself.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  const MetadataLimits limits{.max_segments = 32, .max_text_bytes = 4096};
  const auto resources = photoshop_resources(file, {0, size}, limits);
  promise(resources.resources.size() <= 32);
  InOrder places(size);
  for (const PhotoshopResource& resource : resources.resources) places.take(resource.data);

  const Iim iim = read_iim(file, {0, size}, limits);
  promise(iim.datasets.size() <= 32);
  InOrder values(size);
  for (const IimDataset& dataset : iim.datasets) {
    values.take(dataset.place);
    promise(text_at(file, dataset.place) == dataset.value);
  }
  promise(!iim.damage || iim.damage->offset_bytes <= size);

  if (const auto type = parse_digital_source_type(text_at(file, {0, size}))) {
    promise(parse_digital_source_type(to_text(*type)) == type);
  }
  return 0;
}
