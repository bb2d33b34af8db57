#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "safelight/bytes/file.h"
#include "safelight/casefile/content.h"
#include "safelight/casefile/review.h"
#include "safelight/evidence/finding.h"
#include "safelight/evidence/origin.h"

namespace safelight::casefile {

/// What is known of a time's zone. A time without a zone (FAT, zip) is never turned into UTC.
enum class TimeZoneKnowledge : uint8_t { utc, local_unknown };

struct Timestamp {
  int64_t ns = 0;  ///< Since 1970-01-01 in the zone below, as if that zone had no offset.
  TimeZoneKnowledge zone = TimeZoneKnowledge::utc;
  friend bool operator==(const Timestamp&, const Timestamp&) = default;
};

/// The times that the file system or container gives for an item.
struct ItemTimes {
  std::optional<Timestamp> modified;
  std::optional<Timestamp> changed;  ///< Of the inode.
  std::optional<Timestamp> accessed;
  std::optional<Timestamp> born;
  std::optional<Timestamp> in_container;  ///< As the archive or picture file that holds it says.
  friend bool operator==(const ItemTimes&, const ItemTimes&) = default;
};

enum class ItemKind : uint8_t { file, folder, symbolic_link, special_file };

/// Whether everything that belongs to an item (its members among it) is in the case. What is not
/// complete is looked at again when a scan goes on.
enum class ItemState : uint8_t { incomplete, complete };

/// One place in the evidence and what was found there.
struct Item {
  ItemId id;
  Origin origin;  ///< `id` is the SHA-256 of its encoding.
  ItemKind kind = ItemKind::file;
  std::optional<ItemId> parent;       ///< The container, for a member of one.
  std::optional<ContentKey> content;  ///< Absent where it was not read to its end.
  std::optional<uint64_t> size_bytes;
  ItemTimes times;
  std::optional<FileState> file_state;  ///< For a file read from a folder: to know it again.
  ItemState state = ItemState::complete;
  Coverage coverage = Coverage::none;
  std::optional<StoredError> error;  ///< Why coverage is not full, where one error is why.
  std::vector<Finding> findings;     ///< Those that hold here and not for the content as such.
  friend bool operator==(const Item&, const Item&) = default;
};

/// An item as a case holds it: its latest row.
struct StoredItem {
  Item item;
  /// 1, and one more each time that a complete item was recorded again with another content.
  uint32_t revision = 1;
  std::string display_path;
  std::optional<StoredContent> content;
  /// Sequence number of the commit that last recorded the item or examined its content.
  uint64_t recorded_in = 0;
  std::optional<StoredReview> review;  ///< As triage last stored it. Of for_each_item() only.
};

std::string_view to_text(ItemKind kind);
std::string_view to_text(ItemState state);

}  // namespace safelight::casefile
