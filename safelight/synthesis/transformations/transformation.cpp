#include "safelight/synthesis/transformations/transformation.h"

#include <algorithm>
#include <array>

#include "safelight/synthesis/transformations/internal/steps.h"

namespace safelight::synthesis {
namespace {

using codec::Chroma;

struct NamedKernel {
  Kernel kernel;
  const char* name;
};
constexpr std::array<NamedKernel, 3> kKernels = {
    {{Kernel::bilinear, "bilinear"}, {Kernel::bicubic, "bicubic"}, {Kernel::lanczos, "lanczos"}}};

class Sweep {
 public:
  Sweep() {
    add("clean", "as it is", {});
    add_compressions();
    add_resizes();
    add_crops();
    add("webp_80", "saved as WebP of quality 80", {save_as_webp(80)});
    add("screenshot", "shown as large as fits on a screen of 1920 x 1080 and captured without loss",
        {show_on_screen(1920, 1080)});
    add("chroma_420_90", "saved as JPEG of quality 90 with a quarter of the chroma samples",
        {save_as_jpeg(90, Chroma::quarter)});
    for (const uint32_t side : {2048u, 1600u, 1280u}) {
      for (const int quality : {85, 75}) add_upload("social", side, quality);
    }
    add("sharpen", "sharpened by an unsharp mask", {sharpen()});
    add("greyscale", "turned to grey", {turn_grey()});
    add("equalised_85", upload_text(1024, 85) + ": the same for both propositions",
        {fit_within(1024), save_as_jpeg(85, Chroma::quarter)});
    add("equalised_60", upload_text(720, 60) + ": the same for both propositions",
        {fit_within(720), save_as_jpeg(60, Chroma::quarter)});
  }

  [[nodiscard]] std::span<const Transformation> all() const { return all_; }

 private:
  void add(std::string name, std::string description, std::vector<TransformationStep> steps) {
    all_.push_back({std::move(name), std::move(description), std::move(steps)});
  }

  static std::string upload_text(uint32_t side, int quality) {
    return "longer side at most " + std::to_string(side) + " pixels, saved as JPEG of quality " +
           std::to_string(quality);
  }

  void add_upload(const std::string& name, uint32_t side, int quality) {
    add(name + "_" + std::to_string(side) + "_" + std::to_string(quality),
        upload_text(side, quality) + ", as platforms do",
        {fit_within(side), save_as_jpeg(quality, Chroma::quarter)});
  }

  void add_compressions() {
    // Chroma in full, so that quality alone differs.
    for (const int quality : {95, 85, 75, 60, 40, 30}) {
      const std::string text = std::to_string(quality);
      add("jpeg_" + text, "saved as JPEG of quality " + text,
          {save_as_jpeg(quality, Chroma::full)});
    }
    add("double_jpeg_75_90", "saved as JPEG of quality 75, then of 90",
        {save_as_jpeg(75, Chroma::quarter), save_as_jpeg(90, Chroma::quarter)});
    add("double_jpeg_90_75", "saved as JPEG of quality 90, then of 75",
        {save_as_jpeg(90, Chroma::quarter), save_as_jpeg(75, Chroma::quarter)});
  }

  void add_resizes() {
    for (const uint32_t percent : {75u, 50u, 25u, 150u}) {
      for (const NamedKernel& kernel : kKernels) {
        const std::string text = std::to_string(percent);
        add("resize_" + text + "_" + kernel.name,
            "resized to " + text + " % of its sides, " + kernel.name,
            {resize(percent, kernel.kernel)});
      }
    }
  }

  void add_crops() {
    for (const uint32_t side : {512u, 256u}) {
      const std::string text = std::to_string(side);
      const std::string what = "the " + text + " x " + text + " pixels at its centre, ";
      add("crop_" + text + "_on_grid", what + "cut along the grid of 8 x 8 pixels",
          {crop(side, Grid::on)});
      add("crop_" + text + "_off_grid", what + "cut across the grid of 8 x 8 pixels",
          {crop(side, Grid::off)});
    }
  }

  std::vector<Transformation> all_;
};

}  // namespace

std::span<const Transformation> all_transformations() {
  static const Sweep sweep;
  return sweep.all();
}

const Transformation* find_transformation(std::string_view name) {
  const auto all = all_transformations();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Transformation& candidate) {
    return candidate.name == name;
  });
  return found == all.end() ? nullptr : &*found;
}

Result<Transformed> apply(const Transformation& transformation, const Picture& picture,
                          const Encoding& encoding, const Limits& limits) {
  if (transformation.steps.empty()) return Transformed{picture, encoding, {}};
  SAFELIGHT_TRY(Transformed now, transformation.steps.front()(picture, encoding, limits));
  for (size_t i = 1; i < transformation.steps.size() && now.not_applicable.empty(); ++i) {
    SAFELIGHT_TRY(now, transformation.steps[i](now.picture, now.encoding, limits));
  }
  return now;
}

}  // namespace safelight::synthesis
