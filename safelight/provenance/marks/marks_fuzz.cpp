#include <cstdint>
#include <cstdlib>

#include "safelight/metadata/read_metadata.h"
#include "safelight/provenance/marks/marks.h"
#include "safelight/provenance/marks/novelai_signature.h"

namespace {

using namespace safelight;
using namespace safelight::marks;

constexpr MarksLimits kLimits{.max_json_bytes = 65'536,
                              .max_json_depth = 16,
                              .max_json_values = 1024,
                              .max_marks = 8,
                              .max_facts = 8,
                              .max_prompts = 8,
                              .max_value_bytes = 64};

void promise(bool kept) {
  if (!kept) std::abort();
}

/// No prompt is in any field, each has its digest in one, and no grade is above what anybody can
/// write.
void check(const std::vector<Finding>& findings, const std::vector<Prompt>& prompts) {
  size_t digests = 0;
  size_t marks = 0;
  for (const Finding& finding : findings) {
    promise(finding.grade == Grade::declared || finding.grade == Grade::fact);
    promise(!finding.kind.empty() && !finding.statement.empty());
    marks += finding.kind == "generator_mark" || finding.kind == "declared_origin" ? 1 : 0;
    for (const auto& [name, value] : finding.fields) {
      promise(value.size() <= 7 + 64);
      digests += name.ends_with("prompt_sha256") ? 1 : 0;
      if (name == "rule" || name == "generator") continue;  // words of ours
      for (const Prompt& prompt : prompts) {
        promise(prompt.text.size() < 16 || value.find(prompt.text) == std::string::npos);
      }
    }
  }
  promise(digests == prompts.size());
  promise(marks <= kLimits.max_marks);
}

}  // namespace

/// Any file, and any text that was hidden in pixels.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  const metadata::Metadata metadata = metadata::read_metadata(
      file, {.max_segments = 256, .max_xmp_properties = 256, .max_text_bytes = 65'536});
  check(findings_of(file, metadata, PictureSize{1, 1}, kLimits),
        prompts_of(file, metadata, kLimits));
  for (const Finding& finding : findings_of(file, metadata, std::nullopt, kLimits)) {
    promise(finding.place.offset_bytes <= size &&
            finding.place.length_bytes <= size - finding.place.offset_bytes);
  }
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(findings_of_hidden_text(text, kLimits), prompts_of_hidden_text(text, kLimits));
  if (const auto settings = novelai_signed_settings_of_hidden_text(text, kLimits)) {
    const auto verified =
        verify_novelai_signature(file, settings->json, kNovelAiPublicKey, kLimits);
    promise(!verified || !*verified);  // nobody can sign for NovelAI
  }
  return 0;
}
