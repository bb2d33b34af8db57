#include "safelight/provenance/watermark/known_marks.h"

#include <array>

namespace safelight::provenance {
namespace {

constexpr std::array<KnownMark, 4> kMarks = {{
    // Text "StableDiffusionV1": CompVis/stable-diffusion, scripts/txt2img.py.
    {"sd1", "the Stable Diffusion 1 scripts",
     "01010011011101000110000101100010011011000110010101000100011010010110011001100110011101010111"
     "00110110100101101111011011100101011000110001",
     86, 96},
    // Text "SDV2": Stability-AI/stablediffusion, scripts/txt2img.py.
    {"sd2", "the Stable Diffusion 2 scripts", "01010011010001000101011000110010", 27, 30},
    // 0xb3ec907bb19e: diffusers, pipelines/stable_diffusion_xl/watermark.py.
    {"sdxl", "the SDXL pipelines", "101100111110110010010000011110111011000110011110", 34, 38},
    // 0x2afe879cf52e without its two leading zeros: black-forest-labs/flux, src/flux/util.py.
    {"flux", "the FLUX.1 scripts", "1010101111111010000111100111001111010100101110", 34, 38},
}};

}  // namespace

std::span<const KnownMark> known_marks() { return kMarks; }

}  // namespace safelight::provenance
