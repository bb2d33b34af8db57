#include "safelight/triage/internal/stars.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <memory>
#include <numeric>

#include "safelight/base/share_work.h"
#include "safelight/index/flat_index.h"

namespace safelight::triage::internal {
namespace {

/// Queries of one call: enough to share what a call costs.
constexpr size_t kBatch = 1024;
constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

std::unique_ptr<FingerprintIndex> make_index(std::span<const Fingerprint> rows,
                                             const StarOptions& options) {
  const IndexKind kind = options.index.value_or(choose_index(rows.size(), kBatch));
  if (kind == IndexKind::flat || options.radius_bits > MultiPlan::kMaxRadiusBits) {
    return std::make_unique<FlatIndex>(FlatIndex::build(rows, options.level));
  }
  MultiBuildOptions build;
  build.radius_bits = options.radius_bits;
  build.threads = options.threads;
  return std::make_unique<MultiIndex>(MultiIndex::build(rows, build, options.level));
}

/// Searches all of `queries` in batches on some threads. `take(first, found)` gets the answer to
/// the batch that begins at `first`, from any thread, each batch once.
template <typename Take>
void search_all(const FingerprintIndex& index, std::span<const Fingerprint> queries,
                const SearchOptions& search, uint32_t threads, size_t batch, const Take& take) {
  share_work((queries.size() + batch - 1) / batch, threads, [&](const auto& next) {
    Matches found;
    while (const auto piece = next()) {
      const size_t first = *piece * batch;
      index.search(queries.subspan(first, std::min(batch, queries.size() - first)), search, found);
      take(first, found);
    }
  });
}

std::vector<Fingerprint> chosen(std::span<const Fingerprint> fingerprints,
                                std::span<const uint32_t> places) {
  std::vector<Fingerprint> some;
  some.reserve(places.size());
  for (const uint32_t place : places) some.push_back(fingerprints[place]);
  return some;
}

/// How many each has within the radius, itself among them, up to kMaxCountedNeighbours. A limit of
/// no matches keeps none of the pairs, so that a crowd takes no memory.
std::vector<uint16_t> count_neighbours(const FingerprintIndex& index,
                                       std::span<const Fingerprint> fingerprints,
                                       const StarOptions& options) {
  std::vector<uint16_t> counts(fingerprints.size());
  SearchOptions search;
  search.radius_bits = options.radius_bits;
  search.max_matches_per_query = 0;
  search.stop_after = kMaxCountedNeighbours;
  search_all(index, fingerprints, search, options.threads, kBatch,
             [&](size_t first, const Matches& found) {
               for (size_t i = 0; i < found.cut.size(); ++i) {
                 counts[first + i] =
                     static_cast<uint16_t>(std::min<uint64_t>(found.cut[i], kMaxCountedNeighbours));
               }
             });
  return counts;
}

/// Goes through fingerprints in the order of rank, makes a centre of each that has no centre within
/// the radius yet, and gives each of the others its nearest centre, of equally near ones the first.
class StarPicker {
 public:
  StarPicker(std::span<const Fingerprint> fingerprints, const FingerprintIndex& index,
             const StarOptions& options)
      : fingerprints_(fingerprints),
        index_(index),
        options_(options),
        counts_(count_neighbours(index, fingerprints, options)),
        centre_of_(fingerprints.size(), kNone),
        distance_(fingerprints.size(), 0) {}

  void pick() {
    const auto ranked = rank();
    for (size_t next = 0; next < ranked.size();) {
      next = gather(ranked, next);
      relax();
    }
    for (uint32_t place = 0; place < centre_of_.size(); ++place) {
      if (centre_of_[place] == kNone) centre_of_[place] = place;
    }
  }

  /// Centres in the order of rank, each with its nearest neighbour.
  [[nodiscard]] const std::vector<std::pair<uint32_t, uint32_t>>& centres() const {
    return centres_;
  }
  [[nodiscard]] std::vector<uint32_t>& centre_of() { return centre_of_; }

 private:
  /// Those that have neighbours, most first.
  [[nodiscard]] std::vector<uint32_t> rank() const {
    std::vector<uint32_t> ranked;
    for (uint32_t place = 0; place < counts_.size(); ++place) {
      if (counts_[place] > 1) ranked.push_back(place);
    }
    std::stable_sort(ranked.begin(), ranked.end(),
                     [&](uint32_t a, uint32_t b) { return counts_[a] > counts_[b]; });
    return ranked;
  }

  /// Takes the next centres from `next` on, and gives the place in `ranked` behind the last. They
  /// are compared with each other at once, so that each of them is a centre by the rule and none is
  /// searched for in vain. How many are taken is bounded by what their neighbours take of memory.
  size_t gather(std::span<const uint32_t> ranked, size_t next) {
    constexpr size_t kMostCentres = 512;
    constexpr size_t kMostNeighbours = size_t{1} << 16;
    gathered_.clear();
    queries_.clear();
    size_t neighbours = 0;
    for (; next < ranked.size() && gathered_.size() < kMostCentres; ++next) {
      const uint32_t place = ranked[next];
      if (centre_of_[place] != kNone) continue;
      const Fingerprint& fingerprint = fingerprints_[place];
      const bool near_gathered =
          std::any_of(queries_.begin(), queries_.end(), [&](const Fingerprint& one) {
            return hamming_distance(one, fingerprint) <= options_.radius_bits;
          });
      if (near_gathered) continue;
      // Of one that has more neighbours than are counted nobody knows how many they are.
      const size_t more = counts_[place] < kMaxCountedNeighbours
                              ? counts_[place]
                              : kMostNeighbours / options_.threads;
      if (!gathered_.empty() && neighbours + more > kMostNeighbours) break;
      neighbours += more;
      gathered_.push_back(place);
      queries_.push_back(fingerprint);
    }
    return next;
  }

  /// Searches the neighbours of the centres gathered, and brings them nearer.
  void relax() {
    // So few a call that no thread waits long for another.
    const size_t few = std::clamp<size_t>(gathered_.size() / (4 * options_.threads), 1, 16);
    std::vector<Matches> found((gathered_.size() + few - 1) / few);
    SearchOptions search;
    search.radius_bits = options_.radius_bits;
    search_all(index_, queries_, search, options_.threads, few,
               [&](size_t first, Matches& matches) { std::swap(found[first / few], matches); });
    for (size_t i = 0; i < gathered_.size(); ++i) {
      const uint32_t centre = gathered_[i];
      const auto near = found[i / few].of(i % few);
      // The nearest is itself; fingerprints are all different.
      assert(near.size() > 1 && near[0].entry == centre);
      centres_.emplace_back(centre, near[1].entry);
      for (const Match& match : near) {
        uint32_t& centre_of = centre_of_[match.entry];
        if (centre_of != kNone && distance_[match.entry] <= match.distance_bits) continue;
        centre_of = centre;
        distance_[match.entry] = static_cast<uint16_t>(match.distance_bits);
      }
    }
  }

  const std::span<const Fingerprint> fingerprints_;
  const FingerprintIndex& index_;
  const StarOptions& options_;
  const std::vector<uint16_t> counts_;
  std::vector<uint32_t> centre_of_;
  std::vector<uint16_t> distance_;
  std::vector<std::pair<uint32_t, uint32_t>> centres_;
  std::vector<uint32_t> gathered_;
  std::vector<Fingerprint> queries_;
};

std::vector<uint32_t> star_sizes(const std::vector<uint32_t>& centre_of) {
  std::vector<uint32_t> sizes(centre_of.size(), 0);
  for (const uint32_t centre : centre_of) ++sizes[centre];
  return sizes;
}

/// Finds company for each centre that is alone: `lonely`, in a fixed order, each with its nearest
/// neighbour.
void accompany(std::span<const std::pair<uint32_t, uint32_t>> lonely,
               std::vector<uint32_t>& centre_of, std::vector<uint32_t>& star_size) {
  for (const auto& [centre, neighbour] : lonely) {
    if (star_size[centre] != 1) continue;  // its neighbour came to it
    const uint32_t other = centre_of[neighbour];
    if (other == neighbour) {
      // The neighbour has become a centre below.
      centre_of[centre] = neighbour;
      ++star_size[neighbour];
      star_size[centre] = 0;
    } else if (star_size[other] > 2) {
      centre_of[neighbour] = centre;
      --star_size[other];
      ++star_size[centre];
    } else {
      // Two centres share their only neighbour, so it is the centre of the three.
      centre_of[other] = centre_of[centre] = centre_of[neighbour] = neighbour;
      star_size[neighbour] = 3;
      star_size[other] = star_size[centre] = 0;
    }
  }
}

/// The fingerprints that a search for `places` without a star has to look at: these and all
/// `others` within the radius of one, in ascending order.
std::vector<uint32_t> with_neighbours(std::span<const Fingerprint> fingerprints,
                                      std::span<const uint32_t> places,
                                      std::span<const uint32_t> others,
                                      const StarOptions& options) {
  std::vector<uint32_t> all(places.begin(), places.end());
  if (!others.empty()) {
    const auto index = make_index(chosen(fingerprints, others), options);
    std::vector<bool> is_near(others.size(), false);
    std::mutex mutex;
    SearchOptions search;
    search.radius_bits = options.radius_bits;
    search_all(*index, chosen(fingerprints, places), search, options.threads, kBatch,
               [&](size_t, const Matches& found) {
                 const std::lock_guard lock(mutex);
                 for (const Match& match : found.matches) is_near[match.entry] = true;
               });
    for (size_t i = 0; i < others.size(); ++i) {
      if (is_near[i]) all.push_back(others[i]);
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

/// The nearest of `rows` within the radius of each of `queries`, kNone where there is none; of
/// equally near ones the first. Both are places of `fingerprints`.
std::vector<uint32_t> nearest(std::span<const Fingerprint> fingerprints,
                              std::span<const uint32_t> queries, std::span<const uint32_t> rows,
                              const StarOptions& options) {
  std::vector<uint32_t> out(queries.size(), kNone);
  if (queries.empty() || rows.empty()) return out;
  const auto index = make_index(chosen(fingerprints, rows), options);
  SearchOptions search;
  search.radius_bits = options.radius_bits;
  search.max_matches_per_query = 1;
  search_all(*index, chosen(fingerprints, queries), search, options.threads, kBatch,
             [&](size_t first, const Matches& found) {
               for (const Match& match : found.matches) {
                 out[first + match.query] = rows[match.entry];
               }
             });
  return out;
}

}  // namespace

std::vector<uint32_t> find_stars(std::span<const Fingerprint> fingerprints,
                                 const StarOptions& options) {
  assert(options.threads >= 1);
  assert(fingerprints.size() <= FlatIndex::kMaxRows);
  const auto index = make_index(fingerprints, options);
  StarPicker picker(fingerprints, *index, options);
  picker.pick();
  std::vector<uint32_t>& centre_of = picker.centre_of();
  std::vector<uint32_t> star_size = star_sizes(centre_of);
  std::vector<std::pair<uint32_t, uint32_t>> lonely;
  for (const auto& centre : picker.centres()) {
    if (star_size[centre.first] == 1) lonely.push_back(centre);
  }
  accompany(lonely, centre_of, star_size);
  return std::move(centre_of);
}

void extend_stars(std::span<const Fingerprint> fingerprints, const std::vector<Before>& before,
                  const StarOptions& options, std::vector<uint32_t>& centre_of) {
  assert(before.size() == fingerprints.size() && centre_of.size() == fingerprints.size());
  std::vector<uint32_t> star_size = star_sizes(centre_of);
  std::vector<uint32_t> centres;
  std::vector<uint32_t> members;
  std::vector<uint32_t> arrivals;
  std::vector<uint32_t> alone;
  for (uint32_t place = 0; place < centre_of.size(); ++place) {
    if (before[place] == Before::fresh) {
      arrivals.push_back(place);
    } else if (before[place] == Before::alone) {
      alone.push_back(place);
    } else {
      (centre_of[place] == place ? centres : members).push_back(place);
    }
  }
  if (arrivals.size() == fingerprints.size()) {
    centre_of = find_stars(fingerprints, options);
    return;
  }

  const auto centre_near = nearest(fingerprints, arrivals, centres, options);
  std::vector<uint32_t> rest;
  for (size_t i = 0; i < arrivals.size(); ++i) {
    if (centre_near[i] == kNone) {
      rest.push_back(arrivals[i]);
      continue;
    }
    centre_of[arrivals[i]] = centre_near[i];
    ++star_size[centre_near[i]];
    star_size[arrivals[i]] = 0;
    members.push_back(arrivals[i]);
  }

  const auto among = with_neighbours(fingerprints, rest, alone, options);
  const auto stars = find_stars(chosen(fingerprints, among), options);
  for (size_t i = 0; i < among.size(); ++i) {
    --star_size[among[i]];
    centre_of[among[i]] = among[stars[i]];
    ++star_size[among[stars[i]]];
  }

  std::vector<uint32_t> left;
  for (const uint32_t place : rest) {
    if (centre_of[place] == place && star_size[place] == 1) left.push_back(place);
  }
  std::sort(members.begin(), members.end());
  const auto company = nearest(fingerprints, left, members, options);
  std::vector<std::pair<uint32_t, uint32_t>> lonely;
  for (size_t i = 0; i < left.size(); ++i) {
    if (company[i] != kNone) lonely.emplace_back(left[i], company[i]);
  }
  accompany(lonely, centre_of, star_size);
}

}  // namespace safelight::triage::internal
