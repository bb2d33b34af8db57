#include "safelight/triage/internal/stars.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <exception>
#include <mutex>
#include <numeric>
#include <thread>

#include "safelight/index/flat_index.h"

namespace safelight::triage::internal {
namespace {

constexpr size_t kBatch = 1024;

/// Searches all of `queries` in batches on some threads. `take(first, found)` gets the answer to
/// the batch that begins at `first`, from any thread, each batch once.
template <typename Take>
void search_all(const FlatIndex& index, std::span<const Fingerprint> queries,
                const SearchOptions& search, uint32_t threads, const Take& take) {
  std::atomic<size_t> next{0};
  std::mutex mutex;
  std::exception_ptr thrown;
  const auto work = [&] {
    try {
      Matches found;
      for (size_t first; (first = next.fetch_add(kBatch)) < queries.size();) {
        index.search(queries.subspan(first, std::min(kBatch, queries.size() - first)), search,
                     found);
        take(first, found);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      thrown = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    for (uint32_t i = 1; i < threads; ++i) others.emplace_back(work);
    work();
  }
  if (thrown) std::rethrow_exception(thrown);
}

std::vector<Fingerprint> chosen(std::span<const Fingerprint> fingerprints,
                                std::span<const uint32_t> places) {
  std::vector<Fingerprint> some;
  some.reserve(places.size());
  for (const uint32_t place : places) some.push_back(fingerprints[place]);
  return some;
}

/// The centres found so far. Most are in one index; the newest are in a second one that is made
/// anew with each batch, until it is worth to make the first anew.
class Centres {
 public:
  explicit Centres(const StarOptions& options) : options_(options) {}

  /// For each query, whether a centre lies within the radius.
  void covered(std::span<const Fingerprint> queries, std::vector<bool>& out) {
    out.assign(queries.size(), false);
    for (const FlatIndex* index : {&old_index_, &new_index_}) {
      index->search(queries, {options_.radius_bits, 1}, found_);
      for (const Match& match : found_.matches) out[match.query] = true;
    }
  }

  void add(std::span<const Fingerprint> centres) {
    all_.insert(all_.end(), centres.begin(), centres.end());
    const size_t newest = all_.size() - old_index_.size();
    if (newest > kBatch && newest > old_index_.size() / 8) {
      old_index_ = FlatIndex::build(all_, options_.level);
      new_index_ = FlatIndex();
    } else {
      new_index_ = FlatIndex::build(std::span(all_).last(newest), options_.level);
    }
  }

 private:
  const StarOptions options_;
  std::vector<Fingerprint> all_;
  FlatIndex old_index_;
  FlatIndex new_index_;
  Matches found_;
};

/// Goes through fingerprints in the order of `ranked` and makes a centre of each that has no centre
/// within the radius yet. Gives the centres' places in that order.
std::vector<uint32_t> pick_centres(std::span<const Fingerprint> fingerprints,
                                   std::span<const uint32_t> ranked, const StarOptions& options) {
  constexpr size_t kFew = 256;  // compared with each other one by one
  Centres centres(options);
  std::vector<uint32_t> places;
  std::vector<bool> covered;
  for (size_t first = 0; first < ranked.size(); first += kFew) {
    const auto batch = ranked.subspan(first, std::min(kFew, ranked.size() - first));
    const auto queries = chosen(fingerprints, batch);
    centres.covered(queries, covered);
    std::vector<Fingerprint> added;
    for (size_t i = 0; i < batch.size(); ++i) {
      if (covered[i]) continue;
      const bool near_added = std::any_of(added.begin(), added.end(), [&](const Fingerprint& one) {
        return hamming_distance(one, queries[i]) <= options.radius_bits;
      });
      if (near_added) continue;
      added.push_back(queries[i]);
      places.push_back(batch[i]);
    }
    if (!added.empty()) centres.add(added);
  }
  return places;
}

/// Finds company for each centre that has lost all of its neighbours to nearer centres: `lonely`,
/// in order of rank, each with its nearest neighbour.
void accompany(std::span<const std::pair<uint32_t, uint32_t>> lonely,
               std::vector<uint32_t>& centre_of, std::vector<uint32_t>& star_size) {
  for (const auto& [centre, neighbour] : lonely) {
    assert(star_size[centre] == 1);
    const uint32_t other = centre_of[neighbour];
    if (other == neighbour) {
      // The neighbour has become a centre below.
      centre_of[centre] = neighbour;
      ++star_size[neighbour];
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

}  // namespace

std::vector<uint32_t> find_stars(std::span<const Fingerprint> fingerprints,
                                 const StarOptions& options) {
  assert(options.threads >= 1);
  assert(fingerprints.size() <= FlatIndex::kMaxRows);
  std::vector<uint32_t> centre_of(fingerprints.size());
  std::iota(centre_of.begin(), centre_of.end(), 0u);
  const FlatIndex index = FlatIndex::build(fingerprints, options.level);

  // How many each has within the radius, itself among them: a limit of none leaves the count alone,
  // so that a crowd of fingerprints that are all alike takes no memory.
  std::vector<uint32_t> neighbours(fingerprints.size());
  search_all(index, fingerprints, {options.radius_bits, 0}, options.threads,
             [&](size_t first, const Matches& found) {
               for (size_t i = 0; i < found.cut.size(); ++i) {
                 neighbours[first + i] = static_cast<uint32_t>(found.cut[i]);
               }
             });
  std::vector<uint32_t> ranked;
  for (uint32_t i = 0; i < neighbours.size(); ++i) {
    if (neighbours[i] > 1) ranked.push_back(i);
  }
  std::sort(ranked.begin(), ranked.end(), [&](uint32_t a, uint32_t b) {
    return neighbours[a] != neighbours[b] ? neighbours[a] > neighbours[b] : a < b;
  });

  const auto centres = pick_centres(fingerprints, ranked, options);
  std::vector<uint32_t> star_size(fingerprints.size(), 0);
  {
    // Rows in order of rank: of equally near centres the one of higher rank comes first.
    const FlatIndex centre_index = FlatIndex::build(chosen(fingerprints, centres), options.level);
    const auto queries = chosen(fingerprints, ranked);
    search_all(centre_index, queries, {options.radius_bits, 1}, options.threads,
               [&](size_t first, const Matches& found) {
                 for (const Match& match : found.matches) {
                   centre_of[ranked[first + match.query]] = centres[match.entry];
                 }
               });
  }
  for (const uint32_t place : ranked) ++star_size[centre_of[place]];

  std::vector<uint32_t> alone;
  for (const uint32_t centre : centres) {
    if (star_size[centre] == 1) alone.push_back(centre);
  }
  std::vector<std::pair<uint32_t, uint32_t>> lonely(alone.size());
  search_all(index, chosen(fingerprints, alone), {options.radius_bits, 2}, options.threads,
             [&](size_t first, const Matches& found) {
               for (size_t i = 0; i < found.cut.size(); ++i) {
                 // The nearest is itself; fingerprints are all different.
                 lonely[first + i] = {alone[first + i], found.of(i)[1].entry};
               }
             });
  accompany(lonely, centre_of, star_size);
  return centre_of;
}

}  // namespace safelight::triage::internal
