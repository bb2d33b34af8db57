#include "safelight/provenance/c2pa/store/jumbf.h"

#include <brotli/encode.h>
#include <gtest/gtest.h>

#include "safelight/provenance/c2pa/sign_for_test.h"
#include "safelight/provenance/c2pa/store/brotli.h"
#include "safelight/provenance/c2pa/store/manifest_store.h"

namespace safelight::c2pa {
namespace {

Bytes small_manifest(std::string_view label = "urn:c2pa:1") {
  Bytes content = superbox("c2as", "c2pa.assertions",
                           superbox("cbor", "com.example__2", box("cbor", {std::byte{0xa0}})));
  append(content, superbox("c2cl", "c2pa.claim", box("cbor", {std::byte{0xa0}})));
  return superbox("c2ma", label, content);
}

Bytes compressed(const Bytes& bytes) {
  Bytes out(bytes.size() + 1'000);
  size_t size = out.size();
  BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, bytes.size(),
                        reinterpret_cast<const uint8_t*>(bytes.data()), &size,
                        reinterpret_cast<uint8_t*>(out.data()));
  out.resize(size);
  return out;
}

TEST(Jumbf, KeepsThePayloadsThatHashedUrisCover) {
  const Bytes bytes = store_bytes({small_manifest()});
  const auto root = parse_jumbf(bytes, {});
  ASSERT_TRUE(root);
  EXPECT_TRUE(root->holds("c2pa"));
  EXPECT_EQ(root->label, "c2pa");
  EXPECT_EQ(root->payload.data(), bytes.data() + 8);
  EXPECT_EQ(root->payload.size(), bytes.size() - 8);
  ASSERT_EQ(root->children.size(), 1u);
  EXPECT_EQ(root->children[0].label, "urn:c2pa:1");
}

TEST(Jumbf, TakesPaddingOfZerosAndNothingElseBehindTheBox) {
  Bytes bytes = store_bytes({small_manifest()});
  bytes.resize(bytes.size() + 5);
  EXPECT_TRUE(parse_jumbf(bytes, {}));
  bytes.back() = std::byte{1};
  EXPECT_EQ(parse_jumbf(bytes, {}).error().rule, "jumbf.bytes-left-over");
}

TEST(Jumbf, RefusesBoxesThatDoNotFitTheirParent) {
  Bytes bytes = store_bytes({small_manifest()});
  bytes[8 + 30 + 3] ^= std::byte{0x40};  // The manifest's own length.
  EXPECT_FALSE(parse_jumbf(bytes, {}));
  EXPECT_EQ(parse_jumbf(box("jumb", box("cbor", {})), {}).error().rule, "jumbf.description");
  EXPECT_EQ(parse_jumbf(superbox("c2pa", "a/b", {}), {}).error().rule, "jumbf.label");
  EXPECT_EQ(parse_jumbf(box("cbor", {}), {}).error().rule, "jumbf.superbox");
}

TEST(Jumbf, StopsAtItsLimits) {
  Bytes nested = superbox("c2pa", "x", {});
  for (int i = 0; i < 40; ++i) nested = superbox("c2pa", "x", nested);
  EXPECT_EQ(parse_jumbf(nested, {}).error().rule, "max_box_depth");
  Limits limits;
  limits.max_boxes = 4;
  EXPECT_EQ(parse_jumbf(store_bytes({small_manifest()}), limits).error().rule, "max_boxes");
}

TEST(Jumbf, IsAnErrorAtEveryTruncation) {
  const Bytes bytes = store_bytes({small_manifest()});
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto cut = parse_jumbf(std::span(bytes).first(size), {});
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().code, ErrorCode::truncated) << size;
  }
}

TEST(ManifestStore, TakesManifestsApart) {
  const Bytes bytes = store_bytes({small_manifest("urn:c2pa:1"), small_manifest("urn:c2pa:2")});
  const auto store = ManifestStore::parse(bytes, {});
  ASSERT_TRUE(store);
  EXPECT_EQ(store->active().label, "urn:c2pa:2");
  ASSERT_NE(store->find("urn:c2pa:1"), nullptr);
  const Manifest& manifest = store->active();
  EXPECT_EQ(manifest.claims.size(), 1u);
  ASSERT_EQ(manifest.assertions.size(), 1u);
  EXPECT_EQ(manifest.assertions[0].base_label(), "com.example");
  EXPECT_TRUE(manifest.assertions[0].is("com.example"));
  EXPECT_EQ(manifest.assertions[0].cbor().size(), 1u);
  EXPECT_EQ(ManifestStore::parse(store_bytes({}), {}).error().rule, "c2pa.no-manifest");
  EXPECT_EQ(
      ManifestStore::parse(store_bytes({small_manifest(), small_manifest()}), {}).error().rule,
      "c2pa.manifest-label");
}

TEST(ManifestStore, KnowsLabelsWithVersionsAndInstances) {
  const Assertion assertion{"c2pa.ingredient.v3__12", nullptr};
  EXPECT_TRUE(assertion.is("c2pa.ingredient"));
  EXPECT_FALSE(assertion.is("c2pa.ingredien"));
  EXPECT_FALSE((Assertion{"c2pa.hash.data.part", nullptr}.is("c2pa.hash.data")));
  EXPECT_EQ((Assertion{"a__b", nullptr}.base_label()), "a__b");
}

TEST(ManifestStore, ExpandsCompressedManifests) {
  const Bytes plain = small_manifest("urn:c2pa:7");
  for (const bool with_type : {false, true}) {
    Bytes payload;
    if (with_type) append(payload, "jumb");
    append(payload, compressed(plain));
    const Bytes bytes = store_bytes({superbox("c2cm", "urn:c2pa:7", box("brob", payload))});
    const auto store = ManifestStore::parse(bytes, {});
    ASSERT_TRUE(store) << store.error().rule;
    EXPECT_NE(store->active().compressed, nullptr);
    EXPECT_EQ(store->active().assertions.size(), 1u);
    Limits limits;
    limits.max_expanded_bytes = plain.size() - 1;
    EXPECT_EQ(ManifestStore::parse(bytes, limits).error().rule, "max_expanded_bytes");
  }
  const Bytes other = store_bytes({superbox("c2cm", "urn:c2pa:8", box("brob", compressed(plain)))});
  EXPECT_EQ(ManifestStore::parse(other, {}).error().rule, "c2pa.compressed-manifest");
}

TEST(Brotli, IsAnErrorAtEveryTruncationAndWithBytesBehindIt) {
  const Bytes stream = compressed(Bytes(5'000, std::byte{3}));
  EXPECT_EQ(expand_brotli(stream, 5'000)->size(), 5'000u);
  EXPECT_EQ(expand_brotli(stream, 4'999).error().rule, "max_expanded_bytes");
  for (size_t size = 0; size < stream.size(); ++size) {
    EXPECT_FALSE(expand_brotli(std::span(stream).first(size), 10'000)) << size;
  }
  Bytes longer = stream;
  longer.push_back(std::byte{0});
  EXPECT_EQ(expand_brotli(longer, 10'000).error().rule, "brotli.bytes-left-over");
}

}  // namespace
}  // namespace safelight::c2pa
