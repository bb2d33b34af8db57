#include "safelight/synthesis/transformations/transformation_names.h"

#include <array>

namespace safelight::synthesis {

std::span<const std::string_view> transformation_names() {
  static constexpr std::array<std::string_view, 38> kNames = {"clean",
                                                              "jpeg_95",
                                                              "jpeg_85",
                                                              "jpeg_75",
                                                              "jpeg_60",
                                                              "jpeg_40",
                                                              "jpeg_30",
                                                              "double_jpeg_75_90",
                                                              "double_jpeg_90_75",
                                                              "resize_75_bilinear",
                                                              "resize_75_bicubic",
                                                              "resize_75_lanczos",
                                                              "resize_50_bilinear",
                                                              "resize_50_bicubic",
                                                              "resize_50_lanczos",
                                                              "resize_25_bilinear",
                                                              "resize_25_bicubic",
                                                              "resize_25_lanczos",
                                                              "resize_150_bilinear",
                                                              "resize_150_bicubic",
                                                              "resize_150_lanczos",
                                                              "crop_512_on_grid",
                                                              "crop_512_off_grid",
                                                              "crop_256_on_grid",
                                                              "crop_256_off_grid",
                                                              "webp_80",
                                                              "screenshot",
                                                              "chroma_420_90",
                                                              "social_2048_85",
                                                              "social_2048_75",
                                                              "social_1600_85",
                                                              "social_1600_75",
                                                              "social_1280_85",
                                                              "social_1280_75",
                                                              "sharpen",
                                                              "greyscale",
                                                              "equalised_85",
                                                              "equalised_60"};
  return kNames;
}

}  // namespace safelight::synthesis
