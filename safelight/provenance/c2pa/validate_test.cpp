#include "safelight/provenance/c2pa/validate.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "safelight/provenance/c2pa/validate_for_test.h"

namespace safelight::c2pa {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

TEST(Validate, TrustsAListedSignerInEveryContainer) {
  for (const Wrap& wrap : {Wrap(png_file), Wrap(jpeg_file), Wrap(riff_file), Wrap(gif_file),
                           Wrap(tiff_file), Wrap(jxl_file)}) {
    const Bytes file = signed_file(plain_spec(), wrap);
    const Report report = check(file);
    EXPECT_EQ(report.state, State::trusted) << to_text(container_of(file));
    EXPECT_THAT(failures(report), IsEmpty()) << to_text(container_of(file));
    EXPECT_EQ(report.place, StorePlace::embedded);
    EXPECT_EQ(report.structure, Answer::yes);
    EXPECT_EQ(report.signature, Answer::yes);
    EXPECT_EQ(report.binding.fits, Answer::yes);
    EXPECT_EQ(report.signer.listed, Answer::yes);
    EXPECT_EQ(report.signer.list, "signers");
    EXPECT_EQ(report.signer.common_name, "Signer for tests");
    EXPECT_EQ(report.signer.issuer_common_name, "Middle");
    EXPECT_EQ(report.certificate.inside_validity, Answer::yes);
    ASSERT_THAT(report.sources, SizeIs(1));
    EXPECT_EQ(report.sources[0].agent, "Painter 2");
  }
}

TEST(Validate, FindsNothingWhereThereIsNothing) {
  for (const Wrap& wrap : {Wrap(png_file), Wrap(jpeg_file), Wrap(riff_file), Wrap(gif_file),
                           Wrap(tiff_file), Wrap(bmff_file), Wrap(jxl_file)}) {
    const Report report = check(wrap({}));
    EXPECT_EQ(report.place, StorePlace::none);
    EXPECT_EQ(report.state, State::none);
    EXPECT_THAT(report.statuses, IsEmpty());
  }
  EXPECT_FALSE(validate({{}, Container::none}, trusting()));
}

TEST(Validate, SaysThatAnUnlistedSignerIsOnNoListAndNothingElse) {
  const Report report = check(signed_file(plain_spec(), png_file), trusting_nobody());
  EXPECT_EQ(report.state, State::valid);
  EXPECT_THAT(failures(report), ElementsAre(codes::kSigningCredentialUntrusted));
  EXPECT_EQ(report.signature, Answer::yes);
  EXPECT_EQ(report.binding.fits, Answer::yes);
  EXPECT_EQ(report.structure, Answer::yes);
  EXPECT_EQ(report.signer.listed, Answer::no);
}

TEST(Validate, TrustsAListedIntermediateAndAListedEndEntity) {
  const Bytes file = signed_file(plain_spec(), png_file);
  Options by_middle = trusting_nobody();
  by_middle.trust.signers.push_back(list_of("middle", {&people().middle}));
  EXPECT_EQ(check(file, by_middle).state, State::trusted);
  Options by_name = trusting_nobody();
  by_name.trust.allowed_signers.push_back(list_of("allowed", {&people().signer}));
  EXPECT_EQ(check(file, by_name).signer.list, "allowed");
  // Whoever may say what time it is may not therefore sign.
  Options as_stamper = trusting_nobody();
  as_stamper.trust.time_stampers.push_back(list_of("stampers", {&people().root}));
  EXPECT_EQ(check(file, as_stamper).state, State::valid);
}

TEST(Validate, ChecksEverySignatureAlgorithmOfTheSpecification) {
  for (const SignatureAlgorithm algorithm :
       {SignatureAlgorithm::es256, SignatureAlgorithm::es384, SignatureAlgorithm::es512,
        SignatureAlgorithm::ps256, SignatureAlgorithm::ps384, SignatureAlgorithm::ps512,
        SignatureAlgorithm::ed25519}) {
    const Identity signer = make_identity({.key = algorithm, .issuer = &people().middle});
    ManifestSpec spec = plain_spec();
    spec.signer = &signer;
    spec.algorithm = algorithm;
    const Report report = check(signed_file(spec, png_file));
    EXPECT_EQ(report.state, State::trusted) << to_text(algorithm);
    EXPECT_EQ(report.signature_algorithm, to_text(algorithm));
    spec.change_signature = [](Bytes& signature) { signature.back() ^= std::byte{1}; };
    EXPECT_THAT(failures(check(signed_file(spec, png_file))),
                ElementsAre(codes::kClaimSignatureMismatch));
  }
}

TEST(Validate, RefusesAnEcdsaSignatureInDer) {
  ManifestSpec spec = plain_spec();
  spec.der_signature = true;
  const Report report = check(signed_file(spec, png_file));
  EXPECT_THAT(failures(report), Contains(codes::kSigningCredentialInvalid));
  EXPECT_THAT(failures(report), Contains(codes::kClaimSignatureMismatch));
}

TEST(Validate, RefusesCertificatesInTwoPlaces) {
  ManifestSpec spec = plain_spec();
  spec.chain_in_both_headers = true;
  EXPECT_THAT(failures(check(signed_file(spec, png_file))),
              Contains(codes::kClaimSignatureMismatch));
}

TEST(Validate, TellsExpiryApartFromTrust) {
  ManifestSpec spec = plain_spec();
  spec.signer = &people().expired;
  const Report report = check(signed_file(spec, png_file));
  EXPECT_EQ(report.state, State::invalid);
  EXPECT_THAT(failures(report), ElementsAre(codes::kSigningCredentialExpired));
  EXPECT_EQ(report.certificate.inside_validity, Answer::no);
  EXPECT_EQ(report.certificate.basis, TimeBasis::clock);
  EXPECT_EQ(report.signature, Answer::yes);
  EXPECT_FALSE(report.has(codes::kClaimSignatureInsideValidity));
}

TEST(Validate, JudgesACertificateAtTheTimeThatAListedAuthorityStates) {
  ManifestSpec spec = plain_spec();
  spec.signer = &people().expired;
  spec.stamper = &people().stamper;
  spec.stamp_time_s = kTestClock - 60 * kDay;
  const Report listed = check(signed_file(spec, png_file));
  EXPECT_EQ(listed.state, State::trusted);
  EXPECT_EQ(listed.time_stamp.time_s, spec.stamp_time_s);
  EXPECT_EQ(listed.time_stamp.list, "stampers");
  EXPECT_EQ(listed.certificate.basis, TimeBasis::trusted_stamp);

  Options unlisted = trusting();
  unlisted.trust.time_stampers.clear();
  const Report report = check(signed_file(spec, png_file), unlisted);
  EXPECT_TRUE(report.has(codes::kTimeStampUntrusted));
  EXPECT_THAT(failures(report), ElementsAre(codes::kSigningCredentialExpired));
  EXPECT_EQ(report.time_stamp.sound, Answer::yes);

  // The rule of version 1: the stamp counts, and is told to be of an authority on no list.
  spec.claim_version = 1;
  const Report old = check(signed_file(spec, png_file), unlisted);
  EXPECT_EQ(old.state, State::trusted);
  EXPECT_TRUE(old.has(codes::kTimeStampUntrusted));
  EXPECT_FALSE(old.has(codes::kTimeStampTrusted));
  EXPECT_EQ(old.certificate.basis, TimeBasis::unlisted_stamp);
}

TEST(Validate, BelievesNoTimeStampOutsideItsAuthoritysOwnTime) {
  const Identity late = make_identity({.name = "Late",
                                       .issuer = &people().root,
                                       .extended_usage = "critical,timeStamping",
                                       .not_before_s = kTestClock - 10 * kDay});
  ManifestSpec spec = plain_spec();
  spec.stamper = &late;
  spec.stamp_time_s = kTestClock - 60 * kDay;
  const Report report = check(signed_file(spec, png_file));
  EXPECT_TRUE(report.has(codes::kTimeStampOutsideValidity));
  EXPECT_FALSE(report.has(codes::kTimeStampValidated));
  EXPECT_EQ(report.certificate.basis, TimeBasis::clock);
}

TEST(Validate, HoldsTheSignersCertificateToItsProfile) {
  const auto rule_of = [](CertificateSpec certificate) {
    certificate.issuer = &people().middle;
    const Identity signer = make_identity(std::move(certificate));
    ManifestSpec spec = plain_spec();
    spec.signer = &signer;
    const Report report = check(signed_file(spec, png_file));
    EXPECT_THAT(failures(report), Contains(codes::kSigningCredentialInvalid));
    return report.certificate.broken_profile_rule;
  };
  EXPECT_EQ(rule_of({.extended_usage = ""}), "certificate.extended-key-usage");
  EXPECT_EQ(rule_of({.extended_usage = "codeSigning"}), "certificate.extended-key-usage");
  EXPECT_EQ(rule_of({.extended_usage = "emailProtection,anyExtendedKeyUsage"}),
            "certificate.any-usage");
  EXPECT_EQ(rule_of({.extended_usage = "emailProtection,timeStamping"}),
            "certificate.mixed-usages");
  EXPECT_EQ(rule_of({.usage = "critical,keyEncipherment"}), "certificate.key-usage");
  EXPECT_EQ(rule_of({.given_key = EvpPkeyPtr(EVP_EC_gen("secp256k1"))}), "certificate.curve");
}

TEST(Validate, ReadsStapledOcspResponses) {
  ManifestSpec spec = plain_spec();
  spec.ocsp_responses = {
      make_ocsp_response(people().middle, people().signer, V_OCSP_CERTSTATUS_GOOD, kTestClock)};
  Report report = check(signed_file(spec, png_file));
  EXPECT_TRUE(report.has(codes::kOcspNotRevoked));
  EXPECT_EQ(report.signer.revoked, Answer::no);
  spec.ocsp_responses = {
      make_ocsp_response(people().middle, people().signer, V_OCSP_CERTSTATUS_REVOKED, kTestClock)};
  report = check(signed_file(spec, png_file));
  EXPECT_THAT(failures(report), ElementsAre(codes::kOcspRevoked));
  EXPECT_EQ(report.signer.revoked, Answer::yes);
  // About another certificate, of another time, or signed by somebody else: nothing is said.
  spec.ocsp_responses = {
      make_ocsp_response(people().middle, people().expired, V_OCSP_CERTSTATUS_REVOKED, kTestClock),
      make_ocsp_response(people().middle, people().signer, V_OCSP_CERTSTATUS_GOOD,
                         kTestClock - 9 * kDay),
      make_ocsp_response(people().root, people().signer, V_OCSP_CERTSTATUS_REVOKED, kTestClock)};
  report = check(signed_file(spec, png_file));
  EXPECT_TRUE(report.has(codes::kOcspSkipped));
  EXPECT_EQ(report.state, State::trusted);
}

TEST(Validate, RefusesAssertionsThatTheClaimDoesNotHoldTogether) {
  ManifestSpec undeclared = plain_spec();
  undeclared.assertions.push_back({"com.example.extra", {std::byte{0xa0}}, false});
  EXPECT_THAT(failures(check(signed_file(undeclared, png_file))),
              ElementsAre(codes::kAssertionUndeclared));
  ManifestSpec twice = plain_spec();
  twice.assertions.push_back(created_action());
  EXPECT_THAT(failures(check(signed_file(twice, png_file))), Contains(codes::kClaimMalformed));
  ManifestSpec elsewhere = plain_spec();
  elsewhere.signature_uri = "self#jumbf=/c2pa/urn:c2pa:another/c2pa.signature";
  EXPECT_THAT(failures(check(signed_file(elsewhere, png_file))),
              ElementsAre(codes::kClaimSignatureMissing));
}

TEST(Validate, AsksForExactlyOneHardBinding) {
  const Bytes none = png_file(store_bytes({manifest_bytes(plain_spec())}));
  EXPECT_THAT(failures(check(none)), ElementsAre(codes::kHardBindingsMissing));
  ManifestSpec two = plain_spec();
  AssertionSpec first = data_hash({}, {});
  first.label = "c2pa.hash.data__1";
  two.assertions.push_back(first);
  EXPECT_THAT(failures(check(signed_file(two, png_file))),
              ElementsAre(codes::kMultipleHardBindings));
}

TEST(Validate, HoldsActionsToTheirRules) {
  const auto codes_for = [](std::string_view name) {
    CborWriter actions;
    actions.map(1).text("actions").array(1).map(1).text("action").text(name);
    ManifestSpec spec = plain_spec();
    spec.assertions = {{"c2pa.actions.v2", std::move(actions).take()}};
    return failures(check(signed_file(spec, png_file)));
  };
  EXPECT_THAT(codes_for("c2pa.created"), IsEmpty());
  EXPECT_THAT(codes_for("c2pa.edited"), ElementsAre(codes::kActionMalformed));
  EXPECT_THAT(codes_for("c2pa.opened"), ElementsAre(codes::kActionIngredientMismatch));
}

TEST(Validate, RefusesTwoStoresInOneFile) {
  const Bytes once = signed_file(plain_spec(), png_file);
  const AssetLayout layout = asset_layout({once, Container::png}, {});
  Bytes twice = once;
  const ByteRange range = layout.stores.front().range;
  const Bytes chunk(once.begin() + static_cast<ptrdiff_t>(range.offset_bytes),
                    once.begin() + static_cast<ptrdiff_t>(range.end_bytes()));
  twice.insert(twice.begin() + static_cast<ptrdiff_t>(range.offset_bytes), chunk.begin(),
               chunk.end());
  const Report report = check(twice);
  EXPECT_EQ(report.state, State::invalid);
  EXPECT_THAT(failures(report), ElementsAre(codes::kGeneralError));
  ASSERT_TRUE(report.damage);
  EXPECT_EQ(report.damage->rule, "c2pa.two-stores");
}

TEST(Validate, BindsADetachedStoreToAllOfTheFile) {
  const Bytes file = png_file({});
  ManifestSpec spec = plain_spec();
  spec.assertions.push_back(bind_data(file));
  const Bytes store = store_bytes({manifest_bytes(spec)});
  Options options = trusting();
  options.detached_store = store;
  const Report report = check(file, options);
  EXPECT_EQ(report.state, State::trusted);
  EXPECT_EQ(report.place, StorePlace::beside);
  EXPECT_EQ(report.binding.covered_bytes, file.size());
  // A store that excludes bytes of a file that embeds none leaves them to anybody.
  ManifestSpec loose = plain_spec();
  loose.assertions.push_back(data_hash(file, {{40, 20}}));
  const Bytes loose_store = store_bytes({manifest_bytes(loose)});
  options.detached_store = loose_store;
  const Report refused = check(file, options);
  EXPECT_THAT(failures(refused), ElementsAre(codes::kDataHashMismatch));
  EXPECT_EQ(refused.binding.hash_fits, Answer::yes);
}

TEST(Validate, TellsWhatAnotherExclusionLeavesOut) {
  const Bind bind = [](const Bytes& file) {
    const AssetLayout layout = asset_layout({file, Container::jpeg}, {});
    const ByteRange store = layout.stores.front().range;
    return data_hash(file, {store, {store.end_bytes() + 4, 10}});
  };
  const Report report = check(signed_file(plain_spec(), jpeg_file, bind));
  EXPECT_EQ(report.state, State::trusted);
  EXPECT_TRUE(report.has(codes::kDataHashAdditionalExclusions));
  ASSERT_THAT(report.binding.uncovered, SizeIs(2));
  EXPECT_TRUE(report.binding.uncovered[0].is_store);
  EXPECT_EQ(report.binding.uncovered[1].parts, "DQT");
  EXPECT_EQ(report.binding.uncovered[1].range.length_bytes, 10u);
}

TEST(Validate, RefusesExclusionsOutOfOrderOverlappingOrOutsideTheFile) {
  const auto codes_for = [](std::vector<ByteRange> more) {
    const Bind bind = [more](const Bytes& file) {
      const AssetLayout layout = asset_layout({file, Container::png}, {});
      std::vector<ByteRange> ranges = {layout.stores.front().range};
      ranges.insert(ranges.end(), more.begin(), more.end());
      return data_hash(file, ranges);
    };
    return failures(check(signed_file(plain_spec(), png_file, bind)));
  };
  EXPECT_THAT(codes_for({{100'000'000, 10}}), ElementsAre(codes::kDataHashMalformed));
  EXPECT_THAT(codes_for({{0, 5}}), ElementsAre(codes::kDataHashMalformed));
  EXPECT_THAT(codes_for({{100, 10}}), ElementsAre(codes::kDataHashMalformed));
  EXPECT_THAT(codes_for({{UINT32_MAX, UINT32_MAX}}), ElementsAre(codes::kDataHashMalformed));
}

TEST(Validate, ChecksTheManifestsOfIngredients) {
  const Bytes other = other_manifest();
  ManifestSpec spec = plain_spec();
  spec.assertions.push_back(ingredient_of(kOtherLabel, other, "componentOf"));
  const Report report = check(signed_file(spec, png_file, bind_data, {other}));
  EXPECT_EQ(report.state, State::trusted);
  EXPECT_TRUE(report.has(codes::kIngredientManifestValidated));
  EXPECT_THAT(report.manifests, SizeIs(2));

  ManifestSpec broken = plain_spec();
  broken.change_signature = [](Bytes& signature) { signature[3] ^= std::byte{4}; };
  const Bytes bad = other_manifest(broken);
  ManifestSpec with_bad = plain_spec();
  with_bad.assertions.push_back(ingredient_of(kOtherLabel, bad, "componentOf"));
  const Report invalid = check(signed_file(with_bad, png_file, bind_data, {bad}));
  EXPECT_EQ(invalid.state, State::invalid);
  EXPECT_THAT(failures(invalid), IsEmpty());
  EXPECT_THAT(invalid.failures(true), ElementsAre(codes::kClaimSignatureMismatch));

  // The manifest that was added is not the one that is there.
  const Report exchanged = check(signed_file(spec, png_file, bind_data, {bad}));
  EXPECT_THAT(exchanged.failures(true), Contains(codes::kIngredientManifestMismatch));
  // It is not there at all.
  const Report missing = check(signed_file(spec, png_file));
  EXPECT_THAT(missing.failures(true), ElementsAre(codes::kIngredientManifestMissing));
}

TEST(Validate, SaysOfAManifestThatIsReachedTwiceTheSameTwice) {
  const Bytes other = other_manifest();
  ManifestSpec spec = plain_spec();
  spec.assertions.push_back(ingredient_of(kOtherLabel, other, "componentOf"));
  spec.assertions.push_back(ingredient_of(kOtherLabel, other, "componentOf"));
  spec.assertions.back().label += "__1";
  const Report report = check(signed_file(spec, png_file, bind_data, {other}));
  EXPECT_EQ(report.state, State::trusted);
  EXPECT_EQ(std::ranges::count(report.statuses, codes::kClaimSignatureValidated, &Status::code), 3);
  EXPECT_EQ(std::ranges::count(report.statuses, codes::kIngredientManifestValidated, &Status::code),
            2);
}

TEST(Validate, FollowsIngredientsToItsDepthOnly) {
  const Bytes other = other_manifest();
  ManifestSpec spec = plain_spec();
  spec.assertions.push_back(ingredient_of(kOtherLabel, other, "componentOf"));
  Options options = trusting();
  options.limits.max_ingredient_depth = 0;
  EXPECT_THAT(failures(check(signed_file(spec, png_file, bind_data, {other}), options)),
              ElementsAre(codes::kIngredientMalformed));
}

TEST(Validate, RefusesAManifestThatIsItsOwnIngredient) {
  ManifestSpec spec = plain_spec();
  spec.assertions.push_back(ingredient_of(spec.label, Bytes(20), "componentOf"));
  EXPECT_THAT(failures(check(signed_file(spec, png_file))),
              ElementsAre(codes::kIngredientMalformed));
}

TEST(Validate, RefusesACycleOfIngredients) {
  ManifestSpec back = plain_spec();
  back.assertions.push_back(ingredient_of(back.label, Bytes(20), "componentOf"));
  const Bytes other = other_manifest(back);
  ManifestSpec spec = plain_spec();
  spec.assertions.push_back(ingredient_of(kOtherLabel, other, "componentOf"));
  EXPECT_THAT(failures(check(signed_file(spec, png_file, bind_data, {other}))),
              Contains(codes::kIngredientMalformed));
}

TEST(Validate, TakesTheBindingOfAnUpdateManifestsParent) {
  // The parent is signed first, over a file in which it stands alone.
  ManifestSpec parent = plain_spec();
  parent.label = kOtherLabel;
  Bytes alone;
  const Wrap keep = [&](const Bytes& store) { return png_file(store); };
  alone = signed_file(parent, keep);
  const AssetLayout layout = asset_layout({alone, Container::png}, {});
  const Bytes& store = layout.stores.front().bytes;
  // The manifest stands behind the store's header and its description of 30 bytes.
  const Bytes manifest(store.begin() + 8 + 30, store.end());
  ASSERT_EQ(store_bytes({manifest}), store);

  ManifestSpec update = plain_spec();
  update.box_type = "c2um";
  update.assertions = {ingredient_of(kOtherLabel, manifest, "parentOf")};
  const Bytes file = png_file(store_bytes({manifest, manifest_bytes(update)}));
  const Report report = check(file);
  EXPECT_THAT(failures(report), IsEmpty());
  EXPECT_EQ(report.state, State::trusted);
  EXPECT_TRUE(report.has(codes::kDataHashMatch));

  update.assertions.push_back(created_action());
  EXPECT_THAT(failures(check(png_file(store_bytes({manifest, manifest_bytes(update)})))),
              Contains(codes::kManifestUpdateInvalid));
  update.assertions = {};
  EXPECT_THAT(failures(check(png_file(store_bytes({manifest, manifest_bytes(update)})))),
              Contains(codes::kManifestUpdateWrongParents));
}

TEST(Validate, TakesTheBindingOfAParentWhoseStoreHasBecomeSmaller) {
  ManifestSpec dropped = plain_spec();
  dropped.signature_box_bytes = 40'000;
  const Bytes other = other_manifest(dropped);
  ManifestSpec parent = plain_spec();
  parent.label = "urn:c2pa:88888888-2222-4333-8444-555555555555";
  const Bytes first = signed_file(parent, png_file, bind_data, {other});
  const Bytes store = asset_layout({first, Container::png}, {}).stores.front().bytes;
  const Bytes manifest(store.begin() + 8 + 30 + static_cast<ptrdiff_t>(other.size()), store.end());

  ManifestSpec update = plain_spec();
  update.box_type = "c2um";
  update.assertions = {ingredient_of(parent.label, manifest, "parentOf")};
  const Bytes smaller = store_bytes({manifest, manifest_bytes(update)});
  ASSERT_LT(smaller.size(), store.size());
  const Report report = check(png_file(smaller));
  EXPECT_THAT(failures(report), IsEmpty());
  EXPECT_EQ(report.state, State::trusted);
}

TEST(Validate, LetsNobodyRedactHimselfOrWhatBinds) {
  ManifestSpec spec = plain_spec();
  spec.redactions = {
      "self#jumbf=/c2pa/" + spec.label + "/c2pa.assertions/com.example.place",
      std::string("self#jumbf=/c2pa/") + kOtherLabel + "/c2pa.assertions/c2pa.actions.v2",
      std::string("self#jumbf=/c2pa/") + kOtherLabel + "/c2pa.assertions/c2pa.hash.data"};
  const Report report = check(signed_file(spec, png_file));
  EXPECT_THAT(failures(report),
              ElementsAre(codes::kActionRedacted, codes::kAssertionDataHashRedacted,
                          codes::kAssertionSelfRedacted));
}

TEST(Validate, ReportsAStoreThatIsCutAtEveryLength) {
  ManifestSpec spec = plain_spec();
  spec.signature_box_bytes = 3'000;
  const Bytes store = [&] {
    const Bytes file = signed_file(spec, png_file);
    return asset_layout({file, Container::png}, {}).stores.front().bytes;
  }();
  for (size_t size = 1; size < store.size(); size += 7) {
    const Bytes cut(store.begin(), store.begin() + static_cast<ptrdiff_t>(size));
    const Report report = check(png_file(cut));
    ASSERT_EQ(report.state, State::invalid) << size;
    ASSERT_EQ(report.structure, Answer::no) << size;
  }
}

TEST(Validate, KeepsToItsLimits) {
  const Bytes file = signed_file(plain_spec(), png_file);
  const auto rule_with = [&](auto change) {
    Options options = trusting();
    change(options.limits);
    const Report report = check(file, options);
    EXPECT_EQ(report.state, State::invalid);
    return report.damage ? report.damage->rule : std::string_view();
  };
  EXPECT_EQ(rule_with([](Limits& limits) { limits.max_store_bytes = 100; }), "max_store_bytes");
  EXPECT_EQ(rule_with([](Limits& limits) { limits.max_boxes = 3; }), "max_boxes");
  EXPECT_EQ(rule_with([](Limits& limits) { limits.max_box_depth = 2; }), "max_box_depth");
  EXPECT_EQ(rule_with([](Limits& limits) { limits.max_manifests = 0; }), "max_manifests");
  const auto codes_with = [&](auto change) {
    Options options = trusting();
    change(options.limits);
    return failures(check(file, options));
  };
  EXPECT_THAT(codes_with([](Limits& limits) { limits.max_cbor_items = 4; }),
              Contains(codes::kClaimCborInvalid));
  EXPECT_THAT(codes_with([](Limits& limits) { limits.max_cbor_depth = 1; }),
              Contains(codes::kClaimCborInvalid));
  EXPECT_THAT(codes_with([](Limits& limits) { limits.max_certificates = 1; }),
              Contains(codes::kClaimSignatureMismatch));
  EXPECT_THAT(codes_with([](Limits& limits) { limits.max_exclusions = 0; }),
              Contains(codes::kDataHashMalformed));
  EXPECT_THAT(codes_with([](Limits& limits) { limits.max_assertions = 1; }),
              Contains(codes::kClaimCborInvalid));
  EXPECT_THAT(codes_with([](Limits& limits) { limits.max_actions = 0; }),
              Contains(codes::kActionMalformed));
  EXPECT_THAT(codes_with([](Limits& limits) { limits.max_statuses = 1; }),
              Not(Contains(codes::kDataHashMatch)));
}

}  // namespace
}  // namespace safelight::c2pa
