#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "safelight/lists/list_store.h"

namespace safelight {

/// Lists as they are used: a picture of all of them at one moment, which never changes.
using ListSnapshot = std::vector<std::shared_ptr<const HashList>>;

/// Named lists that are kept up with while others change them. Who looks something up takes the
/// snapshot and keeps it as long as he likes; refresh() looks whether a list has changed and makes
/// the next one. Safe from many threads.
class LiveLists {
 public:
  LiveLists() : snapshot_(std::make_shared<const ListSnapshot>()) {}
  LiveLists(const LiveLists&) = delete;
  LiveLists& operator=(const LiveLists&) = delete;

  /// Opens the list of that name in a store as one more. Errors: those of ListStore::load().
  [[nodiscard]] Result<void> add(const ListStore& store, std::string_view name);

  [[nodiscard]] std::shared_ptr<const ListSnapshot> snapshot() const;

  /// Opens anew what has changed, and gives whether anything had. Reads one small file for
  /// each list where nothing has. A list that was dropped stays as it was last. Errors: those
  /// of ListStore::load(); the snapshot then stays as it was.
  [[nodiscard]] Result<bool> refresh();

 private:
  struct Watched {
    ListStore store;
    std::string name;
  };

  std::mutex refreshing_;         ///< Guards `watched_`.
  mutable std::mutex replacing_;  ///< Guards `snapshot_`.
  std::vector<Watched> watched_;
  std::shared_ptr<const ListSnapshot> snapshot_;
};

}  // namespace safelight
