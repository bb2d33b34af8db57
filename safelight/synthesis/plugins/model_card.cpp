#include "safelight/synthesis/plugins/model_card.h"

#include <algorithm>
#include <charconv>

#include "safelight/synthesis/plugins/internal/card_members.h"

namespace safelight::synthesis {
namespace {

template <typename T, size_t kCount>
using Names = std::array<std::pair<std::string_view, T>, kCount>;

constexpr Names<TensorLayout, 2> kLayouts = {
    {{"nchw", TensorLayout::nchw}, {"nhwc", TensorLayout::nhwc}}};
constexpr Names<ChannelOrder, 2> kOrders = {
    {{"rgb", ChannelOrder::rgb}, {"bgr", ChannelOrder::bgr}}};
constexpr Names<ResizePolicy, 3> kResizes = {{{"none", ResizePolicy::none},
                                              {"shorter_side", ResizePolicy::shorter_side},
                                              {"stretch", ResizePolicy::stretch}}};
constexpr Names<Kernel, 3> kKernels = {
    {{"bilinear", Kernel::bilinear}, {"bicubic", Kernel::bicubic}, {"lanczos", Kernel::lanczos}}};
constexpr Names<CropPolicy, 3> kCrops = {{{"centre", CropPolicy::centre},
                                          {"corners_and_centre", CropPolicy::corners_and_centre},
                                          {"grid", CropPolicy::grid}}};
constexpr Names<ValueRange, 2> kRanges = {
    {{"0..1", ValueRange::zero_to_one}, {"0..255", ValueRange::zero_to_255}}};
constexpr Names<OutputForm, 3> kForms = {{{"logit", OutputForm::logit},
                                          {"probability", OutputForm::probability},
                                          {"two_logits", OutputForm::two_logits}}};
constexpr Names<Proposition, 2> kPropositions = {
    {{"camera", Proposition::camera}, {"synthetic", Proposition::synthetic}}};

/// Values are 255 at most; nobody normalises by more than a few times that.
constexpr double kMaxMean = 1'000;
constexpr double kMinDeviation = 1e-6;
constexpr double kMaxDeviation = 1'000;

/// A file's name and nothing that could lead elsewhere or hide it.
bool is_plain_file_name(std::string_view name) {
  return name.find('/') == std::string_view::npos && name.front() != '.';
}

Result<ModelCard::Input> read_input(CardMembers& members) {
  ModelCard::Input input;
  SAFELIGHT_TRY(input.name, members.text("card.input.name", kMaxCardTextBytes));
  SAFELIGHT_TRY(input.width, members.whole("card.input.width", 1, kMaxInputSide));
  SAFELIGHT_TRY(input.height, members.whole("card.input.height", 1, kMaxInputSide));
  SAFELIGHT_TRY(input.layout, members.one_of("card.input.layout", kLayouts));
  SAFELIGHT_TRY(input.order, members.one_of("card.input.channel_order", kOrders));
  return input;
}

Result<ModelCard::Resize> read_resize(CardMembers& members, const ModelCard::Input& input) {
  ModelCard::Resize resize;
  SAFELIGHT_TRY(resize.policy, members.one_of("card.resize.policy", kResizes));
  if (resize.policy == ResizePolicy::none) return resize;
  SAFELIGHT_TRY(resize.kernel, members.one_of("card.resize.kernel", kKernels));
  if (resize.policy == ResizePolicy::shorter_side) {
    // A crop must fit into the picture, whichever side is the shorter.
    const uint32_t least = std::max(input.width, input.height);
    SAFELIGHT_TRY(resize.side, members.whole("card.resize.side", least, kMaxInputSide));
  }
  return resize;
}

Result<ModelCard::Crop> read_crop(CardMembers& members) {
  ModelCard::Crop crop;
  SAFELIGHT_TRY(crop.policy, members.one_of("card.crop.policy", kCrops));
  if (crop.policy != CropPolicy::grid) return crop;
  SAFELIGHT_TRY(crop.columns, members.whole("card.crop.columns", 1, kMaxCrops));
  SAFELIGHT_TRY(crop.rows, members.whole("card.crop.rows", 1, kMaxCrops / crop.columns));
  return crop;
}

Result<ModelCard::Normalisation> read_normalisation(CardMembers& members) {
  ModelCard::Normalisation out;
  SAFELIGHT_TRY(out.range, members.one_of("card.normalisation.value_range", kRanges));
  SAFELIGHT_TRY(out.mean, members.three_numbers("card.normalisation.mean", -kMaxMean, kMaxMean));
  SAFELIGHT_TRY(out.deviation,
                members.three_numbers("card.normalisation.std", kMinDeviation, kMaxDeviation));
  return out;
}

Result<ModelCard::Output> read_output(CardMembers& members) {
  ModelCard::Output output;
  SAFELIGHT_TRY(output.proposition,
                members.one_of("card.output.proposition", kPropositions, ErrorCode::unsupported));
  SAFELIGHT_TRY(output.name, members.text("card.output.name", kMaxCardTextBytes));
  SAFELIGHT_TRY(output.form, members.one_of("card.output.form", kForms));
  SAFELIGHT_TRY(output.values, members.whole("card.output.values", 1, 2));
  if (output.form == OutputForm::two_logits && output.values != 2) {
    return members.error_at(ErrorCode::malformed, "card.output.values");
  }
  SAFELIGHT_TRY(output.index, members.whole("card.output.index", 0, output.values - 1));
  return output;
}

Result<Sha256> read_digest(CardMembers& members) {
  constexpr std::string_view kRule = "card.sha256";
  SAFELIGHT_TRY(const std::string text, members.text(kRule, 2 * Sha256::kSize));
  const auto digest = parse_hex<Sha256>(text);
  if (!digest) return members.error_at(ErrorCode::malformed, kRule);
  return *digest;
}

template <typename T, size_t kCount>
std::string_view name_of(const Names<T, kCount>& names, T value) {
  return std::find_if(names.begin(), names.end(),
                      [&](const auto& entry) { return entry.second == value; })
      ->first;
}

/// Lines of a name and its value.
class Lines {
 public:
  void text(std::string_view name, std::string_view value) {
    out_.append(name).append(" = ").append(value).append("\n");
  }
  void whole(std::string_view name, uint32_t value) { text(name, std::to_string(value)); }
  void three(std::string_view name, const std::array<double, 3>& values) {
    std::string joined;
    for (const double value : values) {
      std::array<char, 32> digits{};
      // The fewest digits that lead back to the value.
      const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
      joined += (joined.empty() ? "" : " ") + std::string(digits.data(), end);
    }
    text(name, joined);
  }
  std::string take() && { return std::move(out_); }

 private:
  std::string out_;
};

}  // namespace

uint32_t ModelCard::Crop::count() const {
  switch (policy) {
    case CropPolicy::centre:
      return 1;
    case CropPolicy::corners_and_centre:
      return 5;
    case CropPolicy::grid:
      break;
  }
  return columns * rows;
}

Result<ModelCard> parse_model_card(std::string_view text) {
  SAFELIGHT_TRY(CardMembers members, CardMembers::parse(text));
  ModelCard card;
  // First of all: what is no detector is told so, whatever else is wrong with its card.
  SAFELIGHT_TRY(card.output, read_output(members));
  SAFELIGHT_TRY([[maybe_unused]] const uint32_t version, members.whole("card.card", 1, 1));
  SAFELIGHT_TRY(card.name, members.text("card.name", kMaxCardNameBytes));
  SAFELIGHT_TRY(card.model_file, members.text("card.model", kMaxModelFileNameBytes));
  if (!is_plain_file_name(card.model_file)) {
    return members.error_at(ErrorCode::malformed, "card.model");
  }
  SAFELIGHT_TRY(card.model, read_digest(members));
  SAFELIGHT_TRY(card.licence, members.text("card.licence", kMaxCardTextBytes));
  SAFELIGHT_TRY(card.source, members.text("card.source", kMaxCardTextBytes));
  SAFELIGHT_TRY(card.input, read_input(members));
  SAFELIGHT_TRY(card.resize, read_resize(members, card.input));
  SAFELIGHT_TRY(card.crop, read_crop(members));
  SAFELIGHT_TRY(card.normalisation, read_normalisation(members));
  SAFELIGHT_CHECK(members.check_all_taken());
  return card;
}

std::string preprocessing_text(const ModelCard& card) {
  Lines lines;
  lines.text("preprocessing", "1");
  lines.text("input.name", card.input.name);
  lines.whole("input.width", card.input.width);
  lines.whole("input.height", card.input.height);
  lines.text("input.layout", name_of(kLayouts, card.input.layout));
  lines.text("input.channel_order", name_of(kOrders, card.input.order));
  lines.text("resize.policy", name_of(kResizes, card.resize.policy));
  if (card.resize.policy != ResizePolicy::none) {
    lines.text("resize.kernel", name_of(kKernels, card.resize.kernel));
  }
  if (card.resize.policy == ResizePolicy::shorter_side) {
    lines.whole("resize.side", card.resize.side);
  }
  lines.text("crop.policy", name_of(kCrops, card.crop.policy));
  if (card.crop.policy == CropPolicy::grid) {
    lines.whole("crop.columns", card.crop.columns);
    lines.whole("crop.rows", card.crop.rows);
  }
  lines.text("normalisation.value_range", name_of(kRanges, card.normalisation.range));
  lines.three("normalisation.mean", card.normalisation.mean);
  lines.three("normalisation.std", card.normalisation.deviation);
  lines.text("output.name", card.output.name);
  lines.text("output.proposition", name_of(kPropositions, card.output.proposition));
  lines.text("output.form", name_of(kForms, card.output.form));
  lines.whole("output.values", card.output.values);
  lines.whole("output.index", card.output.index);
  return std::move(lines).take();
}

}  // namespace safelight::synthesis
