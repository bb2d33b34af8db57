#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace safelight::report {

/// A file that appears whole, with mode 0600, or not at all. Throws Fault.
class OutputFile {
 public:
  explicit OutputFile(const std::filesystem::path& file);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  /// Writes `text` in time, through a buffer.
  void write(std::string_view text);
  /// Makes the file durable and moves it into place, over one that stands there.
  void commit();

 private:
  void flush();

  std::filesystem::path file_;
  std::string temporary_;
  int descriptor_ = -1;
  std::string buffer_;
};

}  // namespace safelight::report
