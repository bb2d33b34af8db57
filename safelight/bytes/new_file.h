#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/bytes/file.h"

namespace safelight {

/// A file that appears whole, with mode 0600 whatever the umask, or not at all. Throws Fault.
class NewFile {
 public:
  explicit NewFile(const std::filesystem::path& file) : NewFile(file, file.string()) {}
  /// Of a file whose name is a secret: faults say `called` instead.
  NewFile(const std::filesystem::path& file, std::string called);
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile();

  /// Writes in time, through a buffer.
  void write(std::string_view text) { write(std::as_bytes(std::span(text))); }
  void write(std::span<const std::byte> bytes);
  /// Makes the file durable and moves it into place, over one that stands there.
  void commit();

 private:
  void flush();
  void write_out(std::span<const std::byte> bytes);

  std::filesystem::path file_;
  std::string called_;
  std::string temporary_;  ///< Empty once it is in place.
  Descriptor descriptor_;
  std::vector<std::byte> buffer_;
};

}  // namespace safelight
