#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <sys/mman.h>
#include <utility>

namespace safelight {

/// Owns zeroed bytes that begin at a multiple of 2 MiB, in pages of that size where the system
/// gives them: random reads then miss the translation caches less. Memory is taken as it is first
/// written. Moving it leaves the bytes where they are.
class HugeBytes {
 public:
  static constexpr size_t kPageBytes = size_t{2} << 20;

  HugeBytes() = default;
  /// Throws std::bad_alloc where the address space is not to be had.
  explicit HugeBytes(size_t size) : size_(size) {
    if (size == 0) return;
    mapped_bytes_ = size + kPageBytes;
    mapping_ = ::mmap(nullptr, mapped_bytes_, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapping_ == MAP_FAILED) {
      mapping_ = nullptr;
      throw std::bad_alloc();
    }
    void* begin = mapping_;
    size_t space = mapped_bytes_;
    const auto skipped =
        (kPageBytes - reinterpret_cast<uintptr_t>(begin) % kPageBytes) % kPageBytes;
    begin_ = static_cast<std::byte*>(begin) + skipped;
    space -= skipped;
    // Advice only: without such pages everything works as well, but slower.
    if (size >= kPageBytes) ::madvise(begin_, space, MADV_HUGEPAGE);
  }
  HugeBytes(HugeBytes&& other) noexcept { swap(other); }
  HugeBytes& operator=(HugeBytes&& other) noexcept {
    HugeBytes taken(std::move(other));
    swap(taken);
    return *this;
  }
  ~HugeBytes() {
    if (mapping_ != nullptr) ::munmap(mapping_, mapped_bytes_);
  }

  [[nodiscard]] std::span<std::byte> bytes() { return {begin_, size_}; }
  [[nodiscard]] std::span<const std::byte> bytes() const { return {begin_, size_}; }

 private:
  void swap(HugeBytes& other) noexcept {
    std::swap(mapping_, other.mapping_);
    std::swap(mapped_bytes_, other.mapped_bytes_);
    std::swap(begin_, other.begin_);
    std::swap(size_, other.size_);
  }

  void* mapping_ = nullptr;
  size_t mapped_bytes_ = 0;
  std::byte* begin_ = nullptr;
  size_t size_ = 0;
};

}  // namespace safelight
