#include "safelight/audit/noted_heads.h"

#include <algorithm>

namespace safelight::audit {

NotedHeads::NotedHeads(std::vector<NotedHead> heads) : heads_(std::move(heads)) {
  std::stable_sort(heads_.begin(), heads_.end(), [](const NotedHead& a, const NotedHead& b) {
    return a.head.size < b.head.size;
  });
}

}  // namespace safelight::audit
