/// Flips bits of signed files: whatever is left of the success codes must not speak for the bytes
/// that were changed.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <random>

#include "safelight/provenance/c2pa/sign_for_test.h"
#include "safelight/provenance/c2pa/store/hashed_uri.h"
#include "safelight/provenance/c2pa/store/jumbf.h"
#include "safelight/provenance/c2pa/validate.h"

namespace safelight::c2pa {
namespace {

Options options_of(std::vector<TrustList> signers, std::vector<TrustList> stampers) {
  Options options;
  options.clock_s = kTestClock;
  options.trust.signers = std::move(signers);
  options.trust.time_stampers = std::move(stampers);
  return options;
}

Report check(const Bytes& file, const Options& options) {
  const auto report = validate({file, container_of(file)}, options);
  return report ? *report : Report{};
}

/// Where in a file the bytes of an embedded store lie, by their place in the store.
std::vector<size_t> store_places(const Bytes& file, const Bytes& store) {
  const AssetLayout layout = asset_layout({file, container_of(file)}, {});
  std::vector<size_t> places;
  const ByteRange range = layout.stores.front().range;
  if (container_of(file) != Container::jpeg) {
    const auto begin = std::search(file.begin() + static_cast<ptrdiff_t>(range.offset_bytes),
                                   file.end(), store.begin(), store.end());
    for (size_t i = 0; i < store.size(); ++i) {
      places.push_back(static_cast<size_t>(begin - file.begin()) + i);
    }
    return places;
  }
  // APP11 segments: marker, length, head; the box header stands again in every one but the first.
  size_t at = range.offset_bytes;
  while (at < range.end_bytes()) {
    const size_t length =
        std::to_integer<size_t>(file[at + 2]) << 8 | std::to_integer<size_t>(file[at + 3]);
    const size_t skipped = places.empty() ? 12 : 20;
    for (size_t i = skipped; i < length + 2; ++i) places.push_back(at + i);
    at += length + 2;
  }
  return places;
}

/// What the parts of a store are, and which success codes speak for them.
struct Region {
  std::string name;
  size_t from = 0;
  size_t to = 0;
  std::string path;  ///< Of the box, as the end of a status URI.
};

void collect(const JumbfBox& box, const std::string& path, const std::string& manifest,
             std::vector<Region>& regions) {
  for (const JumbfBox& child : box.children) {
    if (!child.is_superbox()) continue;
    const std::string label(child.label);
    const std::string child_path = path.empty() ? label : path + '/' + label;
    if (child.holds("c2as") || child.holds("c2pa") || child.holds("c2ma") || child.holds("c2um") ||
        child.holds("c2md")) {
      collect(child, child.holds("c2as") ? label : std::string(),
              child.holds("c2as") ? manifest : label, regions);
      continue;
    }
    const std::string uri = jumbf_uri(manifest, child_path);
    regions.push_back(
        {child_path, child.offset_bytes, child.offset_bytes + child.payload.size(), uri});
  }
}

std::vector<Region> regions_of(const Bytes& store) {
  const auto root = parse_jumbf(store, {});
  std::vector<Region> regions;
  if (root) collect(*root, {}, {}, regions);
  return regions;
}

bool says(const Report& report, std::string_view code, const std::string& uri) {
  return std::ranges::any_of(report.statuses, [&](const Status& status) {
    return status.code == code && status.uri == uri;
  });
}

/// The manifest that a region lies in, as the beginning of URIs.
std::string manifest_of(const std::string& uri) {
  const auto parts = parse_jumbf_uri(uri);
  return parts ? jumbf_uri(parts->manifest) : std::string();
}

/// No success may speak for the region after one bit of it was changed. In a signature box, bits of
/// the unprotected header are not signed: there the value itself must still be the same.
void expect_no_success(const Report& before, const Report& after, const Region& region) {
  if (region.name == "c2pa.signature") {
    // Either the change broke something, or nothing that a success speaks for was changed: then it
    // lay in a time-stamp, a response or padding, of which the codes must tell.
    const bool still = says(after, codes::kClaimSignatureValidated, region.path);
    if (!still) return;
    const auto of = [&](const Report& report, std::string_view code) {
      return says(report, code, region.path);
    };
    const bool stamp_same =
        of(before, codes::kTimeStampValidated) == of(after, codes::kTimeStampValidated);
    if (stamp_same && of(after, codes::kTimeStampValidated)) {
      EXPECT_EQ(before.time_stamp.time_s, after.time_stamp.time_s);
      EXPECT_EQ(before.time_stamp.authority, after.time_stamp.authority);
    }
    EXPECT_EQ(before.signer.fingerprint, after.signer.fingerprint);
    return;
  }
  if (region.name.starts_with("c2pa.claim")) {
    const std::string signature = manifest_of(region.path) + "/c2pa.signature";
    EXPECT_FALSE(says(after, codes::kClaimSignatureValidated, signature)) << region.path;
    EXPECT_FALSE(says(after, codes::kClaimSignatureInsideValidity, signature)) << region.path;
    return;
  }
  if (region.name.starts_with("c2pa.assertions/")) {
    EXPECT_FALSE(says(after, codes::kHashedUriMatch, region.path)) << region.path;
  }
}

/// Flips one bit at each of `places` in turn.
void flip_store(const Bytes& file, const Options& options, size_t flips_a_region, uint64_t seed) {
  const Report before = check(file, options);
  ASSERT_EQ(before.signature, Answer::yes);
  const Bytes store = asset_layout({file, container_of(file)}, {}).stores.front().bytes;
  const std::vector<size_t> places = store_places(file, store);
  ASSERT_EQ(places.size(), store.size());
  std::mt19937_64 random(seed);
  for (const Region& region : regions_of(store)) {
    for (size_t i = 0; i < flips_a_region; ++i) {
      const size_t at = region.from + random() % (region.to - region.from);
      Bytes changed = file;
      changed[places[at]] ^= static_cast<std::byte>(1u << (random() % 8));
      expect_no_success(before, check(changed, options), region);
    }
  }
}

/// Flips one bit of the file outside the store, covered and uncovered.
void flip_outside(const Bytes& file, const Options& options, size_t flips, uint64_t seed) {
  const Report before = check(file, options);
  std::mt19937_64 random(seed);
  for (size_t i = 0; i < flips; ++i) {
    const size_t at = random() % file.size();
    const bool uncovered =
        std::ranges::any_of(before.binding.uncovered, [&](const Uncovered& part) {
          return at >= part.range.offset_bytes && at < part.range.end_bytes();
        });
    if (uncovered) continue;
    Bytes changed = file;
    changed[at] ^= static_cast<std::byte>(1u << (random() % 8));
    const Report after = check(changed, options);
    EXPECT_NE(after.binding.hash_fits, Answer::yes) << at;
    for (const std::string_view code :
         {codes::kDataHashMatch, codes::kBmffHashMatch, codes::kBoxesHashMatch}) {
      EXPECT_FALSE(after.has(code)) << at;
    }
  }
}

TEST(Tamper, NoSuccessSpeaksForAChangedByte) {
  const Identity root = make_identity({.name = "Root", .authority = true});
  const Identity signer = make_identity({.issuer = &root});
  const Identity stamper = make_identity(
      {.name = "Stamper", .issuer = &root, .extended_usage = "critical,timeStamping"});
  ManifestSpec spec;
  spec.assertions = {created_action()};
  spec.signer = &signer;
  spec.stamper = &stamper;
  spec.signature_box_bytes = 4'000;
  const Options options = options_of({list_of("signers", {&root})}, {list_of("stampers", {&root})});
  for (const Wrap& wrap : {Wrap(png_file), Wrap(jpeg_file)}) {
    const Bytes file = signed_file(spec, wrap);
    ASSERT_EQ(check(file, options).state, State::trusted);
    flip_store(file, options, 150, 1);
    flip_outside(file, options, 200, 2);
  }
}

/// A hash over every box of a file but that of the store.
AssertionSpec bind_boxes(const Bytes& file) {
  const AssetView asset{file, container_of(file)};
  const AssetLayout layout = asset_layout(asset, {});
  CborWriter out;
  out.map(1).text("boxes").array(layout.parts.size());
  for (const AssetPart& part : layout.parts) {
    const auto bytes = std::span(file).subspan(part.range.offset_bytes, part.range.length_bytes);
    out.map(3).text("names").array(1).text(part.name);
    out.text("alg").text("sha256").text("hash");
    out.bytes(part.name == "C2PA" ? Bytes(1) : hash_of(HashAlgorithm::sha256, bytes));
  }
  return {"c2pa.hash.boxes", std::move(out).take()};
}

TEST(Tamper, NoSuccessSpeaksForAChangedByteOfAnyContainer) {
  const Identity root = make_identity({.name = "Root", .authority = true});
  const Identity signer = make_identity({.issuer = &root});
  ManifestSpec spec;
  spec.assertions = {created_action()};
  spec.signer = &signer;
  spec.signature_box_bytes = 2'000;
  const Options options = options_of({list_of("signers", {&root})}, {});
  for (const Wrap& wrap : {Wrap(riff_file), Wrap(gif_file), Wrap(tiff_file), Wrap(jxl_file)}) {
    const Bytes file = signed_file(spec, wrap);
    SCOPED_TRACE(metadata::to_text(container_of(file)));
    ASSERT_EQ(check(file, options).state, State::trusted);
    // The store of a GIF file lies in sub-blocks; the layout of all others is as it is.
    if (container_of(file) != Container::gif) flip_store(file, options, 40, 5);
    flip_outside(file, options, 300, 6);
  }
  for (const Wrap& wrap : {Wrap(jpeg_file), Wrap(png_file), Wrap(gif_file), Wrap(jxl_file)}) {
    const Bytes file = signed_file(spec, wrap, bind_boxes);
    SCOPED_TRACE(metadata::to_text(container_of(file)));
    ASSERT_EQ(check(file, options).state, State::trusted);
    if (container_of(file) != Container::gif) flip_store(file, options, 40, 7);
    flip_outside(file, options, 300, 8);
  }
}

std::string_view as_text(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Every byte of a signature box, so that none of its fields is missed by chance.
TEST(Tamper, EveryByteOfTheSignatureBoxCountsOrIsTold) {
  const Identity root = make_identity({.name = "Root", .authority = true});
  const Identity signer = make_identity({.issuer = &root});
  ManifestSpec spec;
  spec.assertions = {created_action()};
  spec.signer = &signer;
  spec.signature_box_bytes = 1'500;
  const Bytes file = signed_file(spec, png_file);
  const Options options = options_of({list_of("signers", {&root})}, {});
  const Bytes store = asset_layout({file, Container::png}, {}).stores.front().bytes;
  const std::vector<size_t> places = store_places(file, store);
  for (const Region& region : regions_of(store)) {
    if (region.name != "c2pa.signature") continue;
    const auto key = as_text(store).find("cpad", region.from);
    for (size_t at = region.from; at < region.to; ++at) {
      // The name of the padding is not signed, and holds nothing.
      if (at > key && at <= key + 3) continue;
      Bytes changed = file;
      changed[places[at]] ^= std::byte{1};
      EXPECT_NE(check(changed, options).state, State::trusted) << at - region.from;
    }
  }
}

std::filesystem::path material() {
  const char* set = std::getenv("SAFELIGHT_CONFORMANCE");
  return std::filesystem::path(set != nullptr ? set : "../shared/data") / "c2pa";
}

TEST(Tamper, NoSuccessSpeaksForAChangedByteOfFilesThatOthersSigned) {
  if (!std::filesystem::exists(material())) {
    GTEST_SKIP() << "no material at " << material() << " (SAFELIGHT_CONFORMANCE)";
  }
  const Options options = options_of({}, {});
  for (const std::string name :
       {"c2pa-rs/C.jpg", "c2pa-rs/CA.jpg", "c2pa-rs/update_manifest.jpg", "c2pa-rs/video1.mp4",
        "c2pa-rs/legacy.mp4", "public-testfiles/adobe-20220124-C.jpg",
        "public-testfiles/adobe-20220124-CAI.jpg"}) {
    std::ifstream in(material() / name, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    Bytes file;
    append(file, text);
    SCOPED_TRACE(name);
    flip_store(file, options, 3, 3);
    flip_outside(file, options, 12, 4);
  }
}

}  // namespace
}  // namespace safelight::c2pa
