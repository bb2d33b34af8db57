#pragma once

#include <string>
#include <utility>
#include <vector>

namespace safelight {

/// One of the reasons why an item stands where it does in the order of review. A sentence is made
/// of it where it is shown, so that it can be shown in any language.
struct Reason {
  std::string code;  ///< A stable name, such as "near_known"; triage has the list.
  std::vector<std::pair<std::string, std::string>> data;  ///< Name and text.
  friend bool operator==(const Reason&, const Reason&) = default;
};

}  // namespace safelight
