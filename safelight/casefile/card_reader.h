#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "safelight/casefile/item.h"
#include "safelight/evidence/hit.h"

namespace safelight::casefile {

/// A list and category that an item hits, once each.
struct CardHit {
  std::string_view list;
  std::string_view category;
  Disposition disposition = Disposition::review;
};

/// What a gallery shows of an item, and sorts and filters by, without what is behind it. Views hold
/// until the next card.
struct Card {
  ItemId item;
  int64_t row = 0;  ///< What other cards call it by; stays while revisions come.
  ItemKind kind = ItemKind::file;
  std::string_view path;  ///< As it is shown.
  /// Where in `path` the last name begins, what stands in a picture file going with the file's.
  /// What is before it is the folder, with the mark that parts them.
  size_t name_at = 0;
  std::string_view source;  ///< "S1" ...
  std::optional<uint64_t> size_bytes;
  std::optional<Timestamp> modified;
  Coverage coverage = Coverage::none;
  std::string_view format;  ///< "" where its content was not looked at.
  uint32_t width = 0;
  uint32_t height = 0;
  uint32_t grades = 0;  ///< Of its evidence of origin: bit k for the Grade of value k.
  std::span<const CardHit> hits;
  std::string_view rank_class;  ///< "" where triage has not seen it.
  std::string_view key;         ///< StoredReview::key.
  int64_t shown_with = 0;       ///< `row` of the item that stands for it; 0 for none.
};

/// Gives the card of the latest revision of every item, in the order in which items first appeared;
/// one state of the case, also while somebody writes to it. Some 40 bytes of memory for each
/// content and item while it lasts. Throws Fault where the case is damaged or cannot be read.
void for_each_card(const std::filesystem::path& directory,
                   const std::function<void(const Card&)>& use);

}  // namespace safelight::casefile
