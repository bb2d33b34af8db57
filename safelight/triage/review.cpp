#include "safelight/triage/review.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstring>
#include <map>
#include <numeric>
#include <unordered_map>

#include "safelight/base/fault.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/triage/reasons.h"

namespace safelight::triage {
namespace {

using casefile::StoredItem;
using Texts = std::vector<std::pair<std::string, std::string>>;

/// Raised with every change of the rule: what an earlier one stored is then made anew.
constexpr std::string_view kRule = "1";
constexpr size_t kRowsPerCommit = 20'000;
/// A case that grows as fast as it can be put in order is not waited for.
constexpr int kTries = 3;
constexpr int64_t kNsPerDay = 86'400'000'000'000;

std::string_view value_of(const Texts& texts, std::string_view name) {
  for (const auto& [key, value] : texts) {
    if (key == name) return value;
  }
  return {};
}

uint64_t number_of(const Texts& texts, std::string_view name, uint64_t otherwise) {
  const std::string_view text = value_of(texts, name);
  uint64_t value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

TriageOptions options_of(const Texts& texts) {
  const TriageOptions defaults;
  TriageOptions options;
  const auto number = [&](std::string_view name, uint32_t otherwise) {
    return static_cast<uint32_t>(number_of(texts, name, otherwise));
  };
  options.radius_bits = number("radius", defaults.radius_bits);
  options.recent_days = number("recent_days", defaults.recent_days);
  options.beside_minutes = number("beside_minutes", defaults.beside_minutes);
  options.sample = number("sample", defaults.sample);
  options.seized_on = value_of(texts, "seized_on");
  options.device = {std::string(value_of(texts, "device_make")),
                    std::string(value_of(texts, "device_model")),
                    std::string(value_of(texts, "device_serial"))};
  return options;
}

/// Options, and what the groups counted that no row holds.
Texts texts_of(const TriageOptions& options, const Groups& groups) {
  return {{"rule", std::string(kRule)},
          {"radius", std::to_string(options.radius_bits)},
          {"recent_days", std::to_string(options.recent_days)},
          {"beside_minutes", std::to_string(options.beside_minutes)},
          {"sample", std::to_string(options.sample)},
          {"seized_on", options.seized_on},
          {"device_make", options.device.make},
          {"device_model", options.device.model},
          {"device_serial", options.device.serial},
          {"without_fingerprint", std::to_string(groups.without_fingerprint)},
          {"of_low_quality", std::to_string(groups.of_low_quality)}};
}

RankOptions rank_options(const TriageOptions& options,
                         const casefile::CaseDescription& description) {
  RankOptions out;
  out.device = options.device;
  out.recent_days = options.recent_days;
  out.beside_minutes = options.beside_minutes;
  out.sample = options.sample;
  out.sample_seed = description.case_id;
  const auto day = parse_day(options.seized_on);
  out.seized_ns = day ? *day + kNsPerDay : description.created_ns;
  return out;
}

std::optional<ItemNumber> find_in(const std::vector<ItemId>& items, const ItemId& id) {
  const auto found = std::lower_bound(items.begin(), items.end(), id);
  if (found == items.end() || *found != id) return std::nullopt;
  return static_cast<ItemNumber>(found - items.begin());
}

ItemNumber require_in(const std::vector<ItemId>& items, const ItemId& id) {
  const auto number = find_in(items, id);
  if (!number) throw Fault("the case is damaged: triage names an item that it does not hold");
  return *number;
}

/// A kind of groups with a mode.
constexpr size_t kSlots = 3;
size_t slot_of(GroupKind kind, PdqMode mode) {
  return kind == GroupKind::exact ? 0 : 1 + static_cast<size_t>(mode);
}
GroupKind kind_of(size_t slot) { return slot == 0 ? GroupKind::exact : GroupKind::near; }
PdqMode mode_of(size_t slot) { return slot == 2 ? PdqMode::full : PdqMode::reference; }

/// Who is in which group, in a form that can be compared.
class Memberships {
 public:
  struct Named {
    ItemNumber shown = 0;
    uint64_t members = 0;
    friend bool operator==(const Named&, const Named&) = default;
  };

  explicit Memberships(size_t items) {
    for (size_t slot = 0; slot < kSlots; ++slot) {
      centre_[slot].assign(items, kNobody);
      bits_[slot].assign(items, 0);
    }
  }

  static Memberships stored(const casefile::Reader& reader, const std::vector<ItemId>& items) {
    Memberships out(items.size());
    reader.for_each_member([&](const casefile::StoredMember& member) {
      const size_t slot = slot_of(member.kind, member.mode);
      const ItemNumber item = require_in(items, member.item);
      out.centre_[slot][item] = member.centre ? require_in(items, *member.centre) : kNobody;
      out.bits_[slot][item] = static_cast<uint16_t>(member.distance_bits);
    });
    reader.for_each_group([&](const casefile::StoredGroup& group) {
      auto& of_slot = out.groups_[slot_of(group.kind, group.mode)];
      const ItemNumber centre = require_in(items, group.centre);
      if (group.members == 0) {
        of_slot.erase(centre);
      } else {
        of_slot[centre] = {require_in(items, group.shown), group.members};
      }
    });
    return out;
  }

  static Memberships of(const Groups& groups, size_t items) {
    Memberships out(items);
    for (const auto* of_kind : {&groups.exact, &groups.near}) {
      for (const Group& group : *of_kind) {
        const size_t slot = slot_of(group.kind, group.mode);
        out.groups_[slot][group.centre] = {group.shown, group.members.size()};
        for (const GroupMember& member : group.members) {
          out.centre_[slot][member.item] = group.centre;
          out.bits_[slot][member.item] = static_cast<uint16_t>(member.distance_bits);
        }
      }
    }
    return out;
  }

  /// The groups of a slot, each with its members, ascending by centre.
  [[nodiscard]] std::vector<Group> groups(size_t slot) const {
    const auto& centre_of = centre_[slot];
    std::vector<ItemNumber> members;
    for (ItemNumber item = 0; item < centre_of.size(); ++item) {
      if (centre_of[item] != kNobody) members.push_back(item);
    }
    std::stable_sort(members.begin(), members.end(),
                     [&](ItemNumber a, ItemNumber b) { return centre_of[a] < centre_of[b]; });
    std::vector<Group> out;
    for (const ItemNumber item : members) {
      if (out.empty() || out.back().centre != centre_of[item]) {
        Group& group = out.emplace_back();
        group.kind = kind_of(slot);
        group.mode = mode_of(slot);
        group.centre = group.shown = centre_of[item];
        const auto named = groups_[slot].find(group.centre);
        if (named != groups_[slot].end()) group.shown = named->second.shown;
      }
      out.back().members.push_back({item, bits_[slot][item]});
    }
    return out;
  }

  /// Calls `group` and `member` for what is other in `after` than here.
  template <typename OnGroup, typename OnMember>
  void each_change(const Memberships& after, const OnGroup& on_group,
                   const OnMember& on_member) const {
    for (size_t slot = 0; slot < kSlots; ++slot) {
      // In the order of centres, so that the same case is stored in the same way.
      const std::map<ItemNumber, Named> now(after.groups_[slot].begin(), after.groups_[slot].end());
      for (const auto& [centre, named] : now) {
        const auto before = groups_[slot].find(centre);
        if (before == groups_[slot].end() || before->second != named) {
          on_group(slot, centre, named);
        }
      }
      const std::map<ItemNumber, Named> then(groups_[slot].begin(), groups_[slot].end());
      for (const auto& [centre, named] : then) {
        if (!now.contains(centre)) on_group(slot, centre, Named{named.shown, 0});
      }
      for (ItemNumber item = 0; item < after.centre_[slot].size(); ++item) {
        const ItemNumber centre = after.centre_[slot][item];
        if (centre == centre_[slot][item] && after.bits_[slot][item] == bits_[slot][item]) continue;
        on_member(slot, item, centre, after.bits_[slot][item]);
      }
    }
  }

 private:
  std::array<std::vector<ItemNumber>, kSlots> centre_;
  std::array<std::vector<uint16_t>, kSlots> bits_;
  std::array<std::unordered_map<ItemNumber, Named>, kSlots> groups_;
};

/// Commits what it gets, so much at a time.
class Store {
 public:
  Store(casefile::TriageWriter& writer, const std::vector<ItemId>& items)
      : writer_(writer), items_(items) {}

  void add_group(size_t slot, ItemNumber centre, const Memberships::Named& named) {
    batch_.groups.push_back(
        {kind_of(slot), mode_of(slot), items_[centre], items_[named.shown], named.members});
    ++counts_.groups_written;
    commit_if_full();
  }
  void add_member(size_t slot, ItemNumber item, ItemNumber centre, uint32_t distance_bits) {
    batch_.members.push_back({items_[item], kind_of(slot), mode_of(slot), {}, distance_bits});
    if (centre != kNobody) batch_.members.back().centre = items_[centre];
    commit_if_full();
  }
  void add_review(ItemNumber item, casefile::StoredReview review) {
    batch_.reviews.push_back({items_[item], std::move(review)});
    ++counts_.reviews_written;
    commit_if_full();
  }
  UpdateCounts finish(casefile::TriageState state) {
    batch_.state = std::move(state);
    writer_.commit(batch_);
    return counts_;
  }

 private:
  void commit_if_full() {
    if (batch_.groups.size() + batch_.members.size() + batch_.reviews.size() < kRowsPerCommit) {
      return;
    }
    writer_.commit(batch_);
    batch_ = {};
  }

  casefile::TriageWriter& writer_;
  const std::vector<ItemId>& items_;
  casefile::TriageBatch batch_;
  UpdateCounts counts_;
};

/// What is read of all items at once.
struct Gathered {
  std::vector<ItemId> items;
  std::vector<ItemFacts> facts;
  GroupInput groups;
  std::vector<std::pair<uint64_t, ItemNumber>> known_hashes;
  uint64_t new_items = 0;
};

/// By which the sample of known contents is drawn: nobody can choose what it will be.
uint64_t sample_hash(const std::string& seed, const casefile::ContentKey& key) {
  Sha256Stream stream;
  stream.update(std::as_bytes(std::span(seed)));
  stream.update(std::as_bytes(std::span(key.value.bytes)));
  const Sha256 digest = stream.finish();
  uint64_t value = 0;
  for (size_t i = 0; i < sizeof(value); ++i) value = value << 8 | digest.bytes[i];
  return value;
}

Gathered gather(const casefile::Reader& reader, const RankOptions& options,
                std::optional<uint64_t> seen_up_to) {
  Gathered out;
  std::vector<PdqHash> hashes;
  reader.for_each_item([&](const StoredItem& stored) {
    const auto number = static_cast<ItemNumber>(out.items.size());
    const bool seen = seen_up_to && stored.recorded_in <= *seen_up_to;
    if (!seen) ++out.new_items;
    out.items.push_back(stored.item.id);
    out.facts.push_back(facts_of(stored, options));
    hashes.clear();
    std::optional<Sha256> sha256;
    if (stored.content) {
      sha256 = stored.content->content.sha256;
      if (out.facts.back().hit == HitClass::known) {
        out.known_hashes.emplace_back(sample_hash(options.sample_seed, stored.content->content.key),
                                      number);
      }
      if (stored.content->examination) {
        for (const PdqHashes& one : stored.content->examination->fingerprints) {
          hashes.push_back({one.fingerprints[0], one.mode, one.quality});
        }
      }
    }
    out.groups.add(sha256, hashes, seen ? GroupInput::Seen::yes : GroupInput::Seen::no);
  });
  return out;
}

/// As find_groups() gives them.
void put_in_order(std::vector<Group>& groups) {
  for (Group& group : groups) {
    std::sort(group.members.begin(), group.members.end(),
              [&](const GroupMember& a, const GroupMember& b) {
                return std::tuple(a.item != group.centre, a.distance_bits, a.item) <
                       std::tuple(b.item != group.centre, b.distance_bits, b.item);
              });
  }
  std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    return std::tuple(a.mode, b.members.size(), a.centre) <
           std::tuple(b.mode, a.members.size(), b.centre);
  });
}

/// Keys in the order of items, and which items stand for which.
struct Order {
  std::vector<std::array<char, sizeof(Ranked::key_bytes)>> keys;

  [[nodiscard]] std::string_view key(ItemNumber item) const {
    return {keys[item].data(), keys[item].size()};
  }
};

void give_ranks(const Order& order, std::vector<Place>& places) {
  std::vector<ItemNumber> sorted(places.size());
  std::iota(sorted.begin(), sorted.end(), 0u);
  const auto lead_of = [&](ItemNumber item) {
    return places[item].shown_with == kNobody ? item : places[item].shown_with;
  };
  std::sort(sorted.begin(), sorted.end(), [&](ItemNumber a, ItemNumber b) {
    const ItemNumber lead_a = lead_of(a);
    const ItemNumber lead_b = lead_of(b);
    if (lead_a != lead_b) {
      return std::tuple(places[lead_a].rank_class, order.key(lead_a), lead_a) <
             std::tuple(places[lead_b].rank_class, order.key(lead_b), lead_b);
    }
    return std::tuple(a != lead_a, order.key(a), a) < std::tuple(b != lead_b, order.key(b), b);
  });
  for (size_t i = 0; i < sorted.size(); ++i) places[sorted[i]].rank = static_cast<uint32_t>(i + 1);
}

[[noreturn]] void throw_damaged(std::string_view what) {
  throw Fault("the case is damaged: it holds " + std::string(what));
}

}  // namespace

Result<int64_t> parse_day(std::string_view text) {
  const auto seconds =
      exif_seconds(text.size() == 10 && text[4] == '-' && text[7] == '-'
                       ? std::string(text.substr(0, 4)) + ':' + std::string(text.substr(5, 2)) +
                             ':' + std::string(text.substr(8, 2)) + " 00:00:00"
                       : std::string());
  if (!seconds) return Error{ErrorCode::malformed, "day.form"};
  return *seconds * 1'000'000'000;
}

TriageOptions stored_options(const casefile::Reader& reader) {
  const auto state = reader.triage_state();
  return state ? options_of(state->options) : TriageOptions{};
}

std::optional<ItemNumber> Review::find(const ItemId& id) const { return find_in(items, id); }

std::optional<Review> stored_review(const casefile::Reader& reader) {
  const auto state = reader.triage_state();
  if (!state || !state->whole || value_of(state->options, "rule") != kRule ||
      state->as_of != reader.evidence_version()) {
    return std::nullopt;
  }
  Review review;
  review.options = options_of(state->options);
  reader.for_each_review(
      [&](const casefile::ItemReview& one) { review.items.push_back(one.item); });
  std::sort(review.items.begin(), review.items.end());
  review.items.erase(std::unique(review.items.begin(), review.items.end()), review.items.end());

  Order order;
  order.keys.resize(review.items.size());
  review.places.resize(review.items.size());
  reader.for_each_review([&](const casefile::ItemReview& one) {
    const ItemNumber item = *review.find(one.item);
    const auto rank_class = rank_class_from_text(one.review.rank_class);
    if (!rank_class || one.review.key.size() != sizeof(Ranked::key_bytes)) {
      throw_damaged("a review of no known class or key");
    }
    Place& place = review.places[item];
    place.rank_class = *rank_class;
    place.shown_with =
        one.review.shown_with ? require_in(review.items, *one.review.shown_with) : kNobody;
    std::memcpy(order.keys[item].data(), one.review.key.data(), one.review.key.size());
  });
  give_ranks(order, review.places);

  const Memberships stored = Memberships::stored(reader, review.items);
  review.groups.exact = stored.groups(0);
  for (size_t slot = 1; slot < kSlots; ++slot) {
    auto near = stored.groups(slot);
    std::move(near.begin(), near.end(), std::back_inserter(review.groups.near));
  }
  put_in_order(review.groups.exact);
  put_in_order(review.groups.near);
  review.groups.without_fingerprint = number_of(state->options, "without_fingerprint", 0);
  review.groups.of_low_quality = number_of(state->options, "of_low_quality", 0);
  return review;
}

UpdateCounts update_review(casefile::TriageWriter& writer, const casefile::Reader& reader,
                           const TriageOptions& options, uint32_t threads, Regroup regroup) {
  const auto snapshot = reader.snapshot();
  const auto state = reader.triage_state();
  const bool extend = state && state->whole && regroup == Regroup::no &&
                      value_of(state->options, "rule") == kRule &&
                      options_of(state->options).radius_bits == options.radius_bits;
  const uint64_t version = reader.evidence_version();
  const RankOptions ranking = rank_options(options, reader.description());
  Gathered gathered = gather(reader, ranking, extend ? std::optional(state->as_of) : std::nullopt);
  const std::vector<ItemId>& items = gathered.items;

  const Memberships before = Memberships::stored(reader, items);
  Groups groups;
  {
    std::vector<Group> stars;
    for (size_t slot = 1; slot < kSlots && extend; ++slot) {
      auto near = before.groups(slot);
      std::move(near.begin(), near.end(), std::back_inserter(stars));
    }
    GroupOptions grouping;
    grouping.radius_bits = options.radius_bits;
    grouping.threads = threads;
    groups = find_groups(std::move(gathered.groups), grouping, stars);
  }
  const auto ranked = rank_items(gathered.facts, gathered.known_hashes, ranking, groups);
  gathered.facts = {};

  Store store(writer, items);
  before.each_change(
      Memberships::of(groups, items.size()),
      [&](size_t slot, ItemNumber centre, const Memberships::Named& named) {
        store.add_group(slot, centre, named);
      },
      [&](size_t slot, ItemNumber item, ItemNumber centre, uint32_t bits) {
        store.add_member(slot, item, centre, bits);
      });
  ItemNumber number = 0;
  reader.for_each_item([&](const StoredItem& stored) {
    const Ranked& one = ranked[number];
    casefile::StoredReview review{std::string(to_text(one.rank_class)), std::string(one.key()),
                                  reasons_of(stored, one, ranking, items), std::nullopt};
    if (one.shown_with != kNobody) review.shown_with = items[one.shown_with];
    if (stored.review != review) store.add_review(number, std::move(review));
    ++number;
  });
  UpdateCounts counts = store.finish({version, texts_of(options, groups)});
  counts.new_items = gathered.new_items;
  return counts;
}

std::optional<CurrentReview> current_review(casefile::TriageWriter& writer,
                                            const casefile::Reader& reader,
                                            const TriageOptions& options, uint32_t threads,
                                            Regroup regroup) {
  UpdateCounts update;
  for (int tries = 0; tries <= kTries; ++tries) {
    if (regroup == Regroup::no) {
      auto snapshot = reader.snapshot();
      auto stored = stored_review(reader);
      if (stored && stored->options == options) {
        return CurrentReview{std::move(snapshot), std::move(*stored), update};
      }
    }
    if (tries < kTries) update = update_review(writer, reader, options, threads, regroup);
    regroup = Regroup::no;
  }
  return std::nullopt;
}

}  // namespace safelight::triage
