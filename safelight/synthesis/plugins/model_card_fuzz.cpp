#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "safelight/synthesis/plugins/model_card.h"

/// Whatever the text: an error lies in it, and a card that is taken keeps to its bounds.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight;
  const auto check = [](bool holds) {
    if (!holds) std::abort();
  };
  const auto card =
      synthesis::parse_model_card(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!card) {
    check(card.error().offset_kind == OffsetKind::exact && card.error().offset_bytes <= size);
    return 0;
  }
  check(!card->name.empty() && card->name.size() <= synthesis::kMaxCardNameBytes);
  check(card->model_file.find('/') == std::string::npos && card->model_file.front() != '.');
  check(card->crop.count() >= 1 && card->crop.count() <= synthesis::kMaxCrops);
  check(card->input.width >= 1 && card->input.width <= synthesis::kMaxInputSide);
  check(card->output.index < card->output.values);
  for (const double deviation : card->normalisation.deviation) check(deviation > 0);
  check(!synthesis::preprocessing_text(*card).empty());
  return 0;
}
