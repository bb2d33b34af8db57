#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "safelight/bytes/file.h"
#include "safelight/lists/internal/list_place.h"

namespace safelight::lists {

/// A new file that is in memory alone. Throws Fault.
Descriptor memory_only_file();

/// A temporary file without a name, for what may not fit into memory: first appended to, then read.
/// Every failure is a Fault.
class SpoolFile {
 public:
  /// A new one in the folder of `place`, readable by the owner alone; in memory if it has a key.
  static SpoolFile create(const ListPlace& place);

  void append(std::span<const std::byte> bytes);
  template <typename T>
  void append_value(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    append(std::as_bytes(std::span(&value, 1)));
  }
  [[nodiscard]] uint64_t size_bytes() const { return written_bytes_ + buffer_.size(); }
  /// Fills `out` from `offset_bytes` on, all of which must have been appended and flushed.
  void read_at(uint64_t offset_bytes, std::span<std::byte> out) const;
  void flush();
  /// All that was appended, mapped.
  FileMapping map();

 private:
  explicit SpoolFile(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}
  void write(std::span<const std::byte> bytes);

  Descriptor descriptor_;
  std::vector<std::byte> buffer_;
  uint64_t written_bytes_ = 0;
};

/// Reads values of one type out of a part of a flushed spool file, in order.
template <typename T>
class SpoolReader {
 public:
  SpoolReader(const SpoolFile& file, uint64_t offset_bytes, uint64_t count)
      : file_(&file), offset_bytes_(offset_bytes), left_(count) {}

  [[nodiscard]] bool at_end() const { return left_ == 0; }
  T next() {
    assert(left_ > 0);
    if (position_ == buffer_.size()) {
      buffer_.resize(static_cast<size_t>(std::min<uint64_t>(left_, kBufferBytes / sizeof(T))));
      file_->read_at(offset_bytes_, std::as_writable_bytes(std::span(buffer_)));
      offset_bytes_ += buffer_.size() * sizeof(T);
      position_ = 0;
    }
    --left_;
    return buffer_[position_++];
  }

 private:
  static constexpr size_t kBufferBytes = 1u << 16;
  const SpoolFile* file_;
  uint64_t offset_bytes_;
  uint64_t left_;
  std::vector<T> buffer_;
  size_t position_ = 0;
};

}  // namespace safelight::lists
