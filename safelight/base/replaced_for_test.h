#pragma once

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace safelight {

/// `text` with the first `from` replaced, which a test expects to be in it.
inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

}  // namespace safelight
