#pragma once

#include <cstdint>
#include <utility>

#include "safelight/bytes/byte_source.h"

namespace safelight {

/// Owns an open file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

/// What tells one state of a file from another: if any of it differs, the file is not the same.
struct FileState {
  uint64_t device = 0;
  uint64_t inode = 0;
  uint64_t size_bytes = 0;
  int64_t modified_ns = 0;  ///< Since 1970, UTC.
  int64_t changed_ns = 0;   ///< The inode's change time, since 1970, UTC.
  friend bool operator==(const FileState&, const FileState&) = default;
};

/// A file that is read and never written to.
class FileSource final : public ByteSource {
 public:
  /// Opens `name` below the open directory `directory_fd` (AT_FDCWD for the current one) read-only,
  /// without following a final link, without touching its access time where that is allowed, and
  /// without blocking on a device. Errors: not_found; unreadable; unsupported if it is no regular
  /// file.
  static Result<FileSource> open(int directory_fd, const char* name);
  /// Takes an open descriptor of a regular file or memory file. Errors: unreadable.
  static Result<FileSource> from_descriptor(Descriptor descriptor);

  [[nodiscard]] uint64_t size_bytes() const override { return state_.size_bytes; }
  Result<size_t> read_at(uint64_t offset_bytes, std::span<std::byte> out) const override;

  [[nodiscard]] int descriptor() const { return descriptor_.get(); }
  /// The state when it was opened.
  [[nodiscard]] const FileState& state() const { return state_; }
  /// Success if the file is still in the state in which it was opened. Errors: changed.
  [[nodiscard]] Result<void> check_unchanged() const;

 private:
  FileSource(Descriptor descriptor, const FileState& state)
      : descriptor_(std::move(descriptor)), state_(state) {}

  Descriptor descriptor_;
  FileState state_;
};

/// A read-only view of a whole file, unmapped when it goes. If the file shrinks while it is mapped,
/// touching the lost part raises SIGBUS: only workers, whose death costs one item, map evidence.
class FileMapping {
 public:
  /// Errors: unreadable; limit_exceeded if the address space does not hold it.
  static Result<FileMapping> map(int descriptor);
  FileMapping() = default;
  FileMapping(FileMapping&& other) noexcept;
  FileMapping& operator=(FileMapping&& other) noexcept;
  ~FileMapping();

  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
  /// A part of it. Errors: changed, "file.part", where that does not lie in the file.
  [[nodiscard]] Result<std::span<const std::byte>> part(uint64_t offset_bytes,
                                                        uint64_t length_bytes) const;

 private:
  explicit FileMapping(std::span<const std::byte> bytes) : bytes_(bytes) {}
  std::span<const std::byte> bytes_;
};

}  // namespace safelight
