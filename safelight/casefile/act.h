#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/evidence/origin.h"

/// What people did with a case: decisions about its items, and what they were shown of them.
namespace safelight::casefile {

enum class ActKind : uint8_t {
  category,   ///< `value` is a code of the case's scheme; "" takes the person's category away.
  flag,       ///< `value` is the flag.
  unflag,     ///< Likewise.
  note,       ///< `text` is the note.
  pass_on,    ///< To whoever is named by `value`; "" for anybody else.
  take_back,  ///< What was passed on.
  undo,       ///< `of_act` no longer stands.
  redo,       ///< `of_act` stands again.
  settle,     ///< As category, but it holds whatever others had said before.
};

std::string_view to_text(ActKind kind);
std::optional<ActKind> act_kind_from_text(std::string_view text);

/// One thing that a person did, with one item or many. Nothing is taken away from a case: undoing
/// is an act of its own. Which acts stand, and what that makes of an item, is for the reader to
/// say.
struct Act {
  ActKind kind = ActKind::category;
  std::string person;  ///< By the name with which the person logs in.
  std::string value;
  std::string text;
  std::optional<uint64_t> of_act;  ///< The number of an earlier act, for undo and redo.
  friend bool operator==(const Act&, const Act&) = default;
};

struct StoredAct {
  uint64_t number = 0;  ///< Counted from 1 over the case, in the order in which they were done.
  int64_t time_ns = 0;
  Act act;
  std::vector<ItemId> items;  ///< None for undo and redo.
  friend bool operator==(const StoredAct&, const StoredAct&) = default;
};

/// That a person was shown a picture, or may have been: what reports say of who viewed what.
struct Exposure {
  ItemId item;
  std::string person;
  std::string rendition;  ///< "grey", "colour", "original" ...
  int64_t began_ns = 0;
  uint32_t shown_ms = 0;  ///< 0 too where it is not known: the server was killed meanwhile.
  std::string reason;     ///< "" where none was asked for.
  friend bool operator==(const Exposure&, const Exposure&) = default;
};

/// A property of how a case is reviewed, such as its scheme of categories: JSON by name.
struct Setting {
  std::string name;
  std::string value;
  std::string person;  ///< Who set it.
  int64_t time_ns = 0;
  friend bool operator==(const Setting&, const Setting&) = default;
};

}  // namespace safelight::casefile
