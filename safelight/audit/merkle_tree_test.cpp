#include "safelight/audit/merkle_tree.h"

#include <gtest/gtest.h>

#include "safelight/digest/sha256_stream.h"

namespace safelight::audit {
namespace {

/// The leaves and roots that the reference implementations of RFC 6962 publish
/// (certificate-transparency merkletree/merkle_tree_test.cc, transparency-dev/merkle testonly).
const std::vector<std::string> kInputs = {"",
                                          "00",
                                          "10",
                                          "2021",
                                          "3031",
                                          "40414243",
                                          "5051525354555657",
                                          "606162636465666768696a6b6c6d6e6f"};
const std::vector<std::string> kRoots = {
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

std::vector<Sha256> published_leaves() {
  std::vector<Sha256> leaves;
  for (const std::string& hex : kInputs) {
    std::vector<uint8_t> data(hex.size() / 2);
    EXPECT_TRUE(from_hex(hex, data));
    leaves.push_back(leaf_hash(std::as_bytes(std::span(data))));
  }
  return leaves;
}

std::vector<Sha256> numbered_leaves(size_t count) {
  std::vector<Sha256> leaves;
  for (size_t i = 0; i < count; ++i) {
    leaves.push_back(leaf_hash(std::as_bytes(std::span(&i, 1))));
  }
  return leaves;
}

/// RFC 6962 section 2.1's own definition, word for word.
Sha256 defined_root(std::span<const Sha256> leaves) {
  if (leaves.empty()) return sha256_of({});
  if (leaves.size() == 1) return leaves[0];
  size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  return node_hash(defined_root(leaves.first(k)), defined_root(leaves.subspan(k)));
}

TEST(MerkleTree, GivesThePublishedRoots) {
  EXPECT_EQ(to_hex(Frontier().root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const auto leaves = published_leaves();
  Frontier tree;
  for (size_t i = 0; i < leaves.size(); ++i) {
    tree.append(leaves[i]);
    EXPECT_EQ(to_hex(tree.root()), kRoots[i]) << i + 1;
  }
}

TEST(MerkleTree, FrontierGivesTheRootThatTheDefinitionGives) {
  const auto leaves = numbered_leaves(70);
  Frontier tree;
  for (size_t size = 0; size <= leaves.size(); ++size) {
    EXPECT_EQ(tree.root(), defined_root(std::span(leaves).first(size))) << size;
    if (size < leaves.size()) tree.append(leaves[size]);
  }
}

TEST(MerkleTree, ProofsHaveTheShapeOfTheStandardsExample) {
  // RFC 6962 section 2.1.3: a tree of seven leaves d0..d6, with the node names used there.
  const auto d = numbered_leaves(7);
  const Sha256 a = d[0], b = d[1], c = d[2], e = d[4], f = d[5], j = d[6];
  const Sha256 dd = d[3];
  const Sha256 g = node_hash(a, b), h = node_hash(c, dd), i = node_hash(e, f);
  const Sha256 k = node_hash(g, h), l = node_hash(i, j);
  EXPECT_EQ(inclusion_proof(d, 0), (std::vector<Sha256>{b, h, l}));
  EXPECT_EQ(inclusion_proof(d, 3), (std::vector<Sha256>{c, g, l}));
  EXPECT_EQ(inclusion_proof(d, 4), (std::vector<Sha256>{f, j, k}));
  EXPECT_EQ(inclusion_proof(d, 6), (std::vector<Sha256>{i, k}));
  EXPECT_EQ(consistency_proof(d, 3), (std::vector<Sha256>{c, dd, g, l}));
  EXPECT_EQ(consistency_proof(d, 4), (std::vector<Sha256>{l}));
  EXPECT_EQ(consistency_proof(d, 6), (std::vector<Sha256>{i, j, k}));
}

TEST(MerkleTree, EveryInclusionProofHoldsAndNoAlteredOneDoes) {
  const auto leaves = numbered_leaves(33);
  for (size_t size = 1; size <= leaves.size(); ++size) {
    const auto tree = std::span(leaves).first(size);
    const TreeHead head{size, tree_root(tree)};
    for (size_t index = 0; index < size; ++index) {
      auto proof = inclusion_proof(tree, index);
      ASSERT_TRUE(verify_inclusion(leaves[index], index, head, proof)) << size << " " << index;
      EXPECT_FALSE(verify_inclusion(leaves[(index + 1) % 33], index, head, proof));
      EXPECT_FALSE(verify_inclusion(leaves[index], index + size, head, proof));
      if (size > 1) {
        EXPECT_FALSE(verify_inclusion(leaves[index], (index + 1) % size, head, proof));
        EXPECT_FALSE(
            verify_inclusion(leaves[index], index, head, std::span(proof).first(proof.size() - 1)));
        proof[proof.size() / 2].bytes[5] ^= 1;
        EXPECT_FALSE(verify_inclusion(leaves[index], index, head, proof));
      }
      proof = inclusion_proof(tree, index);
      proof.push_back(leaves[0]);
      EXPECT_FALSE(verify_inclusion(leaves[index], index, head, proof));
    }
  }
}

TEST(MerkleTree, EveryConsistencyProofHoldsAndNoAlteredOneDoes) {
  const auto leaves = numbered_leaves(33);
  for (size_t size = 0; size <= leaves.size(); ++size) {
    const auto tree = std::span(leaves).first(size);
    const TreeHead newer{size, tree_root(tree)};
    for (size_t old_size = 0; old_size <= size; ++old_size) {
      const TreeHead older{old_size, tree_root(tree.first(old_size))};
      auto proof = consistency_proof(tree, old_size);
      ASSERT_TRUE(verify_consistency(older, newer, proof)) << old_size << " " << size;
      TreeHead other = older;
      other.root.bytes[0] ^= 1;
      EXPECT_FALSE(verify_consistency(other, newer, proof)) << old_size << " " << size;
      if (old_size != 0) {
        other = newer;
        other.root.bytes[31] ^= 1;
        EXPECT_FALSE(verify_consistency(older, other, proof)) << old_size << " " << size;
      }
      if (old_size < size) {
        EXPECT_FALSE(verify_consistency(newer, older, proof));
      }
      proof.push_back(leaves[0]);
      EXPECT_FALSE(verify_consistency(older, newer, proof)) << old_size << " " << size;
      proof.pop_back();
      if (!proof.empty()) {
        EXPECT_FALSE(verify_consistency(older, newer, std::span(proof).first(proof.size() - 1)));
        proof.back().bytes[9] ^= 1;
        EXPECT_FALSE(verify_consistency(older, newer, proof)) << old_size << " " << size;
      }
    }
  }
}

TEST(TreeHead, TextReadsBackAndOtherTextIsRefused) {
  const TreeHead head{42, numbered_leaves(1)[0]};
  const auto parsed = parse_tree_head(to_text(head));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, head);
  const std::string root(64, 'a');
  for (const std::string& text :
       {std::string(), std::string("42"), "42:" + root + "a", ":" + root, "-1:" + root,
        "4 2:" + root, "42:" + std::string(64, 'g'), "99999999999999999999:" + root}) {
    EXPECT_FALSE(parse_tree_head(text)) << text;
  }
}

}  // namespace
}  // namespace safelight::audit
