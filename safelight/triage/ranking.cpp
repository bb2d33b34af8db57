#include "safelight/triage/ranking.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace safelight::triage {
namespace {

/// An item on its way to a place.
struct Standing {
  const RankItem* item = nullptr;
  RankClass rank_class = RankClass::unmatched;
  const Hit* hit = nullptr;  // the one that decides, where one does
  uint32_t farness = 0;      // 0 for a digest hit, 1 + distance for a fingerprint hit
  const Group* near = nullptr;
  const Group* exact = nullptr;
  ItemId beside;  // for beside_hit: an item that has a hit
};

/// What a list knows to be harmless by its digest needs no evidence of origin to be told apart.
bool regards_origin(RankClass rank_class) { return rank_class != RankClass::ordinary; }

/// Where an item stands among those of its class, the first being the least.
auto place_key(const Standing& standing) {
  const size_t camera = reader_order(
      regards_origin(standing.rank_class) ? standing.item->origin.camera : Grade::fact);
  return std::tuple(standing.rank_class, standing.farness, camera, standing.item->item);
}

uint32_t farness_of(const Hit& hit) {
  return hit.kind == MatchKind::pdq ? 1 + hit.distance_bits : 0;
}

/// The hit that says most: the gravest, then the nearest; the same one whatever the order.
const Hit* deciding_hit(std::span<const Hit> hits) {
  const auto key = [](const Hit& hit) {
    return std::tuple(-static_cast<int>(hit.disposition), farness_of(hit));
  };
  const auto best = std::min_element(hits.begin(), hits.end(), [&](const Hit& a, const Hit& b) {
    return key(a) != key(b) ? key(a) < key(b) : a < b;
  });
  return best == hits.end() ? nullptr : &*best;
}

/// MD5 alone sets nothing aside, since anybody can make two files of one MD5; nor does likeness.
const Hit* harmless_hit(std::span<const Hit> hits) {
  for (const Hit& hit : hits) {
    if (hit.disposition == Disposition::ordinary &&
        (hit.kind == MatchKind::sha1 || hit.kind == MatchKind::sha256)) {
      return &hit;
    }
  }
  return nullptr;
}

Standing stand(const RankItem& item) {
  Standing standing;
  standing.item = &item;
  const Hit* hit = deciding_hit(item.hits);
  if (hit != nullptr && hit->disposition >= Disposition::review) {
    standing.rank_class =
        hit->disposition == Disposition::known ? RankClass::known : RankClass::review;
    standing.hit = hit;
    standing.farness = farness_of(*hit);
  } else if (const Hit* harmless = harmless_hit(item.hits)) {
    standing.rank_class = RankClass::ordinary;
    standing.hit = harmless;
  } else if (item.coverage == Coverage::none) {
    standing.rank_class = RankClass::not_examined;
  } else if (item.coverage == Coverage::partial) {
    standing.rank_class = RankClass::partly_examined;
  }
  return standing;
}

bool has_grave_hit(const Standing& standing) { return standing.rank_class <= RankClass::review; }

/// Moves items up that look like one with a hit.
void move_up(std::vector<Standing>& standings, const std::unordered_map<ItemId, size_t>& place_of,
             const std::vector<Group>& groups) {
  for (const Group& group : groups) {
    const Standing* best = nullptr;
    for (const GroupMember& member : group.members) {
      const auto place = place_of.find(member.item);
      if (place == place_of.end()) continue;
      const Standing& standing = standings[place->second];
      if (!has_grave_hit(standing)) continue;
      const auto key = [](const Standing& one) {
        return std::tuple(one.rank_class, one.farness, one.item->item);
      };
      if (best == nullptr || key(standing) < key(*best)) best = &standing;
    }
    if (best == nullptr) continue;
    for (const GroupMember& member : group.members) {
      const auto place = place_of.find(member.item);
      if (place == place_of.end()) continue;
      Standing& standing = standings[place->second];
      // What SHA-1 or SHA-256 knows to be harmless stays so, whatever it looks like. The first
      // group that moves an item up gives its reason.
      if (standing.rank_class <= RankClass::beside_hit) continue;
      if (standing.rank_class == RankClass::ordinary) continue;
      standing.rank_class = RankClass::beside_hit;
      standing.beside = best->item->item;
    }
  }
}

std::string digest_name(MatchKind kind) {
  switch (kind) {
    case MatchKind::md5:
      return "MD5";
    case MatchKind::sha1:
      return "SHA-1";
    case MatchKind::sha256:
      return "SHA-256";
    case MatchKind::pdq:
      break;
  }
  return "fingerprint";
}

std::string reason_of(const Standing& standing) {
  const auto by_hit = [&](std::string_view what) {
    std::string text(what);
    text += " in list \"" + standing.hit->list + "\" by " + digest_name(standing.hit->kind);
    if (standing.hit->kind == MatchKind::pdq) {
      text += " at a distance of " + std::to_string(standing.hit->distance_bits) + " bits";
    }
    return text + ".";
  };
  switch (standing.rank_class) {
    case RankClass::known:
      return by_hit("Matches known material");
    case RankClass::review:
      return by_hit("Matches an entry to be reviewed");
    case RankClass::beside_hit:
      return "Looks like item " + to_hex(standing.beside.value) + ", which matches a list.";
    case RankClass::not_examined:
      return "Could not be examined: nothing is known of its content.";
    case RankClass::partly_examined:
      return "Only part of its content was examined.";
    case RankClass::ordinary:
      return by_hit("Stands as ordinary");
    case RankClass::unmatched:
      break;
  }
  return "Examined; no list says anything of it.";
}

}  // namespace

std::vector<RankedItem> rank_items(std::span<const RankItem> items, const Groups& groups) {
  std::vector<Standing> standings;
  standings.reserve(items.size());
  for (const RankItem& item : items) standings.push_back(stand(item));
  std::unordered_map<ItemId, size_t> place_of;
  for (size_t i = 0; i < items.size(); ++i) place_of.emplace(items[i].item, i);
  move_up(standings, place_of, groups.near);
  for (const auto& [list, group_of] :
       {std::pair(&groups.near, &Standing::near), std::pair(&groups.exact, &Standing::exact)}) {
    for (const Group& group : *list) {
      for (const GroupMember& member : group.members) {
        const auto place = place_of.find(member.item);
        if (place == place_of.end()) continue;
        const Group*& of_item = standings[place->second].*group_of;
        if (of_item == nullptr) of_item = &group;
      }
    }
  }
  std::sort(standings.begin(), standings.end(),
            [](const Standing& a, const Standing& b) { return place_key(a) < place_key(b); });

  // The first of a group in a class stands for the others of it; a near group counts before an
  // exact one, which it may hold.
  struct Lead {
    RankClass rank_class;
    size_t place;
  };
  std::unordered_map<const Group*, Lead> lead_of;
  std::vector<std::vector<size_t>> followers(standings.size());
  std::vector<bool> follows(standings.size(), false);
  for (size_t i = 0; i < standings.size(); ++i) {
    const Standing& standing = standings[i];
    const Group* group = standing.near != nullptr ? standing.near : standing.exact;
    if (group == nullptr) continue;
    const auto [lead, is_new] = lead_of.try_emplace(group, Lead{standing.rank_class, i});
    if (is_new) continue;
    if (lead->second.rank_class != standing.rank_class) {
      lead->second = {standing.rank_class, i};
      continue;
    }
    followers[lead->second.place].push_back(i);
    follows[i] = true;
  }
  std::vector<RankedItem> ranked;
  ranked.reserve(standings.size());
  const auto append = [&](size_t i, std::optional<ItemId> shown_with) {
    ranked.push_back(
        {standings[i].item->item, standings[i].rank_class, reason_of(standings[i]), shown_with});
  };
  for (size_t i = 0; i < standings.size(); ++i) {
    if (follows[i]) continue;
    append(i, std::nullopt);
    for (const size_t follower : followers[i]) append(follower, standings[i].item->item);
  }
  return ranked;
}

std::string full_reason(const RankedItem& ranked, const OriginEvidence& evidence) {
  if (!regards_origin(ranked.rank_class)) return ranked.reason;
  const std::string words = origin_words(evidence);
  return words.empty() ? ranked.reason : ranked.reason + ' ' + words;
}

std::string_view to_text(RankClass rank_class) {
  switch (rank_class) {
    case RankClass::known:
      return "known";
    case RankClass::review:
      return "review";
    case RankClass::beside_hit:
      return "beside_hit";
    case RankClass::not_examined:
      return "not_examined";
    case RankClass::partly_examined:
      return "partly_examined";
    case RankClass::ordinary:
      return "ordinary";
    case RankClass::unmatched:
      break;
  }
  return "unmatched";
}

}  // namespace safelight::triage
