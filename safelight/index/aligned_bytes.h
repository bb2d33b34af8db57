#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>

namespace safelight {

/// Owns zeroed bytes that begin at a multiple of 64, as the layouts of the indexes need it. Moving
/// it leaves the bytes where they are.
class AlignedBytes {
 public:
  static constexpr size_t kAlignmentBytes = 64;

  AlignedBytes() = default;
  explicit AlignedBytes(size_t size) : size_(size) {
    if (size == 0) return;
    bytes_.reset(static_cast<std::byte*>(::operator new (size, std::align_val_t{kAlignmentBytes})));
    std::memset(bytes_.get(), 0, size);
  }

  [[nodiscard]] std::span<std::byte> bytes() { return {bytes_.get(), size_}; }
  [[nodiscard]] std::span<const std::byte> bytes() const { return {bytes_.get(), size_}; }

 private:
  struct Free {
    void operator()(std::byte* memory) const {
      ::operator delete (memory, std::align_val_t{kAlignmentBytes});
    }
  };

  std::unique_ptr<std::byte, Free> bytes_;
  size_t size_ = 0;
};

}  // namespace safelight
