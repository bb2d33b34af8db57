#include "safelight/synthesis/plugins/preprocess.h"

#include <algorithm>
#include <array>

namespace safelight::synthesis {
namespace {

constexpr size_t kChannels = 3;
constexpr size_t kSampleValues = 256;

/// What each sample of a channel becomes.
using Table = std::array<float, kSampleValues>;

/// One for each channel of the input, in its order.
std::array<Table, kChannels> tables_of(const ModelCard::Normalisation& normalisation) {
  const float top = normalisation.range == ValueRange::zero_to_one ? 255.0F : 1.0F;
  std::array<Table, kChannels> tables;
  for (size_t c = 0; c < kChannels; ++c) {
    const auto mean = static_cast<float>(normalisation.mean[c]);
    const auto deviation = static_cast<float>(normalisation.deviation[c]);
    // In float throughout, as the frameworks that models are trained in do it.
    for (size_t i = 0; i < kSampleValues; ++i) {
      tables[c][i] = (static_cast<float>(i) / top - mean) / deviation;
    }
  }
  return tables;
}

/// Half of it, halves to even.
uint32_t half_of(uint32_t rest) {
  const uint32_t half = rest / 2;
  return rest % 2 == 1 && half % 2 == 1 ? half + 1 : half;
}

std::vector<CropPlan::Corner> corners_of(const ModelCard::Crop& crop, uint32_t rest_x,
                                         uint32_t rest_y) {
  const CropPlan::Corner centre = {half_of(rest_x), half_of(rest_y)};
  switch (crop.policy) {
    case CropPolicy::centre:
      return {centre};
    case CropPolicy::corners_and_centre:
      return {{0, 0}, {rest_x, 0}, {0, rest_y}, {rest_x, rest_y}, centre};
    case CropPolicy::grid:
      break;
  }
  const auto place = [](uint32_t rest, uint32_t i, uint32_t count) {
    return count == 1 ? half_of(rest) : static_cast<uint32_t>(uint64_t{rest} * i / (count - 1));
  };
  std::vector<CropPlan::Corner> corners;
  for (uint32_t row = 0; row < crop.rows; ++row) {
    for (uint32_t column = 0; column < crop.columns; ++column) {
      corners.push_back({place(rest_x, column, crop.columns), place(rest_y, row, crop.rows)});
    }
  }
  return corners;
}

/// What all crops lie in.
PicturePart part_of(const std::vector<CropPlan::Corner>& corners, const ModelCard::Input& input) {
  CropPlan::Corner least = corners.front();
  CropPlan::Corner most = corners.front();
  for (const auto& [x, y] : corners) {
    least = {std::min(least.x, x), std::min(least.y, y)};
    most = {std::max(most.x, x), std::max(most.y, y)};
  }
  return {least.x, least.y, most.x - least.x + input.width, most.y - least.y + input.height};
}

void write_crop(const ModelCard::Input& input, const std::array<Table, kChannels>& tables,
                const Picture& picture, const CropPlan::Corner& corner, float* out) {
  const size_t channels = picture.shape.channels;
  const size_t plane = size_t{input.width} * input.height;
  const bool planes = input.layout == TensorLayout::nchw;
  for (size_t c = 0; c < kChannels; ++c) {
    const size_t colour = input.order == ChannelOrder::bgr ? kChannels - 1 - c : c;
    const size_t sample = channels == 1 ? 0 : colour;
    const size_t step = planes ? 1 : kChannels;
    float* to = out + (planes ? c * plane : c);
    for (uint32_t y = 0; y < input.height; ++y) {
      const uint8_t* from = picture.row(corner.y + y).data() + corner.x * channels + sample;
      for (uint32_t x = 0; x < input.width; ++x, from += channels, to += step) {
        *to = tables[c][*from];
      }
    }
  }
}

}  // namespace

Result<CropPlan> plan_crops(const ModelCard& card, uint32_t width, uint32_t height) {
  const ModelCard::Input& input = card.input;
  CropPlan plan;
  uint64_t to_width = width;
  uint64_t to_height = height;
  if (card.resize.policy == ResizePolicy::stretch) {
    to_width = input.width;
    to_height = input.height;
  } else if (card.resize.policy == ResizePolicy::shorter_side) {
    const uint64_t side = card.resize.side;
    to_width = width <= height ? side : side * width / height;
    to_height = width <= height ? side * height / width : side;
    if (to_width * to_height > kMaxResizedPixels) {
      return Error{ErrorCode::limit_exceeded, "preprocess.pixels"};
    }
  }
  if (to_width < input.width || to_height < input.height) {
    return Error{ErrorCode::unsupported, "preprocess.too-small"};
  }
  plan.width = static_cast<uint32_t>(to_width);
  plan.height = static_cast<uint32_t>(to_height);
  plan.corners = corners_of(card.crop, plan.width - input.width, plan.height - input.height);
  return plan;
}

Result<void> preprocess(const ModelCard& card, const Picture& picture, std::vector<float>& out) {
  SAFELIGHT_TRY(const CropPlan plan, plan_crops(card, picture.shape.width, picture.shape.height));
  // Of a picture that is resized no more is made than the crops show.
  const bool as_it_is = plan.width == picture.shape.width && plan.height == picture.shape.height;
  const PicturePart part =
      as_it_is ? PicturePart{0, 0, plan.width, plan.height} : part_of(plan.corners, card.input);
  Picture resized;
  if (!as_it_is) {
    resized = resample_part(picture, plan.width, plan.height, card.resize.kernel, part);
  }
  const auto tables = tables_of(card.normalisation);
  const size_t values = size_t{card.input.width} * card.input.height * kChannels;
  out.resize(values * plan.corners.size());
  for (size_t i = 0; i < plan.corners.size(); ++i) {
    const CropPlan::Corner corner = {plan.corners[i].x - part.left, plan.corners[i].y - part.top};
    write_crop(card.input, tables, as_it_is ? picture : resized, corner, out.data() + i * values);
  }
  return {};
}

}  // namespace safelight::synthesis
