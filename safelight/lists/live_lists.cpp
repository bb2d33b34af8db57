#include "safelight/lists/live_lists.h"

namespace safelight {

Result<void> LiveLists::add(const ListStore& store, std::string_view name) {
  const std::lock_guard lock(refreshing_);
  SAFELIGHT_TRY(HashList list, store.load(name));
  auto next = std::make_shared<ListSnapshot>(*snapshot());
  next->push_back(std::make_shared<const HashList>(std::move(list)));
  watched_.push_back({store, std::string(name)});
  const std::lock_guard replacing(replacing_);
  snapshot_ = std::move(next);
  return {};
}

std::shared_ptr<const ListSnapshot> LiveLists::snapshot() const {
  const std::lock_guard lock(replacing_);
  return snapshot_;
}

Result<bool> LiveLists::refresh() {
  const std::lock_guard lock(refreshing_);
  const std::shared_ptr<const ListSnapshot> current = snapshot();
  std::shared_ptr<ListSnapshot> next;
  for (size_t i = 0; i < watched_.size(); ++i) {
    const auto& [store, name] = watched_[i];
    const HashList& known = *(*current)[i];
    const Result<Sha256> content_id = store.content_id(name);
    if (!content_id && content_id.error().code != ErrorCode::not_found) return content_id.error();
    if (!content_id || *content_id == known.content_id()) continue;
    Result<HashList> list = store.load(name, &known);
    // Dropped between the two looks.
    if (!list && list.error().code == ErrorCode::not_found) continue;
    if (!list) return list.error();
    if (!next) next = std::make_shared<ListSnapshot>(*current);
    (*next)[i] = std::make_shared<const HashList>(std::move(*list));
  }
  if (!next) return false;
  const std::lock_guard replacing(replacing_);
  snapshot_ = std::move(next);
  return true;
}

}  // namespace safelight
