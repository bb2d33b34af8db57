#include "apps/safelight/progress_line.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <string>
#include <unistd.h>

namespace safelight::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kTerminalInterval{200};
constexpr std::chrono::seconds kLogInterval{5};

std::string human_bytes(double bytes) {
  static constexpr std::array<const char*, 5> kUnits = {"B", "kB", "MB", "GB", "TB"};
  size_t unit = 0;
  while (bytes >= 1'000 && unit + 1 < kUnits.size()) {
    bytes /= 1'000;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", bytes, kUnits[unit]);
  return text.data();
}

std::string human_seconds(double seconds) {
  const auto whole = static_cast<unsigned long long>(seconds);
  std::array<char, 48> text{};
  if (whole >= 3'600) {
    std::snprintf(text.data(), text.size(), "%llu h %02llu min", whole / 3'600, whole / 60 % 60);
  } else if (whole >= 60) {
    std::snprintf(text.data(), text.size(), "%llu min %02llu s", whole / 60, whole % 60);
  } else {
    std::snprintf(text.data(), text.size(), "%llu s", whole);
  }
  return text.data();
}

std::string line_of(const scan::Progress& progress, double elapsed_s) {
  const auto files = static_cast<double>(progress.files);
  const auto bytes = static_cast<double>(progress.bytes);
  std::string line = std::to_string(progress.files);
  if (progress.counted) line += " of " + std::to_string(progress.total_files);
  line += " files, " + human_bytes(bytes);
  if (progress.counted) line += " of " + human_bytes(static_cast<double>(progress.total_bytes));
  if (elapsed_s > 0.5) {
    std::array<char, 32> rate{};
    std::snprintf(rate.data(), rate.size(), ", %.0f files/s", files / elapsed_s);
    line += rate.data();
    line += ", " + human_bytes(bytes / elapsed_s) + "/s";
    const auto left = static_cast<double>(progress.total_bytes) - bytes;
    if (progress.counted && bytes > 0 && left > 0)
      line += ", " + human_seconds(left * elapsed_s / bytes) + " left";
  }
  line += ", " + std::to_string(progress.hits) + " hits, " + std::to_string(progress.unexamined) +
          " not or partly examined";
  return line;
}

}  // namespace

ProgressLine::ProgressLine(const scan::Progress& progress)
    : progress_(progress), is_terminal_(::isatty(STDERR_FILENO) == 1), thread_([this] { run(); }) {}

ProgressLine::~ProgressLine() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void ProgressLine::run() {
  const auto start = Clock::now();
  const auto interval = is_terminal_ ? std::chrono::milliseconds(kTerminalInterval)
                                     : std::chrono::milliseconds(kLogInterval);
  std::unique_lock lock(mutex_);
  bool done = false;
  while (!done) {
    done = wake_.wait_for(lock, interval, [this] { return done_; });
    const double elapsed_s = std::chrono::duration<double>(Clock::now() - start).count();
    const std::string line = line_of(progress_, elapsed_s);
    if (is_terminal_) {
      std::fprintf(stderr, "\r\x1b[K%s%s", line.c_str(), done ? "\n" : "");
    } else {
      std::fprintf(stderr, "%s\n", line.c_str());
    }
  }
}

}  // namespace safelight::app
