#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/audit/heads/signing_key.h"
#include "safelight/audit/merkle_tree.h"
#include "safelight/base/clock.h"
#include "safelight/bytes/byte_source.h"

/// What the tests of heads share.
namespace safelight::audit::test {

/// A folder that goes with it.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "safelight-audit-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// A clock that only the test moves.
class SetClock final : public Clock {
 public:
  [[nodiscard]] int64_t now_ns() const override { return now_ns_; }
  void set_s(int64_t seconds) { now_ns_ = seconds * 1'000'000'000; }

 private:
  int64_t now_ns_ = 0;
};

inline std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void write_text(const std::filesystem::path& file, std::string_view text) {
  std::ofstream(file, std::ios::binary) << text;
}

inline MemorySource source_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return MemorySource(std::vector<std::byte>(bytes.begin(), bytes.end()));
}

/// The head of an invented log of `size` records; other `past`s have other roots.
inline TreeHead head_of_size(uint64_t size, uint8_t past = 0) {
  TreeHead head{size, {}};
  head.root.bytes.fill(static_cast<uint8_t>(size));
  head.root.bytes[0] = past;
  return head;
}

}  // namespace safelight::audit::test
