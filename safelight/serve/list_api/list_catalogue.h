#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "safelight/hash/digests.h"
#include "safelight/lists/list_store.h"

namespace safelight::serve {

/// What is told of a list: how much it holds, and none of it.
struct ListFacts {
  std::string name;
  uint64_t entries = 0;
  uint64_t digests = 0;
  uint64_t fingerprints = 0;
  std::string changed;  ///< As the log has it; "" where it does not say, or does not verify.
  std::string problem;  ///< The rule by which it cannot be opened; "" where it can.
};

/// Which lists there are. Opens only those that have changed since it last looked. Safe from many
/// threads.
class ListCatalogue {
 public:
  /// By name. Throws Fault.
  [[nodiscard]] std::vector<ListFacts> read(const ListStore& store);

 private:
  struct Known {
    Sha256 content_id;
    ListFacts facts;
  };
  std::mutex mutex_;
  std::map<std::string, Known> known_;
};

}  // namespace safelight::serve
