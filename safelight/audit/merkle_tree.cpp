#include "safelight/audit/merkle_tree.h"

#include <bit>
#include <cassert>
#include <charconv>

#include "safelight/digest/sha256_stream.h"

namespace safelight::audit {
namespace {

constexpr Error kInclusionMismatch{ErrorCode::integrity_mismatch, "audit.inclusion-proof"};
constexpr Error kConsistencyMismatch{ErrorCode::integrity_mismatch, "audit.consistency-proof"};

/// The size of the left part of a tree of `size` > 1 leaves: the largest power of two below it.
uint64_t left_size(uint64_t size) { return std::bit_floor(size - 1); }

/// SUBPROOF of RFC 6962 section 2.1.2. `whole` tells whether the first `old_size` leaves are a
/// subtree whose root the verifier knows already.
void append_subproof(std::span<const Sha256> leaves, uint64_t old_size, bool whole,
                     std::vector<Sha256>& proof) {
  if (old_size == leaves.size()) {
    if (!whole) proof.push_back(tree_root(leaves));
    return;
  }
  const uint64_t left = left_size(leaves.size());
  if (old_size <= left) {
    append_subproof(leaves.first(left), old_size, whole, proof);
    proof.push_back(tree_root(leaves.subspan(left)));
  } else {
    append_subproof(leaves.subspan(left), old_size - left, false, proof);
    proof.push_back(tree_root(leaves.first(left)));
  }
}

}  // namespace

std::string to_text(const TreeHead& head) {
  return std::to_string(head.size) + ":" + to_hex(head.root);
}

Result<TreeHead> parse_tree_head(std::string_view text) {
  constexpr Error kMalformed{ErrorCode::malformed, "audit.head-text"};
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return kMalformed;
  TreeHead head;
  const char* const end = text.data() + colon;
  const auto [at, status] = std::from_chars(text.data(), end, head.size);
  if (status != std::errc() || at != end) return kMalformed;
  const auto root = parse_hex<Sha256>(text.substr(colon + 1));
  if (!root) return kMalformed;
  head.root = *root;
  return head;
}

Sha256 leaf_hash(std::span<const std::byte> data) {
  Sha256Stream stream;
  constexpr std::byte kPrefix{0x00};
  stream.update(std::span(&kPrefix, 1));
  stream.update(data);
  return stream.finish();
}

Sha256 node_hash(const Sha256& left, const Sha256& right) {
  Sha256Stream stream;
  constexpr std::byte kPrefix{0x01};
  stream.update(std::span(&kPrefix, 1));
  stream.update(std::as_bytes(std::span(left.bytes)));
  stream.update(std::as_bytes(std::span(right.bytes)));
  return stream.finish();
}

void Frontier::append(const Sha256& leaf) {
  Sha256 hash = leaf;
  // Each trailing one bit of the old size is a full subtree that the new leaf completes.
  for (uint64_t bits = size_; (bits & 1) != 0; bits >>= 1) {
    hash = node_hash(subtrees_.back(), hash);
    subtrees_.pop_back();
  }
  subtrees_.push_back(hash);
  ++size_;
}

Sha256 Frontier::root() const {
  if (subtrees_.empty()) return sha256_of({});
  Sha256 root = subtrees_.back();
  for (size_t i = subtrees_.size() - 1; i-- > 0;) root = node_hash(subtrees_[i], root);
  return root;
}

Sha256 tree_root(std::span<const Sha256> leaves) {
  Frontier tree;
  for (const Sha256& leaf : leaves) tree.append(leaf);
  return tree.root();
}

std::vector<Sha256> inclusion_proof(std::span<const Sha256> leaves, uint64_t index) {
  assert(index < leaves.size());
  std::vector<Sha256> from_root;
  while (leaves.size() > 1) {
    const uint64_t left = left_size(leaves.size());
    if (index < left) {
      from_root.push_back(tree_root(leaves.subspan(left)));
      leaves = leaves.first(left);
    } else {
      from_root.push_back(tree_root(leaves.first(left)));
      leaves = leaves.subspan(left);
      index -= left;
    }
  }
  return {from_root.rbegin(), from_root.rend()};
}

std::vector<Sha256> consistency_proof(std::span<const Sha256> leaves, uint64_t old_size) {
  assert(old_size <= leaves.size());
  std::vector<Sha256> proof;
  if (old_size != 0) append_subproof(leaves, old_size, true, proof);
  return proof;
}

Result<void> verify_inclusion(const Sha256& leaf, uint64_t index, const TreeHead& head,
                              std::span<const Sha256> proof) {
  if (index >= head.size) return kInclusionMismatch;
  uint64_t at = index;
  uint64_t last = head.size - 1;
  Sha256 root = leaf;
  for (const Sha256& sibling : proof) {
    if (last == 0) return kInclusionMismatch;
    if ((at & 1) != 0 || at == last) {
      root = node_hash(sibling, root);
      while ((at & 1) == 0 && at != 0) {
        at >>= 1;
        last >>= 1;
      }
    } else {
      root = node_hash(root, sibling);
    }
    at >>= 1;
    last >>= 1;
  }
  if (last != 0 || root != head.root) return kInclusionMismatch;
  return {};
}

Result<void> verify_consistency(const TreeHead& older, const TreeHead& newer,
                                std::span<const Sha256> proof) {
  if (older.size > newer.size) return kConsistencyMismatch;
  if (older.size == newer.size || older.size == 0) {
    const bool same =
        older.size == newer.size ? older.root == newer.root : older.root == Frontier().root();
    if (!same || !proof.empty()) return kConsistencyMismatch;
    return {};
  }
  uint64_t at = older.size - 1;
  uint64_t last = newer.size - 1;
  while ((at & 1) != 0) {
    at >>= 1;
    last >>= 1;
  }
  // A whole old tree is its own first hash; otherwise the proof begins with one.
  const bool whole = std::has_single_bit(older.size);
  if (!whole && proof.empty()) return kConsistencyMismatch;
  Sha256 old_root = whole ? older.root : proof.front();
  Sha256 new_root = old_root;
  for (const Sha256& hash : whole ? proof : proof.subspan(1)) {
    if (last == 0) return kConsistencyMismatch;
    if ((at & 1) != 0 || at == last) {
      old_root = node_hash(hash, old_root);
      new_root = node_hash(hash, new_root);
      while ((at & 1) == 0 && at != 0) {
        at >>= 1;
        last >>= 1;
      }
    } else {
      new_root = node_hash(new_root, hash);
    }
    at >>= 1;
    last >>= 1;
  }
  if (last != 0 || old_root != older.root || new_root != newer.root) return kConsistencyMismatch;
  return {};
}

}  // namespace safelight::audit
