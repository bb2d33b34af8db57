#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "safelight/metadata/bytes_for_test.h"
#include "safelight/metadata/exif/exif_for_test.h"
#include "safelight/metadata/read_metadata.h"
#include "safelight/provenance/marks/marks.h"

/// Small files for tests, and what is found in them.
namespace safelight::marks {

inline std::vector<Finding> findings_in(std::string_view file, const MarksLimits& limits = {},
                                        std::optional<PictureSize> picture = std::nullopt) {
  const auto bytes = metadata::bytes_of(file);
  return findings_of(bytes, metadata::read_metadata(bytes, {}), picture, limits);
}
inline std::vector<Prompt> prompts_in(std::string_view file, const MarksLimits& limits = {}) {
  const auto bytes = metadata::bytes_of(file);
  return prompts_of(bytes, metadata::read_metadata(bytes, {}), limits);
}

/// The values of a field, each followed by ';'.
inline std::string field(const Finding& finding, std::string_view name) {
  std::string out;
  for (const auto& [key, value] : finding.fields) {
    if (key == name) out += value + ";";
  }
  return out;
}
/// "RULE=GENERATOR;" of every mark and declaration.
inline std::string rules_in(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& finding : findings) {
    for (const auto& [key, value] : finding.fields) {
      if (key == "rule" && finding.kind != "partly_examined") out += value + "=";
      if (key == "generator") out += value;
    }
    if (out.ends_with('=') || !field(finding, "generator").empty()) out += ";";
  }
  return out;
}
inline std::string rules_in(std::string_view file) { return rules_in(findings_in(file)); }

inline std::string png_text(const std::string& keyword, const std::string& text) {
  return metadata::png_chunk("tEXt", keyword + '\0' + text);
}
inline std::string png_with(const std::string& keyword, const std::string& text) {
  return metadata::png_file(png_text(keyword, text));
}
inline std::string jpeg_with_exif(const metadata::TestExif& exif) {
  using namespace std::string_literals;
  return metadata::jpeg_file(metadata::jpeg_segment(0xe1, "Exif\0\0"s + exif.build()));
}
inline std::string webp_with_exif(const metadata::TestExif& exif) {
  return metadata::riff_file("WEBP", metadata::riff_chunk("EXIF", exif.build()));
}
inline metadata::TestEntry user_comment(const metadata::TestExif& exif, const std::string& text) {
  using namespace std::string_literals;
  return exif.bytes(0x9286, "ASCII\0\0\0"s + text);
}
inline std::string jpeg_with_user_comment(const std::string& text) {
  metadata::TestExif exif;
  exif.details = {user_comment(exif, text)};
  return jpeg_with_exif(exif);
}
/// A JPEG file with an XMP packet of these attributes; their prefixes are declared.
inline std::string jpeg_with_xmp(const std::string& attributes) {
  using namespace std::string_literals;
  return metadata::jpeg_file(metadata::jpeg_segment(
      0xe1, "http://ns.adobe.com/xap/1.0/\0"s +
                "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='"
                "http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "
                "xmlns:i='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' "
                "xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' "
                "xmlns:exif='http://ns.adobe.com/exif/1.0/' "
                "xmlns:dc='http://purl.org/dc/elements/1.1/' "
                "xmlns:xmp='http://ns.adobe.com/xap/1.0/' "
                "xmlns:TC260='http://www.tc260.org.cn/ns/AIGC/1.0/' " +
                attributes + "/></rdf:RDF></x:xmpmeta>"));
}

inline const std::string kInfotext =
    "a lighthouse on a cliff\nNegative prompt: fog, rain\nSteps: 20, Sampler: Euler a, CFG scale: "
    "7, Seed: 42, Size: 512x512, Model hash: 6ce0161689, Model: v1-5-pruned";

inline const std::string kComfyPrompt = R"({
  "3": {"class_type": "KSampler", "inputs": {"seed": 42, "steps": 20, "cfg": 8.0,
        "sampler_name": "euler", "scheduler": "normal", "denoise": NaN, "model": ["9", 0],
        "positive": ["6", 0], "negative": ["7", 0], "latent_image": ["5", 0]}},
  "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "v1-5.safetensors"}},
  "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 512, "height": 512}},
  "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a lighthouse on a cliff", "clip": ["9", 1]}},
  "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "fog, rain", "clip": ["9", 1]}},
  "9": {"class_type": "LoraLoader", "inputs": {"lora_name": "coast.safetensors",
        "model": ["4", 0], "clip": ["4", 1]}},
  "11": {"class_type": "CLIPTextEncode", "inputs": {"text": "unused words", "clip": ["4", 1]}}})";

}  // namespace safelight::marks
