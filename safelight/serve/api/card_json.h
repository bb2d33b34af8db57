#pragma once

#include <map>
#include <string>
#include <string_view>

#include "safelight/base/json_writer.h"
#include "safelight/serve/api/route_table.h"
#include "safelight/serve/queue/card_facts.h"

namespace safelight::serve {

/// Errors: malformed, "item.id".
Result<ItemId> item_from_text(std::string_view text);

/// The time to the second, with Z where its zone is known to be UTC.
std::string text_of(const casefile::Timestamp& time);

/// Whether a person may see what others decided of an item: not while a second look is wanted of
/// whoever has said nothing yet, so that it is one.
bool shows_decision(const CardFacts& card, std::string_view person);

/// The card of the item that a path names; nothing where it is not in the case.
std::optional<CardFacts> named_card(const Call& call);
Response no_such_item();

/// Writes cards as a caller may see them.
class CardWriter {
 public:
  explicit CardWriter(const Call& call) : call_(call) {}

  void write(JsonWriter& json, const CardFacts& card) const;
  /// The name by which a person is shown.
  const std::string& name_of(const std::string& login) const;

 private:
  const Call& call_;
  mutable std::map<std::string, std::string> names_;  ///< Those that were looked up.
};

}  // namespace safelight::serve
