#pragma once

#include <string_view>

namespace safelight {

enum class Severity { info, warning, error };

/// Where libraries report what a user should know. Passed in, never global. Safe from many threads.
/// Callers never pass digests, fingerprints, passwords or names of list entries.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void log(Severity severity, std::string_view message) = 0;
};

}  // namespace safelight
