#include "safelight/provenance/c2pa/findings.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "safelight/provenance/c2pa/sign_for_test.h"
#include "safelight/provenance/c2pa/validate.h"

namespace safelight::c2pa {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct People {
  Identity root = make_identity({.name = "Root", .authority = true});
  Identity signer = make_identity({.issuer = &root});
};

const People& people() {
  static const People everybody;
  return everybody;
}

Bytes signed_png(AssertionSpec action = created_action()) {
  ManifestSpec spec;
  spec.assertions = {std::move(action)};
  spec.signer = &people().signer;
  return signed_file(spec, png_file);
}

std::vector<Finding> findings_for(const Bytes& file, bool listed) {
  Options options;
  options.clock_s = kTestClock;
  if (listed) options.trust.signers.push_back(list_of("our list", {&people().root}));
  const auto report = validate({file, container_of(file)}, options);
  EXPECT_TRUE(report);
  return report ? findings_of(*report) : std::vector<Finding>{};
}

const Finding* find(const std::vector<Finding>& findings, std::string_view kind) {
  const auto found = std::ranges::find(findings, kind, &Finding::kind);
  return found != findings.end() ? &*found : nullptr;
}

std::string field(const Finding& finding, std::string_view name) {
  for (const auto& [key, value] : finding.fields) {
    if (key == name) return value;
  }
  return {};
}

TEST(Findings, GradesAListedSignerAsVerifiedAndTrusted) {
  const auto findings = findings_for(signed_png(), true);
  const Finding* manifest = find(findings, "c2pa_manifest");
  ASSERT_NE(manifest, nullptr);
  EXPECT_EQ(manifest->grade, Grade::verified_trusted);
  EXPECT_THAT(manifest->statement, HasSubstr("on the list \"our list\""));
  EXPECT_EQ(field(*manifest, "clock"), "2026-11-23T00:00:00Z");
  EXPECT_THAT(field(*manifest, "list"), HasSubstr("our list, 2026-11-01, SHA-256 "));
  EXPECT_EQ(field(*manifest, "certificate_sha256").size(), 64u);
  EXPECT_GT(manifest->place.length_bytes, 0u);
  const Finding* source = find(findings, "c2pa_source_type");
  ASSERT_NE(source, nullptr);
  EXPECT_EQ(source->grade, Grade::verified_trusted);
  EXPECT_EQ(field(*source, "source_type"), "trainedAlgorithmicMedia");
}

TEST(Findings, SaysNeutrallyThatASignerIsOnNoList) {
  const auto findings = findings_for(signed_png(), false);
  const Finding* manifest = find(findings, "c2pa_manifest");
  ASSERT_NE(manifest, nullptr);
  EXPECT_EQ(manifest->grade, Grade::verified);
  EXPECT_THAT(manifest->statement, HasSubstr("on none of the lists used"));
  EXPECT_THAT(manifest->statement, Not(HasSubstr("not trusted")));
}

TEST(Findings, ContradictsWhereTheBytesWereChanged) {
  Bytes file = signed_png();
  file[file.size() - 30] ^= std::byte{1};
  const auto findings = findings_for(file, true);
  const Finding* manifest = find(findings, "c2pa_manifest");
  ASSERT_NE(manifest, nullptr);
  EXPECT_EQ(manifest->grade, Grade::contradicted);
  EXPECT_THAT(manifest->statement, HasSubstr("not of these bytes"));
  EXPECT_EQ(find(findings, "c2pa_source_type")->grade, Grade::declared);
}

TEST(Findings, ATimeStampOfAContradictedManifestVouchesForNothing) {
  const Identity stamper = make_identity(
      {.name = "Stamper", .issuer = &people().root, .extended_usage = "critical,timeStamping"});
  ManifestSpec spec;
  spec.assertions = {created_action()};
  spec.signer = &people().signer;
  spec.stamper = &stamper;
  Bytes file = signed_file(spec, png_file);
  ASSERT_EQ(find(findings_for(file, true), "c2pa_time_stamp")->grade, Grade::verified);
  file[file.size() - 50] ^= std::byte{1};
  const auto findings = findings_for(file, true);
  ASSERT_EQ(find(findings, "c2pa_manifest")->grade, Grade::contradicted);
  const Finding* stamp = find(findings, "c2pa_time_stamp");
  EXPECT_EQ(stamp->grade, Grade::declared);
  EXPECT_THAT(stamp->statement, HasSubstr("says nothing of this file"));
}

TEST(Findings, TellsOfAStoreThatCannotBeRead) {
  const auto findings = findings_for(png_file(Bytes(40, std::byte{1})), true);
  ASSERT_NE(find(findings, "c2pa_unreadable"), nullptr);
  EXPECT_EQ(find(findings, "c2pa_unreadable")->grade, Grade::fact);
}

TEST(Findings, NamesBytesThatTheSignatureDoesNotSpeakFor) {
  const Bind bind = [](const Bytes& file) {
    const AssetLayout layout = asset_layout({file, Container::jpeg}, {});
    const ByteRange store = layout.stores.front().range;
    return data_hash(file, {store, {store.end_bytes() + 4, 10}});
  };
  ManifestSpec spec;
  spec.assertions = {created_action()};
  spec.signer = &people().signer;
  const auto findings = findings_for(signed_file(spec, jpeg_file, bind), true);
  const Finding* uncovered = find(findings, "c2pa_not_covered");
  ASSERT_NE(uncovered, nullptr);
  EXPECT_EQ(uncovered->grade, Grade::fact);
  EXPECT_THAT(uncovered->statement, HasSubstr("10 bytes of the file (DQT)"));
  EXPECT_EQ(uncovered->place.length_bytes, 10u);
}

TEST(Findings, SaysNothingOfAFileWithoutAManifest) {
  EXPECT_THAT(findings_for(png_file({}), true), IsEmpty());
}

TEST(Findings, TellsThatASourceTypeIsNotKnown) {
  for (const auto& [uri, words] : {
           std::pair{"http://cv.iptc.org/newscodes/digitalsourcetype/print",
                     "scanned from a print"},
           std::pair{"http://c2pa.org/digitalsourcetype/empty", "an empty canvas"},
           // Of one vocabulary, under the name of the other.
           std::pair{"http://c2pa.org/digitalsourcetype/print", "not known"},
       }) {
    const auto findings = findings_for(signed_png(created_action(uri)), true);
    const Finding* source = find(findings, "c2pa_source_type");
    ASSERT_NE(source, nullptr);
    EXPECT_THAT(source->statement, HasSubstr(words));
  }
}

}  // namespace
}  // namespace safelight::c2pa
