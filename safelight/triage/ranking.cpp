#include "safelight/triage/ranking.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <tuple>
#include <unordered_map>

#include "safelight/evidence/origin_grades.h"
#include "safelight/triage/internal/beside.h"

namespace safelight::triage {
namespace {

constexpr std::array<std::string_view, kRankClasses> kNames = {
    "resembles_known", "review",    "known_sample", "beside_known", "not_examined",
    "partly_examined", "unmatched", "known",        "ordinary"};

// Nearness of what is in one place with known material: behind all distances in bits.
constexpr uint8_t kSameFolderAndMinutes = 201;
constexpr uint8_t kSameArchive = 202;
constexpr uint8_t kSameFolder = 203;
constexpr uint8_t kSameMinutes = 204;

RankClass class_by_itself(const ItemFacts& facts) {
  switch (facts.hit) {
    case HitClass::review:
      return RankClass::review;
    case HitClass::known:
      return RankClass::known;
    case HitClass::resembles:
      return RankClass::resembles_known;
    case HitClass::ordinary:
      return RankClass::ordinary;
    case HitClass::none:
      break;
  }
  if (facts.coverage == Coverage::none) return RankClass::not_examined;
  if (facts.coverage == Coverage::partial) return RankClass::partly_examined;
  return RankClass::unmatched;
}

/// Whether likeness to known material, or a place with it, says more than the class does.
bool can_move_up(RankClass rank_class) {
  return rank_class == RankClass::not_examined || rank_class == RankClass::partly_examined ||
         rank_class == RankClass::unmatched;
}

uint8_t victim_weight(const ItemFacts& facts) {
  if (facts.victim_identified == Stated::no) return 0;
  return facts.victim_identified == Stated::yes ? 2 : 1;
}

uint8_t place_weight(const KnownBeside& beside) {
  const bool minutes = beside.captured > 0 || beside.written > 0;
  if (beside.folder > 0 && minutes) return kSameFolderAndMinutes;
  if (beside.archive > 0) return kSameArchive;
  if (beside.folder > 0) return kSameFolder;
  return minutes ? kSameMinutes : uint8_t{255};
}

Weights weigh(const ItemFacts& facts, const Ranked& ranked) {
  Weights weights;
  // What a list knows to be harmless by its digest needs nothing else to be told apart.
  if (ranked.rank_class == RankClass::ordinary) return weights;
  weights.victim = victim_weight(facts);
  weights.device = static_cast<uint8_t>(facts.device);
  weights.camera = static_cast<uint8_t>(reader_order(facts.camera));
  weights.recency = static_cast<uint8_t>(facts.recency);
  if (facts.hit == HitClass::resembles) {
    weights.nearness = facts.distance_bits;
  } else if (ranked.near_known != kNobody) {
    weights.nearness = ranked.near_bits;
  } else {
    weights.nearness = place_weight(ranked.beside);
  }
  const auto& [folder, archive, captured, written] = ranked.beside;
  weights.neighbours = static_cast<uint16_t>(
      std::min<uint32_t>(std::max({folder, archive, captured, written}), UINT16_MAX));
  return weights;
}

/// What makes a member the one that a reviewer is shown, the best first.
auto shown_key(const ItemFacts& facts, ItemNumber item) {
  constexpr uint8_t kQualityStep = 25;
  const int64_t time = std::min(facts.captured_s == kNoTime ? INT64_MAX : facts.captured_s,
                                facts.written_s == kNoTime ? INT64_MAX : facts.written_s);
  return std::tuple(-(facts.quality / kQualityStep), -int64_t{facts.pixels}, facts.last_step,
                    facts.depth, time, item);
}

/// Items in one order, from facts and groups.
class Ranking {
 public:
  Ranking(std::span<const ItemFacts> facts, const RankOptions& options, Groups& groups)
      : facts_(facts), options_(options), groups_(groups), ranked_(facts.size()) {}

  std::vector<Ranked> run(std::span<const std::pair<uint64_t, ItemNumber>> known_hashes) {
    for (size_t i = 0; i < facts_.size(); ++i) ranked_[i].rank_class = class_by_itself(facts_[i]);
    choose_shown();
    draw_sample(known_hashes);
    move_up_near();
    move_up_beside();
    move_up_copies();
    for (size_t i = 0; i < facts_.size(); ++i) {
      const std::string key = key_of(weigh(facts_[i], ranked_[i]));
      std::memcpy(ranked_[i].key_bytes, key.data(), sizeof(ranked_[i].key_bytes));
    }
    show_groups_once();
    return std::move(ranked_);
  }

 private:
  [[nodiscard]] bool has_grave_hit(ItemNumber item) const {
    return facts_[item].hit <= HitClass::resembles;
  }

  void choose_shown() {
    for (auto* of_kind : {&groups_.exact, &groups_.near}) {
      for (Group& group : *of_kind) {
        for (const GroupMember& member : group.members) {
          if (shown_key(facts_[member.item], member.item) <
              shown_key(facts_[group.shown], group.shown)) {
            group.shown = member.item;
          }
        }
      }
    }
  }

  /// Whole contents, those of the lowest values.
  void draw_sample(std::span<const std::pair<uint64_t, ItemNumber>> known_hashes) {
    std::vector<std::pair<uint64_t, ItemNumber>> drawn(known_hashes.begin(), known_hashes.end());
    std::sort(drawn.begin(), drawn.end());
    uint64_t contents = 0;
    for (size_t i = 0; i < drawn.size(); ++i) {
      if (i == 0 || drawn[i].first != drawn[i - 1].first) ++contents;
      if (contents > options_.sample) break;
      ranked_[drawn[i].second].rank_class = RankClass::known_sample;
    }
  }

  /// Moves items up that look like one with a hit. The first group that moves an item up gives its
  /// reason: reference before full.
  void move_up_near() {
    for (const Group& group : groups_.near) {
      ItemNumber best = kNobody;
      uint32_t best_bits = 0;
      for (const GroupMember& member : group.members) {
        if (!has_grave_hit(member.item)) continue;
        if (best != kNobody && std::tuple(facts_[best].hit, best_bits) <=
                                   std::tuple(facts_[member.item].hit, member.distance_bits)) {
          continue;
        }
        best = member.item;
        best_bits = member.distance_bits;
      }
      if (best == kNobody) continue;
      for (const GroupMember& member : group.members) {
        Ranked& ranked = ranked_[member.item];
        if (!can_move_up(ranked.rank_class) || ranked.near_known != kNobody) continue;
        ranked.rank_class = RankClass::beside_known;
        ranked.near_known = best;
        // To the known item itself where that or this one is the centre.
        ranked.near_bits = static_cast<uint8_t>(std::min<uint32_t>(
            std::max(member.distance_bits, best_bits), kSameFolderAndMinutes - 1));
      }
    }
  }

  void move_up_beside() {
    const internal::BesideFinder finder(
        facts_, [&](ItemNumber item) { return has_grave_hit(item); }, options_.beside_minutes);
    for (ItemNumber item = 0; item < facts_.size(); ++item) {
      Ranked& ranked = ranked_[item];
      const bool may = can_move_up(ranked.rank_class) && facts_[item].may_picture;
      if (!may && ranked.rank_class > RankClass::beside_known) continue;
      using Self = internal::BesideFinder::Self;
      ranked.beside = finder.find(item, has_grave_hit(item) ? Self::counted : Self::not_counted);
      if (may && ranked.beside != KnownBeside{}) ranked.rank_class = RankClass::beside_known;
    }
  }

  /// One look at some bytes is enough: all their places stand in the class of the best of them.
  void move_up_copies() {
    for (const Group& group : groups_.exact) {
      ItemNumber best = group.members.front().item;
      for (const GroupMember& member : group.members) {
        if (ranked_[member.item].rank_class < ranked_[best].rank_class) best = member.item;
      }
      for (const GroupMember& member : group.members) {
        Ranked& ranked = ranked_[member.item];
        if (ranked.rank_class == ranked_[best].rank_class) continue;
        ranked.rank_class = ranked_[best].rank_class;
        ranked.copy_of = best;
      }
    }
  }

  /// Of a group in a class one item stands for the others: the one that is best to look at, at the
  /// place of the one whose evidence says most. A near group counts before an exact one, which it
  /// may hold, and one of mode reference before one of mode full.
  void show_groups_once() {
    std::vector<bool> placed(facts_.size(), false);
    for (const auto* of_kind : {&groups_.near, &groups_.exact}) {
      for (const Group& group : *of_kind) show_once(group, placed);
    }
  }

  void show_once(const Group& group, std::vector<bool>& placed) {
    struct OfClass {
      ItemNumber lead = kNobody;
      ItemNumber first = kNobody;
    };
    std::array<OfClass, kRankClasses> of_class;
    for (const GroupMember& member : group.members) {
      if (placed[member.item]) continue;
      OfClass& here = of_class[static_cast<size_t>(ranked_[member.item].rank_class)];
      if (here.lead == kNobody) {
        here = {member.item, member.item};
        continue;
      }
      if (shown_key(facts_[member.item], member.item) < shown_key(facts_[here.lead], here.lead)) {
        here.lead = member.item;
      }
      if (std::tuple(ranked_[member.item].key(), member.item) <
          std::tuple(ranked_[here.first].key(), here.first)) {
        here.first = member.item;
      }
    }
    for (const GroupMember& member : group.members) {
      if (placed[member.item]) continue;
      placed[member.item] = true;
      const OfClass& here = of_class[static_cast<size_t>(ranked_[member.item].rank_class)];
      if (here.lead != member.item) ranked_[member.item].shown_with = here.lead;
    }
    for (const OfClass& here : of_class) {
      if (here.lead == here.first || ranked_[here.lead].key() == ranked_[here.first].key())
        continue;
      ranked_[here.lead].placed_by = here.first;
      std::memcpy(ranked_[here.lead].key_bytes, ranked_[here.first].key_bytes,
                  sizeof(ranked_[here.lead].key_bytes));
    }
  }

  const std::span<const ItemFacts> facts_;
  const RankOptions& options_;
  Groups& groups_;
  std::vector<Ranked> ranked_;
};

}  // namespace

std::string key_of(const Weights& weights) {
  const auto neighbours = static_cast<uint16_t>(UINT16_MAX - weights.neighbours);
  std::string key;
  for (const int byte :
       {int{weights.victim}, int{weights.device}, int{weights.camera}, int{weights.recency},
        int{weights.nearness}, neighbours >> 8, neighbours & 0xff}) {
    key += static_cast<char>(byte);
  }
  return key;
}

std::vector<Ranked> rank_items(std::span<const ItemFacts> facts,
                               std::span<const std::pair<uint64_t, ItemNumber>> known_hashes,
                               const RankOptions& options, Groups& groups) {
  return Ranking(facts, options, groups).run(known_hashes);
}

std::string_view to_text(RankClass rank_class) { return kNames[static_cast<size_t>(rank_class)]; }

Result<RankClass> rank_class_from_text(std::string_view text) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) return static_cast<RankClass>(i);
  }
  return Error{ErrorCode::malformed, "rank-class.name"};
}

}  // namespace safelight::triage
