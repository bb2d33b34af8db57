#pragma once

#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <unistd.h>

#include "safelight/base/clock.h"
#include "safelight/serve/accounts/secrets/password.h"
#include "safelight/serve/accounts/secrets/random_source.h"

/// What the tests of this module, and of those above it, share.
namespace safelight::serve::testing {

inline constexpr int64_t kSecondNs = 1'000'000'000;
inline constexpr int64_t kMinuteNs = 60 * kSecondNs;

/// A clock that stands still until it is told.
class SetClock final : public Clock {
 public:
  [[nodiscard]] int64_t now_ns() const override { return now_ns_; }
  void advance(int64_t ns) { now_ns_ += ns; }

 private:
  int64_t now_ns_ = 1'700'000'000 * kSecondNs;
};

/// Bytes that are the same in each run.
class SeededRandom final : public RandomSource {
 public:
  void fill(std::span<std::byte> out) override {
    for (std::byte& byte : out) byte = static_cast<std::byte>(engine_());
  }

 private:
  std::mt19937_64 engine_{1};
};

/// The least that argon2id takes: a hash in well under a millisecond.
inline constexpr PasswordCost kTestCost{1, 8192};

/// A folder of its own that is gone at the end.
class TestFolder {
 public:
  TestFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "accounts_XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace safelight::serve::testing
