/// The hard bindings against plain re-computation, on files built field by field.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "safelight/provenance/c2pa/binding/asset_parts.h"
#include "safelight/provenance/c2pa/binding/bmff_hash.h"
#include "safelight/provenance/c2pa/binding/box_hash.h"
#include "safelight/provenance/c2pa/sign_for_test.h"

namespace safelight::c2pa {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr HashAlgorithm kSha256 = HashAlgorithm::sha256;

CborValue decoded(const Bytes& cbor) {
  auto value = decode_cbor(cbor, {});
  EXPECT_TRUE(value);
  return value ? *value : CborValue{};
}

Bytes part(const Bytes& file, size_t from, size_t to) {
  return {file.begin() + static_cast<ptrdiff_t>(from), file.begin() + static_cast<ptrdiff_t>(to)};
}

Bytes place(uint64_t offset) {
  Bytes out;
  append_be(out, offset, 8);
  return out;
}

Bytes joined(std::initializer_list<Bytes> pieces) {
  Bytes out;
  for (const Bytes& piece : pieces) append(out, piece);
  return out;
}

/// The usual exclusions: the C2PA box and `/ftyp`.
void usual_exclusions(CborWriter& out, size_t more = 0) {
  out.text("exclusions").array(2 + more);
  out.map(2).text("xpath").text("/uuid").text("data").array(1).map(2);
  out.text("offset").unsigned_integer(8).text("value").bytes(
      std::as_bytes(std::span(kC2paBoxUuid)));
  out.map(1).text("xpath").text("/ftyp");
}

/// The top-level boxes of bmff_file(): ftyp, uuid, moov, mdat.
struct Boxes {
  Bytes file;
  size_t moov = 0;
  size_t mdat = 0;
  explicit Boxes(const Bytes& store) : file(bmff_file(store)) {
    mdat = file.size() - 108;
    moov = mdat - 36;
  }
};

Bytes bmff_assertion(const Bytes& hash) {
  CborWriter out;
  out.map(2);
  usual_exclusions(out);
  out.text("hash").bytes(hash);
  return std::move(out).take();
}

TEST(BmffHash, HashesWhatTheExclusionsLeaveWithThePlaceOfEveryBox) {
  const Boxes boxes(Bytes(50));
  const Bytes rest = part(boxes.file, boxes.moov, boxes.file.size());
  const Bytes plain = bmff_assertion(hash_of(kSha256, rest));
  const Bytes placed = bmff_assertion(hash_of(
      kSha256, joined({place(boxes.moov), part(boxes.file, boxes.moov, boxes.mdat),
                       place(boxes.mdat), part(boxes.file, boxes.mdat, boxes.file.size())})));
  const AssetView asset{boxes.file, Container::bmff};
  EXPECT_EQ(check_bmff_hash(decoded(plain), 1, "sha256", asset, {}).verdict, BindingVerdict::fits);
  EXPECT_EQ(check_bmff_hash(decoded(plain), 2, "sha256", asset, {}).verdict,
            BindingVerdict::mismatch);
  for (const int version : {2, 3}) {
    const BindingCheck check = check_bmff_hash(decoded(placed), version, "sha256", asset, {});
    EXPECT_EQ(check.verdict, BindingVerdict::fits);
    EXPECT_FALSE(check.additional_exclusions);
    ASSERT_THAT(check.uncovered, SizeIs(1));
    EXPECT_EQ(check.uncovered[0].length_bytes, boxes.moov);
  }
  EXPECT_EQ(check_bmff_hash(decoded(placed), 2, "sha1", asset, {}).verdict,
            BindingVerdict::unsupported);
}

TEST(BmffHash, LeavesOutPartsOfBoxesByTheirPath) {
  const Boxes boxes(Bytes(50));
  CborWriter out;
  out.map(2);
  usual_exclusions(out, 1);
  out.map(3).text("xpath").text("/moov/trak[1]").text("length").unsigned_integer(28);
  out.text("subset").array(1).map(2).text("offset").unsigned_integer(10);
  out.text("length").unsigned_integer(4);
  const Bytes covered = joined({part(boxes.file, boxes.moov, boxes.moov + 18),
                                part(boxes.file, boxes.moov + 22, boxes.file.size())});
  out.text("hash").bytes(hash_of(kSha256, covered));
  const Bytes cbor = std::move(out).take();
  const BindingCheck check =
      check_bmff_hash(decoded(cbor), 1, "sha256", {boxes.file, Container::bmff}, {});
  EXPECT_EQ(check.verdict, BindingVerdict::fits);
  EXPECT_TRUE(check.additional_exclusions);
  ASSERT_THAT(check.uncovered, SizeIs(2));
  EXPECT_EQ(check.uncovered[1], (ByteRange{boxes.moov + 18, 4}));
}

/// A tree over leaves, with the row of `row` hashes.
Bytes tree(const std::vector<Bytes>& row, uint64_t count, std::string_view extra_key,
           const Bytes& extra_value) {
  CborWriter out;
  out.map(5).text("uniqueId").unsigned_integer(1).text("localId").unsigned_integer(1);
  out.text("count").unsigned_integer(count).text("hashes").array(row.size());
  for (const Bytes& hash : row) out.bytes(hash);
  out.text(extra_key).raw(extra_value);
  return std::move(out).take();
}

TEST(BmffHash, ChecksATreeOverTheBlocksOfAMediaBox) {
  const Boxes boxes(Bytes(50));
  const Bytes payload = part(boxes.file, boxes.mdat + 16, boxes.file.size());
  ASSERT_EQ(payload.size(), 92u);
  std::vector<Bytes> leaves;
  for (size_t at = 0; at < payload.size(); at += 40) {
    leaves.push_back(hash_of(kSha256, part(payload, at, std::min(payload.size(), at + 40))));
  }
  ASSERT_THAT(leaves, SizeIs(3));
  const Bytes pair = hash_of(kSha256, joined({leaves[0], leaves[1]}));
  const Bytes root = hash_of(kSha256, joined({pair, leaves[2]}));
  const Bytes block{std::byte{0x18}, std::byte{40}};
  const auto verdict_of = [&](const std::vector<Bytes>& row, uint64_t count, const Bytes& file) {
    CborWriter out;
    out.map(3);
    usual_exclusions(out, 1);
    out.map(2).text("xpath").text("/mdat").text("subset").array(1).map(2);
    out.text("offset").unsigned_integer(16).text("length").unsigned_integer(0);
    out.text("hash").bytes(hash_of(
        kSha256, joined({place(boxes.moov), part(boxes.file, boxes.moov, boxes.mdat),
                         place(boxes.mdat), part(boxes.file, boxes.mdat, boxes.mdat + 16)})));
    out.text("merkle").array(1).raw(tree(row, count, "fixedBlockSize", block));
    const Bytes cbor = std::move(out).take();
    return check_bmff_hash(decoded(cbor), 3, "sha256", {file, Container::bmff}, {});
  };
  for (const std::vector<Bytes>& row :
       std::vector<std::vector<Bytes>>{leaves, {pair, leaves[2]}, {root}}) {
    const BindingCheck check = verdict_of(row, 3, boxes.file);
    EXPECT_EQ(check.verdict, BindingVerdict::fits) << check.rule;
    EXPECT_THAT(check.uncovered, SizeIs(1));
  }
  EXPECT_EQ(verdict_of(leaves, 2, boxes.file).verdict, BindingVerdict::mismatch);
  for (size_t at = boxes.mdat + 16; at < boxes.file.size(); ++at) {
    Bytes changed = boxes.file;
    changed[at] ^= std::byte{1};
    EXPECT_EQ(verdict_of({root}, 3, changed).verdict, BindingVerdict::mismatch) << at;
  }
}

TEST(BmffHash, ChecksATreeOverFragments) {
  Bytes file = box("ftyp", Bytes(8, std::byte{'a'}));
  append(file, box("moov", Bytes(20, std::byte{1})));
  const size_t first = file.size();
  append(file, box("moof", Bytes(12, std::byte{2})));
  append(file, box("mdat", Bytes(30, std::byte{3})));
  const size_t second = file.size();
  append(file, box("moof", Bytes(12, std::byte{4})));
  append(file, box("mdat", Bytes(30, std::byte{5})));
  const auto leaf = [&](size_t from, size_t to) {
    return hash_of(kSha256, joined({place(from), part(file, from, from + 20), place(from + 20),
                                    part(file, from + 20, to)}));
  };
  const Bytes root = hash_of(kSha256, joined({leaf(first, second), leaf(second, file.size())}));
  CborWriter initial;
  initial.bytes(hash_of(kSha256, joined({place(16), part(file, 16, first)})));
  CborWriter out;
  out.map(2);
  usual_exclusions(out);
  out.text("merkle").array(1).raw(tree({root}, 2, "initHash", std::move(initial).take()));
  const Bytes cbor = std::move(out).take();
  const BindingCheck check =
      check_bmff_hash(decoded(cbor), 3, "sha256", {file, Container::bmff}, {});
  EXPECT_EQ(check.verdict, BindingVerdict::fits) << check.rule;
  for (size_t at = 16; at < file.size(); ++at) {
    Bytes changed = file;
    changed[at] ^= std::byte{1};
    EXPECT_NE(check_bmff_hash(decoded(cbor), 3, "sha256", {changed, Container::bmff}, {}).verdict,
              BindingVerdict::fits)
        << at;
  }
}

TEST(BmffHash, StopsAtItsLimits) {
  const Boxes boxes(Bytes(50));
  const Bytes cbor = bmff_assertion(Bytes(32));
  const AssetView asset{boxes.file, Container::bmff};
  Limits visits;
  visits.max_box_visits = 2;
  EXPECT_EQ(check_bmff_hash(decoded(cbor), 2, "sha256", asset, visits).rule, "max_box_visits");
  Limits exclusions;
  exclusions.max_exclusions = 1;
  EXPECT_EQ(check_bmff_hash(decoded(cbor), 2, "sha256", asset, exclusions).rule, "max_exclusions");
  Limits count;
  count.max_hash_boxes = 2;
  EXPECT_EQ(check_bmff_hash(decoded(cbor), 2, "sha256", asset, count).rule, "max_hash_boxes");
}

/// One group for what stands before the store, one for the store, one for what follows.
Bytes box_assertion(const Bytes& file, const AssetLayout& layout, bool with_last = true) {
  std::vector<std::pair<size_t, size_t>> groups;
  size_t store = 0;
  while (layout.parts[store].name != "C2PA") ++store;
  const size_t end = layout.parts.size() - (with_last ? 0 : 1);
  for (const auto& [from, to] :
       {std::pair{size_t{0}, store}, std::pair{store, store + 1}, std::pair{store + 1, end}}) {
    if (from < to) groups.emplace_back(from, to);
  }
  CborWriter out;
  out.map(1).text("boxes").array(groups.size());
  for (const auto& [from, to] : groups) {
    out.map(3).text("names").array(to - from);
    for (size_t i = from; i < to; ++i) out.text(layout.parts[i].name);
    const Bytes covered =
        part(file, layout.parts[from].range.offset_bytes, layout.parts[to - 1].range.end_bytes());
    out.text("hash").bytes(hash_of(kSha256, covered)).text("pad").bytes({});
  }
  return std::move(out).take();
}

TEST(BoxHash, ChecksEveryBoxOfJpegPngGifAndJpegXl) {
  Bytes store = superbox("c2pa", "c2pa", {});
  for (const Wrap& wrap : {Wrap(jpeg_file), Wrap(png_file), Wrap(gif_file), Wrap(jxl_file)}) {
    const Bytes file = wrap(store);
    const AssetView asset{file, container_of(file)};
    const AssetLayout layout = asset_layout(asset, {});
    ASSERT_THAT(layout.stores, SizeIs(1));
    const Bytes cbor = box_assertion(file, layout);
    const BindingCheck check = check_box_hash(decoded(cbor), "sha256", asset, layout, {});
    EXPECT_EQ(check.verdict, BindingVerdict::fits) << check.rule << to_text(asset.container);
    ASSERT_THAT(check.uncovered, SizeIs(1));
    EXPECT_EQ(check.uncovered[0], layout.stores[0].range);
    // Every byte but the store's own is covered.
    for (size_t at = 0; at < file.size(); ++at) {
      if (at >= layout.stores[0].range.offset_bytes && at < layout.stores[0].range.end_bytes()) {
        continue;
      }
      Bytes changed = file;
      changed[at] ^= std::byte{1};
      const AssetView view{changed, asset.container};
      ASSERT_NE(check_box_hash(decoded(cbor), "sha256", view, asset_layout(view, {}), {}).verdict,
                BindingVerdict::fits)
          << at << to_text(asset.container);
    }
    // A box that the assertion does not name could be anything.
    const Bytes short_of_one = box_assertion(file, layout, false);
    EXPECT_EQ(check_box_hash(decoded(short_of_one), "sha256", asset, layout, {}).rule,
              "box-hash.unknown-box");
  }
}

TEST(BoxHash, ChecksTheBoxesOfFurtherPicturesWhereTheyAreNamed) {
  Bytes file = jpeg_file(superbox("c2pa", "c2pa", {}));
  const size_t first = file.size();
  append(file, jpeg_file({}));
  append(file, "tail");
  AssetLayout layout = asset_layout({file, Container::jpeg}, {});
  ASSERT_EQ(layout.parts.back().name, kBehindPicture);
  ASSERT_EQ(layout.parts.back().range.offset_bytes, first);
  layout.parts.pop_back();
  for (const AssetPart& further : further_jpeg_parts(file, first, 100)) {
    layout.parts.push_back(further);
  }
  ASSERT_EQ(layout.parts.back().range.length_bytes, 4u);
  const Bytes cbor = box_assertion(file, layout, false);
  const auto check_of = [&](const Bytes& bytes) {
    const AssetView asset{bytes, Container::jpeg};
    return check_box_hash(decoded(cbor), "sha256", asset, asset_layout(asset, {}), {});
  };
  const BindingCheck check = check_of(file);
  EXPECT_EQ(check.verdict, BindingVerdict::fits) << check.rule;
  ASSERT_THAT(check.uncovered, SizeIs(2));
  EXPECT_EQ(check.uncovered[1], (ByteRange{file.size() - 4, 4}));
  for (size_t at = first; at < file.size() - 4; ++at) {
    Bytes changed = file;
    changed[at] ^= std::byte{1};
    ASSERT_NE(check_of(changed).verdict, BindingVerdict::fits) << at;
  }
  EXPECT_THAT(further_jpeg_parts(file, first, 1), SizeIs(6));  // one picture, then what is left
}

TEST(BoxHash, TellsDataBehindThePictureAsUncovered) {
  Bytes file = jpeg_file(superbox("c2pa", "c2pa", {}));
  const Bytes cbor = box_assertion(file, asset_layout({file, Container::jpeg}, {}));
  append(file, "more");
  const AssetView asset{file, Container::jpeg};
  const BindingCheck check =
      check_box_hash(decoded(cbor), "sha256", asset, asset_layout(asset, {}), {});
  EXPECT_EQ(check.verdict, BindingVerdict::fits);
  ASSERT_THAT(check.uncovered, SizeIs(2));
  EXPECT_EQ(check.uncovered[1].length_bytes, 4u);
}

TEST(BoxHash, ChecksNoOtherContainer) {
  const AssetView asset{{}, Container::bmff};
  EXPECT_EQ(check_box_hash(CborValue{}, "sha256", asset, {}, {}).verdict,
            BindingVerdict::unsupported);
}

TEST(RemoteUrl, IsReadFromAttributesAndElementsAndNotFromTheFileItself) {
  const auto url_in = [](const std::string& attribute, const std::string& element = "",
                         const std::string& prefix = "dcterms") {
    return remote_url_in(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'>"
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        "<rdf:Description xmlns:" +
        prefix + "='http://purl.org/dc/terms/' " + attribute + ">" + element +
        "</rdf:Description></rdf:RDF></x:xmpmeta>");
  };
  EXPECT_EQ(url_in("dcterms:provenance=\"https://example.org/m?a=1&amp;b=2\""),
            "https://example.org/m?a=1&b=2");
  EXPECT_EQ(url_in("", "<dcterms:provenance>\n https://example.org/m\n</dcterms:provenance>"),
            "https://example.org/m");
  EXPECT_EQ(url_in("terms:provenance='https://example.org/m'", "", "terms"),
            "https://example.org/m");
  EXPECT_THAT(url_in("dcterms:provenance=\"self#jumbf=c2pa/x\""), IsEmpty());
  EXPECT_THAT(url_in("dcterms:provenance='" + std::string(3'000, 'h') + "'"), IsEmpty());
  EXPECT_THAT(url_in("", "dcterms:provenance='https://example.org/m'"), IsEmpty());
  EXPECT_THAT(remote_url_in("dcterms:provenance"), IsEmpty());
  EXPECT_THAT(remote_url_in("dcterms:provenance=\"https"), IsEmpty());
}

}  // namespace
}  // namespace safelight::c2pa
