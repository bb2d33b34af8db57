#include "safelight/provenance/c2pa/binding/bmff_hash.h"

#include <algorithm>
#include <array>

#include "safelight/metadata/container/bmff_boxes.h"
#include "safelight/provenance/c2pa/binding/bmff_exclusions.h"

namespace safelight::c2pa {
namespace {

using metadata::BmffBox;
using Digest = std::vector<std::byte>;

constexpr uint64_t kMdatHeader = 16;  ///< Left in the file hash whatever the header's own size.

/// What makes a check end: the verdict and the rule.
struct Stop {
  BindingVerdict verdict = BindingVerdict::mismatch;
  std::string_view rule;
};

class BmffCheck {
 public:
  BmffCheck(const AssetView& asset, int version, std::string_view claim_alg, const Limits& limits)
      : asset_(asset), version_(version), claim_alg_(claim_alg), limits_(limits) {}

  BindingCheck run(const CborValue& assertion) {
    check_.uncovered = {{0, asset_.bytes.size()}};
    if (const auto stop = check(assertion)) {
      check_.verdict = stop->verdict;
      check_.rule = stop->rule;
      return std::move(check_);
    }
    check_.verdict = BindingVerdict::fits;
    check_.hash_fits = true;
    check_.uncovered =
        complement(merged(std::move(covered_), asset_.bytes.size()), asset_.bytes.size());
    return std::move(check_);
  }

 private:
  std::optional<Stop> check(const CborValue& assertion) {
    boxes_ = metadata::bmff_boxes(asset_.bytes, {}).boxes;
    if (boxes_.size() > limits_.max_hash_boxes) {
      return Stop{BindingVerdict::unsupported, "max_hash_boxes"};
    }
    auto exclusions = find_exclusions(assertion.find("exclusions"), asset_.bytes, boxes_, limits_);
    if (!exclusions) {
      return Stop{exclusions.error().code == ErrorCode::limit_exceeded ? BindingVerdict::unsupported
                                                                       : BindingVerdict::malformed,
                  exclusions.error().rule};
    }
    exclusions_ = std::move(*exclusions);
    check_.additional_exclusions = exclusions_.additional;
    const std::string own_alg = assertion.text_at("alg");
    if (!own_alg.empty()) claim_alg_ = own_alg;

    const CborValue* hash = assertion.find("hash");
    const bool has_hash = hash != nullptr && hash->bytes();
    const CborValue* merkle = assertion.find("merkle");
    const bool has_merkle = merkle != nullptr && merkle->kind == CborKind::array;
    if (!has_hash && !has_merkle) return Stop{BindingVerdict::malformed, "bmff-hash.fields"};
    if (has_hash) {
      const auto algorithm = hash_algorithm_of(claim_alg_);
      if (!algorithm) return Stop{BindingVerdict::unsupported, "bmff-hash.algorithm"};
      if (!std::ranges::equal(hash_range(*algorithm, {0, asset_.bytes.size()}), *hash->bytes())) {
        return Stop{BindingVerdict::mismatch, "bmff-hash.hash"};
      }
    }
    return has_merkle ? check_trees(*merkle) : std::nullopt;
  }

  /// The hash of what the exclusions leave of a range that begins and ends between top-level boxes.
  Digest hash_range(HashAlgorithm algorithm, ByteRange range) {
    Hasher hasher(algorithm);
    uint64_t at = range.offset_bytes;
    const auto first = std::ranges::lower_bound(
        boxes_, range.offset_bytes, {}, [](const BmffBox& box) { return box.whole.offset_bytes; });
    for (size_t i = static_cast<size_t>(first - boxes_.begin()); i < boxes_.size(); ++i) {
      const ByteRange& box = boxes_[i].whole;
      if (box.offset_bytes >= range.end_bytes()) break;
      if (version_ >= 2 && !exclusions_.whole_top_level[i]) {
        std::array<std::byte, 8> place;
        for (size_t b = 0; b < 8; ++b) {
          place[b] = static_cast<std::byte>(box.offset_bytes >> (56 - 8 * b));
        }
        hasher.update(place);
      }
      hash_remaining(hasher, {box.offset_bytes, box.length_bytes});
      at = box.end_bytes();
    }
    hash_remaining(hasher, {at, range.end_bytes() - at});
    return std::move(hasher).finish();
  }

  /// Hashes what the exclusions leave of a range.
  void hash_remaining(Hasher& hasher, ByteRange range) {
    const auto& holes = exclusions_.ranges;
    auto hole = std::ranges::partition_point(holes, [&](const ByteRange& candidate) {
      return candidate.end_bytes() <= range.offset_bytes;
    });
    uint64_t at = range.offset_bytes;
    for (; hole != holes.end() && hole->offset_bytes < range.end_bytes(); ++hole) {
      if (hole->offset_bytes > at) cover(hasher, {at, hole->offset_bytes - at});
      at = std::min(hole->end_bytes(), range.end_bytes());
    }
    if (at < range.end_bytes()) cover(hasher, {at, range.end_bytes() - at});
  }

  void cover(Hasher& hasher, ByteRange range) {
    hasher.update(metadata::bytes_at(asset_.bytes, range));
    covered_.push_back(range);
  }

  std::optional<Stop> check_trees(const CborValue& trees) {
    const auto first_moof = std::ranges::find(boxes_, "moof", &BmffBox::type);
    const bool fragmented = first_moof != boxes_.end();
    std::vector<const BmffBox*> mdats;
    for (const BmffBox& box : boxes_) {
      if (box.type == "mdat") mdats.push_back(&box);
    }
    // Several trees over one fragmented file belong to tracks, whose fragments they do not tell.
    if (fragmented && trees.items.size() != 1) {
      return Stop{BindingVerdict::unsupported, "bmff-hash.several-trees"};
    }
    if (!fragmented && trees.items.size() != mdats.size()) {
      return Stop{BindingVerdict::mismatch, "bmff-hash.tree-count"};
    }
    for (size_t i = 0; i < trees.items.size(); ++i) {
      const CborValue& tree = trees.items[i];
      const std::string own_alg = tree.text_at("alg");
      const auto algorithm = hash_algorithm_of(own_alg.empty() ? claim_alg_ : own_alg);
      if (!algorithm) return Stop{BindingVerdict::unsupported, "bmff-hash.algorithm"};
      const auto stop = fragmented ? check_fragments(tree, *algorithm, *first_moof)
                                   : check_blocks(tree, *algorithm, *mdats[i]);
      if (stop) return stop;
    }
    return std::nullopt;
  }

  /// A fragmented file: the part before the first `moof`, then a leaf for each `moof` with all that
  /// follows it up to the next.
  std::optional<Stop> check_fragments(const CborValue& tree, HashAlgorithm algorithm,
                                      const BmffBox& first_moof) {
    const CborValue* initial = tree.find("initHash");
    if (initial == nullptr || !initial->bytes()) {
      return Stop{BindingVerdict::malformed, "bmff-hash.init-hash"};
    }
    const ByteRange head{0, first_moof.whole.offset_bytes};
    if (!std::ranges::equal(hash_range(algorithm, head), *initial->bytes())) {
      return Stop{BindingVerdict::mismatch, "bmff-hash.init-hash"};
    }
    std::vector<Digest> leaves;
    uint64_t start = first_moof.whole.offset_bytes;
    for (const BmffBox& box : boxes_) {
      if (box.type != "moof" || box.whole.offset_bytes <= start) continue;
      leaves.push_back(hash_range(algorithm, {start, box.whole.offset_bytes - start}));
      start = box.whole.offset_bytes;
    }
    leaves.push_back(hash_range(algorithm, {start, asset_.bytes.size() - start}));
    return compare(tree, algorithm, std::move(leaves));
  }

  /// An `mdat` box in blocks of one size, or of sizes that are listed.
  std::optional<Stop> check_blocks(const CborValue& tree, HashAlgorithm algorithm,
                                   const BmffBox& mdat) {
    const CborValue* fixed = tree.find("fixedBlockSize");
    const CborValue* listed = tree.find("variableBlockSizes");
    if (fixed == nullptr && listed == nullptr) {
      return Stop{BindingVerdict::unsupported, "bmff-hash.tree-over-tracks"};
    }
    if (mdat.whole.length_bytes < kMdatHeader)
      return Stop{BindingVerdict::mismatch, "bmff-hash.mdat"};
    ByteRange rest{mdat.whole.offset_bytes + kMdatHeader, mdat.whole.length_bytes - kMdatHeader};
    std::vector<Digest> leaves;
    for (size_t i = 0; rest.length_bytes != 0; ++i) {
      if (leaves.size() >= limits_.max_merkle_leaves) {
        return Stop{BindingVerdict::unsupported, "max_merkle_leaves"};
      }
      const CborValue* size = fixed;
      if (listed != nullptr) {
        size = listed->kind == CborKind::array && i < listed->items.size() ? &listed->items[i]
                                                                           : nullptr;
      }
      const uint64_t block = size != nullptr ? size->unsigned_value().value_or(0) : 0;
      if (block == 0) return Stop{BindingVerdict::malformed, "bmff-hash.block-size"};
      Hasher hasher(algorithm);
      cover(hasher, {rest.offset_bytes, std::min(block, rest.length_bytes)});
      leaves.push_back(std::move(hasher).finish());
      const uint64_t taken = std::min(block, rest.length_bytes);
      rest = {rest.offset_bytes + taken, rest.length_bytes - taken};
    }
    return compare(tree, algorithm, std::move(leaves));
  }

  /// Climbs from the leaves to the row that the assertion holds. All leaves are at hand, so that
  /// the proofs in the file's `merkle` boxes are not needed.
  static std::optional<Stop> compare(const CborValue& tree, HashAlgorithm algorithm,
                                     std::vector<Digest> row) {
    const CborValue* hashes = tree.find("hashes");
    const CborValue* count = tree.find("count");
    if (hashes == nullptr || hashes->kind != CborKind::array || hashes->items.empty() ||
        count == nullptr) {
      return Stop{BindingVerdict::malformed, "bmff-hash.tree"};
    }
    if (count->unsigned_value() != row.size()) {
      return Stop{BindingVerdict::mismatch, "bmff-hash.leaf-count"};
    }
    while (row.size() > hashes->items.size()) {
      std::vector<Digest> above;
      for (size_t i = 0; i < row.size(); i += 2) {
        if (i + 1 == row.size()) {
          above.push_back(std::move(row[i]));
          continue;
        }
        Hasher hasher(algorithm);
        hasher.update(row[i]);
        hasher.update(row[i + 1]);
        above.push_back(std::move(hasher).finish());
      }
      row = std::move(above);
    }
    if (row.size() != hashes->items.size())
      return Stop{BindingVerdict::malformed, "bmff-hash.tree"};
    for (size_t i = 0; i < row.size(); ++i) {
      const auto expected = hashes->items[i].bytes();
      if (!expected || !std::ranges::equal(row[i], *expected)) {
        return Stop{BindingVerdict::mismatch, "bmff-hash.leaf"};
      }
    }
    return std::nullopt;
  }

  const AssetView& asset_;
  int version_;
  std::string claim_alg_;
  const Limits& limits_;
  std::vector<BmffBox> boxes_;
  BmffExclusions exclusions_;
  std::vector<ByteRange> covered_;
  BindingCheck check_;
};

}  // namespace

BindingCheck check_bmff_hash(const CborValue& assertion, int version, std::string_view claim_alg,
                             const AssetView& asset, const Limits& limits) {
  return BmffCheck(asset, version, claim_alg, limits).run(assertion);
}

}  // namespace safelight::c2pa
