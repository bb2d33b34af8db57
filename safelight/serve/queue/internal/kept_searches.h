#pragma once

#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace safelight::serve {

/// At most so many texts are kept; those that were longest unused go.
inline constexpr size_t kMaxKeptSearches = 1000;
inline constexpr size_t kMaxSearchBytes = 200;

/// Words that people looked for, by mark. Safe from many threads.
class KeptSearches {
 public:
  explicit KeptSearches(std::string case_id) : case_id_(std::move(case_id)) {}

  /// Of `text`, at most kMaxSearchBytes of it, without regard to the case of ASCII letters.
  std::string keep(std::string_view text);
  /// In lower case; nothing where it is not kept (any more).
  [[nodiscard]] std::optional<std::string> find(std::string_view mark);

 private:
  const std::string case_id_;
  std::mutex mutex_;
  std::list<std::pair<std::string, std::string>> kept_;  ///< Mark and text, the last used first.
};

char to_lower_ascii(char c);

}  // namespace safelight::serve
