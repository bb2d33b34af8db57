#include "safelight/scan/rematch.h"

#include <algorithm>
#include <string_view>

#include "safelight/scan/cut_matches.h"

namespace safelight::scan {
namespace {

constexpr size_t kContentsPerMatch = 1'000;
constexpr size_t kChangesPerCommit = 5'000;

bool lacks(const casefile::Examination& examination, PdqMode mode) {
  return examination.width > 0 && !casefile::was_asked_for(examination, mode);
}

/// Gathers contents, matches them together, and commits what changed.
class Rematch {
 public:
  Rematch(casefile::Writer& writer, const ListMatching& matching,
          const std::vector<std::string>& withdrawn_lists)
      : writer_(writer), matching_(matching), withdrawn_lists_(withdrawn_lists) {}

  void add(const casefile::StoredContent& stored) {
    if (!stored.examination) return;
    ++summary_.contents;
    if (matching_.needs(PdqMode::reference) && lacks(*stored.examination, PdqMode::reference)) {
      ++summary_.without_reference;
    }
    if (matching_.needs(PdqMode::full) && lacks(*stored.examination, PdqMode::full))
      ++summary_.without_full;
    contents_.push_back({stored.content, *stored.examination});
    standing_.push_back(stored.hits);
    if (contents_.size() == kContentsPerMatch) match_gathered();
  }

  RematchSummary finish() {
    match_gathered();
    commit();
    return summary_;
  }

 private:
  [[nodiscard]] bool is_ours(std::string_view list) const {
    return !matching_.content_id_of(list).empty() ||
           std::find(withdrawn_lists_.begin(), withdrawn_lists_.end(), list) !=
               withdrawn_lists_.end();
  }

  /// A hit of a turned picture stays where only the original orientation is looked up, unless its
  /// list is withdrawn as a whole: not looked for is not gone.
  [[nodiscard]] bool was_looked_for(const Hit& hit, const casefile::Examination& picture) const {
    return hit.kind != MatchKind::pdq || hit.orientation == Orientation::original ||
           matching_.looks_up_all_orientations(picture) ||
           matching_.content_id_of(hit.list).empty();
  }

  void match_gathered() {
    const auto matched = matching_.match(contents_);
    for (size_t i = 0; i < contents_.size(); ++i) {
      compare(contents_[i], matched[i].hits, standing_[i]);
      if (state_cut_matches(contents_[i].examination, matched[i].cut,
                            [&](std::string_view list) { return is_ours(list); })) {
        batch_.contents.push_back(contents_[i]);
      }
    }
    contents_.clear();
    standing_.clear();
    if (batch_.hits.size() + batch_.contents.size() >= kChangesPerCommit) commit();
  }

  void compare(const casefile::ExaminedContent& content, const std::vector<Hit>& now,
               const std::vector<casefile::StoredHit>& before) {
    const casefile::ContentKey& key = content.content.key;
    for (const casefile::StoredHit& stored : before) {
      if (is_ours(stored.hit.list) && was_looked_for(stored.hit, content.examination) &&
          std::find(now.begin(), now.end(), stored.hit) == now.end()) {
        batch_.hits.push_back(
            {key, stored.hit, stored.list_content_id, casefile::HitState::withdrawn});
        ++summary_.withdrawn;
      }
    }
    for (const Hit& hit : now) {
      const bool stands =
          std::any_of(before.begin(), before.end(),
                      [&](const casefile::StoredHit& stored) { return stored.hit == hit; });
      if (stands) continue;
      batch_.hits.push_back(
          {key, hit, matching_.content_id_of(hit.list), casefile::HitState::added});
      ++summary_.added;
    }
  }

  void commit() {
    if (!batch_.hits.empty() || !batch_.contents.empty()) writer_.commit(batch_);
    batch_ = {};
  }

  casefile::Writer& writer_;
  const ListMatching& matching_;
  const std::vector<std::string>& withdrawn_lists_;
  std::vector<casefile::ExaminedContent> contents_;
  std::vector<std::vector<casefile::StoredHit>> standing_;
  casefile::Batch batch_;
  RematchSummary summary_;
};

}  // namespace

RematchSummary rematch(casefile::Writer& writer, const casefile::Reader& reader,
                       const ListMatching& matching,
                       const std::vector<std::string>& withdrawn_lists) {
  Rematch work(writer, matching, withdrawn_lists);
  reader.for_each_content([&](const casefile::StoredContent& stored) { work.add(stored); });
  return work.finish();
}

}  // namespace safelight::scan
