#include "safelight/scan/content_book.h"

#include <algorithm>
#include <utility>

namespace safelight::scan {
namespace {

bool says_failed(const std::pair<std::string, std::string>& field) {
  return field.first == "code" && (field.second == to_text(ErrorCode::timed_out) ||
                                   field.second == to_text(ErrorCode::worker_crashed));
}

bool any_failed(const ExaminationTree& tree) {
  return worker_failed(tree.examination) ||
         std::any_of(tree.members.begin(), tree.members.end(),
                     [](const Examined& member) { return any_failed(*member); });
}

}  // namespace

bool worker_failed(const casefile::Examination& examination) {
  // Not examination.error: the worker may have failed after something else had gone wrong.
  return std::any_of(
      examination.findings.begin(), examination.findings.end(), [](const Finding& finding) {
        return std::any_of(finding.fields.begin(), finding.fields.end(), says_failed);
      });
}

bool ContentBook::is_done(const Entry& entry) {
  return entry.is_committed && entry.examined && !any_failed(*entry.examined);
}

ContentBook::Claim ContentBook::claim(const casefile::ContentKey& key, Continuation then) {
  Examined examined;
  {
    const std::lock_guard lock(mutex_);
    const auto [entry, is_new] = entries_.try_emplace(key.value);
    if (is_new) return Claim::yours;
    examined = entry->second.examined;
    if (!examined) {
      entry->second.waiting.push_back(std::move(then));
      return Claim::waiting;
    }
  }
  then(examined);
  return Claim::settled;
}

void ContentBook::publish(const casefile::ContentKey& key, const Examined& examined) {
  std::vector<Continuation> waiting;
  {
    const std::lock_guard lock(mutex_);
    Entry& entry = entries_[key.value];
    entry.examined = examined;
    waiting = std::exchange(entry.waiting, {});
    if (is_done(entry)) entries_.erase(key.value);
  }
  for (const Continuation& then : waiting) then(examined);
}

Examined ContentBook::find(const casefile::ContentKey& key) const {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(key.value);
  return entry == entries_.end() ? nullptr : entry->second.examined;
}

void ContentBook::committed(const casefile::ContentKey& key) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(key.value);
  if (entry == entries_.end()) return;
  entry->second.is_committed = true;
  if (is_done(entry->second)) entries_.erase(entry);
}

}  // namespace safelight::scan
