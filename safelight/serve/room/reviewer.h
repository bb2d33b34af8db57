#pragma once

#include <string>

namespace safelight::serve {

/// Who reviews a case, and from where.
struct Reviewer {
  std::string login;
  std::string shown_name;  ///< By which others see them.
  std::string address;     ///< Numeric; "" over a Unix socket.
};

}  // namespace safelight::serve
