/// What signers of different makes write, and which of it other validators refuse.
#include <algorithm>
#include <gmock/gmock.h>

#include "safelight/metadata/container/bmff_boxes.h"
#include "safelight/provenance/c2pa/binding/asset_parts.h"
#include "safelight/provenance/c2pa/validate_for_test.h"

namespace safelight::c2pa {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

Bytes text_bytes(std::string_view text) {
  Bytes out;
  append(out, text);
  return out;
}

std::vector<std::string_view> failures_of(const ManifestSpec& spec) {
  return failures(check(signed_file(spec, png_file)));
}

TEST(Makers, HoldManifestLabelsOfVersion2ToTheirForm) {
  const auto codes_for = [](const std::string& label) {
    ManifestSpec spec = plain_spec();
    spec.label = label;
    return failures_of(spec);
  };
  for (const char* label : {"urn:c2pa:1", "urn:c2pa:1:openai", "urn:c2pa:1:adobe:2_1",
                            "urn:c2pa:1::2_1", "urn:uuid:1", "adobe:urn:uuid:1"}) {
    EXPECT_THAT(codes_for(label), IsEmpty()) << label;
  }
  for (const char* label :
       {"c2pa.manifest", "urn:other:1", "urn:c2pa:1:adobe:2_1:x", "urn:c2pa:1:adobe:two",
        "urn:c2pa:1:a vendor", "urn:c2pa", "urn:c2pa:1:abcdefghijklmnopqrstuvwxyz0123456:1"}) {
    EXPECT_THAT(codes_for(label), ElementsAre(codes::kClaimMalformed)) << label;
  }
  ManifestSpec old = plain_spec();
  old.claim_version = 1;
  old.label = "contentauth";
  EXPECT_THAT(failures_of(old), IsEmpty());
}

TEST(Makers, NameTheFormatInAClaimOfVersion1) {
  ManifestSpec spec = plain_spec();
  spec.claim_version = 1;
  EXPECT_THAT(failures_of(spec), IsEmpty());
  spec.format = "";
  EXPECT_THAT(failures_of(spec), Contains(codes::kClaimMalformed));
}

TEST(Makers, TagTheirSignature) {
  ManifestSpec spec = plain_spec();
  spec.untagged = true;
  EXPECT_THAT(failures_of(spec), ElementsAre(codes::kClaimSignatureMismatch));
}

TEST(Makers, MayStampBothWaysAndTheFirstStampCounts) {
  ManifestSpec spec = plain_spec();
  spec.stamper = &people().stamper;
  spec.stamp_both_ways = true;
  for (const int version : {1, 2}) {
    spec.claim_version = version;
    const Report report = check(signed_file(spec, png_file));
    EXPECT_EQ(report.state, State::trusted);
    EXPECT_EQ(report.certificate.basis, TimeBasis::trusted_stamp) << version;
  }
}

TEST(Makers, WriteAssertionsThatCanBeRead) {
  const auto codes_for = [](AssertionSpec assertion) {
    ManifestSpec spec = plain_spec();
    spec.assertions.push_back(std::move(assertion));
    return failures_of(spec);
  };
  const Bytes twice{std::byte{0xa2}, std::byte{0x61}, std::byte{'a'}, std::byte{1},
                    std::byte{0x61}, std::byte{'a'},  std::byte{2}};
  EXPECT_THAT(codes_for({"com.example", {std::byte{0xa0}}}), IsEmpty());
  EXPECT_THAT(codes_for({"com.example", twice}), IsEmpty());
  EXPECT_THAT(codes_for({"com.example", Bytes(4)}), IsEmpty());  // as redacted
  EXPECT_THAT(codes_for({"com.example", {std::byte{0xa1}}}),
              ElementsAre(codes::kAssertionCborInvalid));
  EXPECT_THAT(codes_for({"com.example", {std::byte{0xa0}, std::byte{0}}}),
              ElementsAre(codes::kAssertionCborInvalid));
  EXPECT_THAT(codes_for({"stds.exif", text_bytes("{\"a\":1}"), true, "json"}), IsEmpty());
  EXPECT_THAT(codes_for({"stds.exif", text_bytes("{\"a\":1"), true, "json"}),
              ElementsAre(codes::kAssertionJsonInvalid));
}

TEST(Makers, ReferToIconsThatAreThere) {
  const Bytes icon{std::byte{0xa1}, std::byte{0x64}, std::byte{'d'},  std::byte{'a'},
                   std::byte{'t'},  std::byte{'a'},  std::byte{0x41}, std::byte{7}};
  const Bytes icon_box = superbox("cbor", "c2pa.data", box("cbor", icon));
  const Bytes hash = hash_of(HashAlgorithm::sha256, payload_of(icon_box));
  ManifestSpec spec = plain_spec();
  spec.data_boxes = {{"c2pa.data", icon}};
  spec.icon = hashed_uri("self#jumbf=c2pa.databoxes/c2pa.data", hash);
  EXPECT_THAT(failures_of(spec), IsEmpty());
  spec.icon = hashed_uri("self#jumbf=/c2pa/" + spec.label + "/c2pa.databoxes/c2pa.data", hash);
  EXPECT_THAT(failures_of(spec), IsEmpty());
  spec.icon = hashed_uri("self#jumbf=c2pa.databoxes/c2pa.data__1", hash);
  EXPECT_THAT(failures_of(spec), ElementsAre(codes::kAssertionMissing));
  spec.icon = hashed_uri("self#jumbf=c2pa.databoxes/c2pa.data", Bytes(32));
  EXPECT_THAT(failures_of(spec), ElementsAre(codes::kHashedUriMismatch));
  // The same of the programs of actions, in version 2.
  spec.icon = {};
  CborWriter actions;
  actions.map(1).text("actions").array(1).map(2).text("action").text("c2pa.created");
  actions.text("softwareAgent").map(2).text("name").text("Painter").text("icon");
  actions.raw(hashed_uri("self#jumbf=c2pa.assertions/c2pa.icon", hash));
  spec.assertions = {{"c2pa.actions.v2", std::move(actions).take()}};
  EXPECT_THAT(failures_of(spec), ElementsAre(codes::kAssertionMissing));
  spec.claim_version = 1;
  EXPECT_THAT(failures_of(spec), IsEmpty());
}

AssertionSpec bare_ingredient(const std::string& label,
                              const std::vector<std::pair<std::string, std::string>>& fields) {
  CborWriter out;
  out.map(fields.size());
  for (const auto& [key, value] : fields) out.text(key).text(value);
  return {label, std::move(out).take()};
}

TEST(Makers, GiveIngredientsTheFieldsOfTheirVersion) {
  using Fields = std::vector<std::pair<std::string, std::string>>;
  const auto codes_for = [](const std::string& label, const Fields& fields) {
    ManifestSpec spec = plain_spec();
    spec.assertions.push_back(bare_ingredient(label, fields));
    return failures_of(spec);
  };
  const Fields all = {{"dc:title", "a"},
                      {"dc:format", "image/png"},
                      {"instanceID", "xmp:iid:2"},
                      {"relationship", "componentOf"}};
  const auto without = [&](size_t index) {
    Fields fields = all;
    fields.erase(fields.begin() + static_cast<ptrdiff_t>(index));
    return fields;
  };
  for (const char* label : {"c2pa.ingredient", "c2pa.ingredient.v2", "c2pa.ingredient.v3__2"}) {
    EXPECT_THAT(codes_for(label, all), IsEmpty()) << label;
    EXPECT_THAT(codes_for(label, without(3)), ElementsAre(codes::kIngredientMalformed)) << label;
  }
  EXPECT_THAT(codes_for("c2pa.ingredient", without(2)), ElementsAre(codes::kIngredientMalformed));
  EXPECT_THAT(codes_for("c2pa.ingredient.v2", without(2)), IsEmpty());
  EXPECT_THAT(codes_for("c2pa.ingredient.v2", without(1)),
              ElementsAre(codes::kIngredientMalformed));
  EXPECT_THAT(codes_for("c2pa.ingredient.v3", {{"relationship", "inputTo"}}), IsEmpty());
  EXPECT_THAT(codes_for("c2pa.ingredient.v3", {{"relationship", "sisterOf"}}),
              ElementsAre(codes::kIngredientMalformed));
  EXPECT_THAT(codes_for("c2pa.ingredient.v4", all), ElementsAre(codes::kIngredientMalformed));
}

TEST(Makers, DeclareNoSourceTypeForAnIngredientWithAManifest) {
  const Bytes other = other_manifest();
  ManifestSpec spec = plain_spec();
  AssertionSpec both = ingredient_of(kOtherLabel, other, "componentOf");
  both.cbor.front() = std::byte{0xa5};  // One field more.
  CborWriter more;
  more.text("digitalSourceType").text("http://c2pa.org/digitalsourcetype/empty");
  append(both.cbor, std::move(more).take());
  spec.assertions.push_back(both);
  // It is the manifest that says so whose fault that is.
  const Report report = check(signed_file(spec, png_file, bind_data, {other}));
  EXPECT_THAT(failures(report), ElementsAre(codes::kIngredientMalformed));
  EXPECT_THAT(report.failures(true), IsEmpty());
}

/// `c2pa.hash.bmff.v3` over all but the C2PA boxes and `/ftyp`.
AssertionSpec bind_boxes(const Bytes& file) {
  Hasher hasher(HashAlgorithm::sha256);
  for (const metadata::BmffBox& found : metadata::bmff_boxes(file, {}).boxes) {
    if (found.type == "ftyp" || found.uuid == kC2paBoxUuid) continue;
    Bytes place;
    append_be(place, found.whole.offset_bytes, 8);
    hasher.update(place);
    hasher.update(metadata::bytes_at(file, found.whole));
  }
  CborWriter out;
  out.map(2).text("exclusions").array(2);
  out.map(2).text("xpath").text("/uuid").text("data").array(1).map(2);
  out.text("offset").unsigned_integer(8).text("value").bytes(
      std::as_bytes(std::span(kC2paBoxUuid)));
  out.map(1).text("xpath").text("/ftyp");
  out.text("hash").bytes(std::move(hasher).finish());
  return {"c2pa.hash.bmff.v3", std::move(out).take()};
}

TEST(Makers, PutUpdatesOfFilmsIntoABoxOfTheirOwn) {
  ManifestSpec parent = plain_spec();
  parent.label = kOtherLabel;
  const Bytes before = signed_file(parent, bmff_file, bind_boxes);
  EXPECT_EQ(check(before).state, State::trusted);
  const EmbeddedStore store = asset_layout({before, Container::bmff}, {}).stores.front();
  const Bytes manifest(store.bytes.begin() + 8 + 30, store.bytes.end());

  ManifestSpec update = plain_spec();
  update.box_type = "c2um";
  update.assertions = {ingredient_of(kOtherLabel, manifest, "parentOf")};
  const auto retagged = [&](std::string_view purpose) {
    Bytes file = before;
    const auto at = static_cast<ptrdiff_t>(store.range.offset_bytes + 8 + 16 + 4);
    std::ranges::copy(std::as_bytes(std::span(purpose)), file.begin() + at);
    return file;
  };
  const Bytes box_of_update = c2pa_box("update", store_bytes({manifest_bytes(update)}));
  Bytes file = retagged("original");
  append(file, box_of_update);
  const Report report = check(file);
  EXPECT_EQ(report.state, State::trusted);
  EXPECT_THAT(failures(report), IsEmpty());
  EXPECT_TRUE(report.has(codes::kBmffHashMatch));
  ASSERT_EQ(report.manifests.size(), 2u);
  EXPECT_TRUE(report.manifests[1].active);
  EXPECT_EQ(report.binding.uncovered.back().range.length_bytes, box_of_update.size());
  EXPECT_TRUE(report.binding.uncovered.back().is_store);

  // One without the other, or a purpose that nobody knows, would hide what was signed.
  const auto rule_of = [](const Bytes& bytes) {
    const Report refused = check(bytes);
    EXPECT_EQ(refused.state, State::invalid);
    EXPECT_THAT(failures(refused), ElementsAre(codes::kGeneralError));
    return refused.damage ? refused.damage->rule : std::string_view();
  };
  EXPECT_EQ(rule_of(retagged("original")), "c2pa.original-without-update");
  Bytes added = before;
  append(added, box_of_update);
  EXPECT_EQ(rule_of(added), "c2pa.update-without-original");
  EXPECT_EQ(rule_of(retagged("manifesX")), "c2pa.box-purpose");
  for (const Bytes& damaged : {Bytes(3), Bytes(40)}) {
    Bytes broken = retagged("original");
    append(broken, c2pa_box("update", damaged));
    EXPECT_EQ(check(broken).state, State::invalid);
  }
}

TEST(Makers, AreListedWhateverElseTheirCertificateBreaks) {
  const auto codes_for = [](CertificateSpec certificate) {
    certificate.issuer = &people().middle;
    const Identity signer = make_identity(std::move(certificate));
    ManifestSpec spec = plain_spec();
    spec.signer = &signer;
    return failures_of(spec);
  };
  EXPECT_THAT(codes_for({.usage = "critical,keyEncipherment"}),
              ElementsAre(codes::kSigningCredentialInvalid));
  // A list is one of signers for some uses.
  EXPECT_THAT(codes_for({.extended_usage = "codeSigning"}),
              ElementsAre(codes::kSigningCredentialInvalid, codes::kSigningCredentialUntrusted));
}

TEST(Makers, MayLeaveTheIssuerToTheList) {
  ManifestSpec spec = plain_spec();
  const Identity direct = make_identity({.issuer = &people().root});
  spec.signer = &direct;
  spec.intermediates = {};
  spec.ocsp_responses = {
      make_ocsp_response(people().root, direct, V_OCSP_CERTSTATUS_REVOKED, kTestClock)};
  EXPECT_THAT(failures_of(spec), ElementsAre(codes::kOcspRevoked));
  const Report unlisted = check(signed_file(spec, png_file), trusting_nobody());
  EXPECT_TRUE(unlisted.has(codes::kOcspSkipped));
}

}  // namespace
}  // namespace safelight::c2pa
