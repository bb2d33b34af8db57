#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>

namespace safelight::pdq::internal {

/// A buffer of floats on a cache-line boundary that is kept from one picture to the next. It holds
/// finite values at all times: zeros where nothing was written yet.
class AlignedFloats {
 public:
  /// Makes room for `count` floats; their values are zeros or what was left there.
  void reserve(size_t count) {
    if (count <= capacity_) return;
    // Room to keep reading a few floats past the end.
    const size_t with_slack = count + kCacheLineFloats;
    floats_.reset(static_cast<float*>(
        ::operator new[](with_slack * sizeof(float), std::align_val_t{kCacheLineBytes})));
    std::fill_n(floats_.get(), with_slack, 0.0f);
    capacity_ = count;
  }
  float* data() { return floats_.get(); }

 private:
  static constexpr size_t kCacheLineBytes = 64;
  static constexpr size_t kCacheLineFloats = kCacheLineBytes / sizeof(float);
  struct Free {
    void operator()(float* floats) const {
      ::operator delete[](floats, std::align_val_t{kCacheLineBytes});
    }
  };
  std::unique_ptr<float[], Free> floats_;
  size_t capacity_ = 0;
};

}  // namespace safelight::pdq::internal
