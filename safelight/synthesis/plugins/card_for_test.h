#pragma once

#include <string>

namespace safelight::synthesis {

/// A card with every member there can be, no newline at its end.
inline std::string good_card_text() {
  return R"({
  "card": 1,
  "name": "mean of red",
  "model": "mean_of_red.onnx",
  "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
  "licence": "Apache-2.0",
  "source": "tools/make_onnx_models.py",
  "input": {"name": "picture", "width": 8, "height": 6, "layout": "nhwc", "channel_order": "bgr"},
  "resize": {"policy": "shorter_side", "side": 9, "kernel": "bicubic"},
  "crop": {"policy": "grid", "columns": 3, "rows": 2},
  "normalisation": {"value_range": "0..255", "mean": [0.25, -1, 3], "std": [1, 2, 4]},
  "output": {"name": "score", "proposition": "camera", "form": "two_logits", "values": 2, "index": 1}
})";
}

}  // namespace safelight::synthesis
