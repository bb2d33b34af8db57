#include "safelight/casefile/item.h"

#include <array>

namespace safelight::casefile {
namespace {

constexpr std::array<std::string_view, 4> kKinds = {"file", "folder", "symbolic_link",
                                                    "special_file"};
constexpr std::array<std::string_view, 2> kStates = {"incomplete", "complete"};

}  // namespace

std::string_view to_text(ItemKind kind) { return kKinds[static_cast<size_t>(kind)]; }
std::string_view to_text(ItemState state) { return kStates[static_cast<size_t>(state)]; }

}  // namespace safelight::casefile
