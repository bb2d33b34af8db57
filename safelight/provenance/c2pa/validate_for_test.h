#pragma once

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/metadata/read_metadata.h"
#include "safelight/provenance/c2pa/sign_for_test.h"
#include "safelight/provenance/c2pa/validate.h"

/// What the tests of validate() share: who signs, whom to trust, and the usual manifests.
namespace safelight::c2pa {

/// The identities that the tests share: making keys is what takes their time.
struct People {
  Identity root = make_identity({.name = "Root", .authority = true});
  Identity middle = make_identity({.name = "Middle", .issuer = &root, .authority = true});
  Identity signer = make_identity({.issuer = &middle});
  Identity expired =
      make_identity({.name = "Expired", .issuer = &middle, .not_after_s = kTestClock - 50 * kDay});
  Identity stamper = make_identity(
      {.name = "Stamper", .issuer = &root, .extended_usage = "critical,timeStamping"});
};

inline const People& people() {
  static const People everybody;
  return everybody;
}

inline ManifestSpec plain_spec() {
  ManifestSpec spec;
  spec.assertions = {created_action()};
  spec.signer = &people().signer;
  spec.intermediates = {&people().middle};
  return spec;
}

inline Options trusting() {
  Options options;
  options.clock_s = kTestClock;
  options.trust.signers.push_back(list_of("signers", {&people().root}));
  options.trust.time_stampers.push_back(list_of("stampers", {&people().root}));
  return options;
}

inline Options trusting_nobody() {
  Options options;
  options.clock_s = kTestClock;
  return options;
}

inline Report check(const Bytes& file, const Options& options = trusting()) {
  const auto report = validate({file, container_of(file)}, options);
  EXPECT_TRUE(report);
  if (!report) return {};
  // Whoever asks only of files that say so misses no store.
  EXPECT_TRUE(report->place != StorePlace::embedded ||
              metadata::read_metadata(file, {}).content_credentials);
  return *report;
}

inline std::vector<std::string_view> failures(const Report& report) {
  return report.failures(false);
}

inline constexpr const char* kOtherLabel = "urn:c2pa:99999999-2222-4333-8444-555555555555";

/// An ingredient assertion that refers to a manifest by its hash.
inline AssertionSpec ingredient_of(const std::string& label, const Bytes& manifest,
                                   std::string_view relationship, bool with_results = true) {
  CborWriter out;
  out.map(with_results ? 4 : 3).text("dc:title").text("before.png");
  out.text("relationship").text(relationship);
  out.text("activeManifest")
      .raw(hashed_uri("self#jumbf=/c2pa/" + label,
                      hash_of(HashAlgorithm::sha256, payload_of(manifest))));
  if (with_results) {
    out.text("validationResults").map(1).text("activeManifest").map(1).text("failure").array(0);
  }
  return {"c2pa.ingredient.v3", std::move(out).take()};
}

inline Bytes other_manifest(ManifestSpec spec = plain_spec()) {
  spec.label = kOtherLabel;
  spec.assertions.push_back(data_hash({}, {}));
  return manifest_bytes(spec);
}

}  // namespace safelight::c2pa
