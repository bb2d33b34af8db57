#include "safelight/synthesis/evaluation_report/internal/source_counts.h"

namespace safelight::synthesis {

SetCounts count_references(std::span<const Reference> references) {
  SetCounts out;
  for (const Reference& reference : references) {
    out.pictures.add(reference.truth);
    out.by_source[reference.source].add(reference.truth);
  }
  for (const auto& [source, counts] : out.by_source) {
    if (counts.camera > 0) ++out.sources.camera;
    if (counts.generated > 0) ++out.sources.generated;
  }
  return out;
}

}  // namespace safelight::synthesis
