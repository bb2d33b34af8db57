#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/hash/digests.h"

namespace safelight::audit {

/// The size and root of a tree: whoever knows it can tell any other past from this one.
struct TreeHead {
  uint64_t size = 0;  ///< Leaves.
  Sha256 root;
  friend bool operator==(const TreeHead&, const TreeHead&) = default;
};

/// "SIZE:ROOT", the root in hexadecimal: the form in which a head is printed and noted down.
std::string to_text(const TreeHead& head);
/// Reads what to_text() writes. Errors: malformed.
Result<TreeHead> parse_tree_head(std::string_view text);

/// SHA-256 of 0x00 and the leaf's data. Source: RFC 6962 section 2.1.
Sha256 leaf_hash(std::span<const std::byte> data);
/// SHA-256 of 0x01 and both children. Source: RFC 6962 section 2.1.
Sha256 node_hash(const Sha256& left, const Sha256& right);

/// A growing Merkle tree of which only the roots of its full subtrees are kept: at most 64 hashes,
/// however many leaves there are.
class Frontier {
 public:
  void append(const Sha256& leaf);
  [[nodiscard]] uint64_t size() const { return size_; }
  /// The root; that of the empty tree is the SHA-256 of nothing.
  [[nodiscard]] Sha256 root() const;
  [[nodiscard]] TreeHead head() const { return {size_, root()}; }

 private:
  uint64_t size_ = 0;
  std::vector<Sha256> subtrees_;  ///< Largest, that is leftmost, first.
};

/// The root of the tree over `leaves` (leaf hashes).
Sha256 tree_root(std::span<const Sha256> leaves);

/// The hashes that prove that leaf `index` is in the tree over `leaves`; `index < leaves.size()`.
/// Source: RFC 6962 section 2.1.1.
std::vector<Sha256> inclusion_proof(std::span<const Sha256> leaves, uint64_t index);

/// The hashes that prove that the tree over the first `old_size` leaves is a prefix of the tree
/// over all of them; `old_size <= leaves.size()`. Empty where `old_size` is 0 or all. Source: RFC
/// 6962 section 2.1.2.
std::vector<Sha256> consistency_proof(std::span<const Sha256> leaves, uint64_t old_size);

/// Success if `proof` shows that `leaf` is leaf `index` of the tree with this head. Takes untrusted
/// proofs. Errors: integrity_mismatch. Source: RFC 9162 section 2.1.3.2.
Result<void> verify_inclusion(const Sha256& leaf, uint64_t index, const TreeHead& head,
                              std::span<const Sha256> proof);

/// Success if `proof` shows that the tree of `older` is a prefix of that of `newer`. Takes
/// untrusted proofs. Errors: integrity_mismatch. Source: RFC 9162 section 2.1.4.2.
Result<void> verify_consistency(const TreeHead& older, const TreeHead& newer,
                                std::span<const Sha256> proof);

}  // namespace safelight::audit
