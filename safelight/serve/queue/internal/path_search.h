#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "safelight/serve/queue/internal/item_table.h"

namespace safelight::serve {

/// Which items of a table have a text in their path, without regard to the case of ASCII letters,
/// or an id that begins with it where it is eight hexadecimal digits or more.
class PathSearch {
 public:
  /// `text` is in lower case. `items` outlives it.
  PathSearch(const ItemTable& items, std::string text);

  [[nodiscard]] bool fits(ItemPlace place) const;

 private:
  enum class InFolder : uint8_t {
    no,
    reaches,  ///< It could begin in the folder and end in a name.
    yes,
  };

  [[nodiscard]] InFolder in_folder(std::string_view path) const;
  [[nodiscard]] bool fits_id(const ItemId& id) const;

  const ItemTable& items_;
  const std::string text_;
  bool is_id_ = false;
  std::vector<InFolder> in_folder_;  ///< By number of the folder.
};

}  // namespace safelight::serve
