#include "safelight/triage/review.h"

namespace safelight::triage {
namespace {

GroupItem group_item(const casefile::StoredItem& stored) {
  GroupItem item{stored.item.id, {}, {}};
  if (!stored.content) return item;
  item.sha256 = stored.content->content.sha256;
  if (!stored.content->examination) return item;
  for (const PdqHashes& hashes : stored.content->examination->fingerprints) {
    item.fingerprints.push_back({hashes.fingerprints[0], hashes.mode, hashes.quality});
  }
  return item;
}

std::vector<Hit> hits_of(const casefile::StoredItem& stored) {
  std::vector<Hit> hits;
  if (!stored.content) return hits;
  hits.reserve(stored.content->hits.size());
  for (const casefile::StoredHit& one : stored.content->hits) hits.push_back(one.hit);
  return hits;
}

OriginGrades origin_of(const casefile::StoredItem& stored) {
  const bool examined = stored.content && stored.content->examination;
  return grades_of(weigh_origin(stored.item.findings, examined
                                                          ? stored.content->examination->findings
                                                          : std::span<const Finding>{}));
}

}  // namespace

Review review_case(const casefile::Reader& reader, const GroupOptions& options) {
  std::vector<GroupItem> group_items;
  std::vector<RankItem> rank_items;
  std::vector<std::vector<Hit>> hits;
  reader.for_each_item([&](const casefile::StoredItem& stored) {
    group_items.push_back(group_item(stored));
    rank_items.push_back({stored.item.id, stored.item.coverage, origin_of(stored), {}});
    hits.push_back(hits_of(stored));
  });
  for (size_t i = 0; i < hits.size(); ++i) rank_items[i].hits = hits[i];
  Review review;
  review.groups = find_groups(group_items, options);
  group_items = {};
  review.order = triage::rank_items(rank_items, review.groups);
  return review;
}

}  // namespace safelight::triage
