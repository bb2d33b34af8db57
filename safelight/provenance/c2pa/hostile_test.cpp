/// Files, lists and clocks that are out to mislead the validator or to wear it out.
#include <gmock/gmock.h>
#include <limits>

#include "safelight/provenance/c2pa/findings.h"
#include "safelight/provenance/c2pa/validate_for_test.h"

namespace safelight::c2pa {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

std::string statement_of(const Report& report, std::string_view kind) {
  for (const Finding& finding : findings_of(report)) {
    if (finding.kind == kind) return finding.statement;
  }
  return {};
}

/// NaN, infinity and other numbers that are none, as CBOR.
std::vector<Bytes> odd_numbers() {
  std::vector<Bytes> numbers;
  for (const std::string_view encoded :
       {std::string_view("\xf9\x7e\x00", 3), std::string_view("\xfa\x7f\x80\x00\x00", 5),
        std::string_view("\xfb\x7f\xf8\x00\x00\x00\x00\x00\x01", 9),
        std::string_view("\xfb\xc3\xe0\x00\x00\x00\x00\x00\x00", 9),
        std::string_view("\x3b\xff\xff\xff\xff\xff\xff\xff\xff", 9),
        std::string_view("\x1b\xff\xff\xff\xff\xff\xff\xff\xff", 9)}) {
    Bytes bytes;
    append(bytes, encoded);
    numbers.push_back(std::move(bytes));
  }
  return numbers;
}

TEST(Hostile, AStampFromTheFutureIsToldToBeOne) {
  ManifestSpec spec = plain_spec();
  spec.stamper = &people().stamper;
  for (const int version : {1, 2}) {
    spec.claim_version = version;
    spec.stamp_time_s = kTestClock - kDay;
    EXPECT_THAT(statement_of(check(signed_file(spec, png_file)), "c2pa_time_stamp"),
                Not(HasSubstr("later than")));
    spec.stamp_time_s = kTestClock + 50 * kDay;
    const Report report = check(signed_file(spec, png_file));
    EXPECT_EQ(report.state, State::trusted);
    EXPECT_EQ(report.certificate.checked_at_s, spec.stamp_time_s);
    EXPECT_THAT(statement_of(report, "c2pa_time_stamp"), HasSubstr("later than the clock"));
    // Nor does it bring a certificate to life that will have run out by then.
    spec.stamp_time_s = kTestClock + 99 * kDay;
    const Identity brief =
        make_identity({.issuer = &people().middle, .not_after_s = kTestClock + 10 * kDay});
    ManifestSpec later = spec;
    later.signer = &brief;
    EXPECT_THAT(failures(check(signed_file(later, png_file))),
                ElementsAre(codes::kSigningCredentialExpired));
  }
}

TEST(Hostile, AChainThatRanOutLeadsToNoList) {
  const Identity old_middle = make_identity({.name = "Old",
                                             .issuer = &people().root,
                                             .authority = true,
                                             .not_after_s = kTestClock - 50 * kDay});
  const Identity signer = make_identity({.issuer = &old_middle});
  ManifestSpec spec = plain_spec();
  spec.signer = &signer;
  spec.intermediates = {&old_middle};
  EXPECT_THAT(failures(check(signed_file(spec, png_file))),
              ElementsAre(codes::kSigningCredentialUntrusted));
  spec.stamper = &people().stamper;
  spec.stamp_time_s = kTestClock - 60 * kDay;
  EXPECT_EQ(check(signed_file(spec, png_file)).state, State::trusted);

  const Identity old_root =
      make_identity({.name = "Old root", .authority = true, .not_after_s = kTestClock - 50 * kDay});
  const Identity direct = make_identity({.issuer = &old_root});
  spec = plain_spec();
  spec.signer = &direct;
  spec.intermediates = {};
  Options options = trusting();
  options.trust.signers = {list_of("old", {&old_root})};
  EXPECT_THAT(failures(check(signed_file(spec, png_file), options)),
              ElementsAre(codes::kSigningCredentialUntrusted));
}

TEST(Hostile, AWrongClockChangesNoAnswerButThatOfTheCertificate) {
  ManifestSpec spec = plain_spec();
  const Bytes bare = signed_file(spec, png_file);
  spec.stamper = &people().stamper;
  const Bytes stamped = signed_file(spec, png_file);
  for (const int64_t clock :
       {int64_t{0}, int64_t{-1}, -kNever - 1, kTestClock - 200 * kDay, kTestClock + 200 * kDay,
        int64_t{253'402'300'799}, int64_t{253'402'300'800}, kNever}) {
    Options options = trusting();
    options.clock_s = clock;
    const Report report = check(bare, options);
    EXPECT_EQ(report.state, State::invalid) << clock;
    EXPECT_EQ(report.structure, Answer::yes) << clock;
    EXPECT_EQ(report.signature, Answer::yes) << clock;
    EXPECT_EQ(report.binding.fits, Answer::yes) << clock;
    EXPECT_EQ(report.certificate.inside_validity, Answer::no) << clock;
    EXPECT_THAT(failures(report), Contains(codes::kSigningCredentialExpired)) << clock;
    EXPECT_THAT(statement_of(report, "c2pa_manifest"), HasSubstr("was not valid at")) << clock;
    // A stamp of a listed authority takes the clock's place.
    EXPECT_EQ(check(stamped, options).state, State::trusted) << clock;
  }
}

TEST(Hostile, ListsOfGarbageTrustNobody) {
  const Bytes file = signed_file(plain_spec(), png_file);
  std::string binary(4'000, '\0');
  for (size_t i = 0; i < binary.size(); ++i) binary[i] = static_cast<char>(i * i * 31 + (i >> 3));
  const std::string good = pem_of({&people().root});
  std::string flipped = good;
  flipped[good.size() / 2] ^= 1;
  const std::string begin = "-----BEGIN CERTIFICATE-----\n";
  for (const std::string& text :
       {std::string(), std::string("NaN"), binary, begin + "NaN\n-----END CERTIFICATE-----\n",
        begin + binary + "\n-----END CERTIFICATE-----\n", good.substr(0, good.size() / 2),
        good.substr(5), begin + begin + begin,
        "-----BEGIN PRIVATE KEY-----\n" + good.substr(begin.size()), flipped}) {
    Options options = trusting_nobody();
    for (auto* lists :
         {&options.trust.signers, &options.trust.time_stampers, &options.trust.allowed_signers}) {
      lists->push_back(TrustList::parse("garbage", text, std::as_bytes(std::span(text))));
    }
    options.trust.signer_usages = {"NaN", "", "1.2.3", std::string(5'000, '9')};
    EXPECT_NE(check(file, options).state, State::trusted);
    options.trust.signer_usages.clear();
    const Report report = check(file, options);
    EXPECT_EQ(report.state, State::valid);
    EXPECT_THAT(failures(report), ElementsAre(codes::kSigningCredentialUntrusted));
    // Garbage before it hides no good certificate.
    const std::string both = text + "\n" + good;
    if (text.find("BEGIN") != std::string::npos) continue;
    options.trust.signers = {TrustList::parse("both", "", std::as_bytes(std::span(both)))};
    EXPECT_EQ(check(file, options).state, State::trusted);
  }
}

TEST(Hostile, NumbersThatAreNoneAreNoAnswer) {
  for (const Bytes& number : odd_numbers()) {
    for (const std::string_view field : {"start", "length"}) {
      const Bind bind = [&](const Bytes& file) {
        AssertionSpec assertion = bind_data(file);
        const auto name = std::as_bytes(std::span(field));
        const auto at = std::ranges::search(assertion.cbor, name).end();
        assertion.cbor.erase(at, at + 5);
        assertion.cbor.insert(at, number.begin(), number.end());
        return assertion;
      };
      const Report report = check(signed_file(plain_spec(), png_file, bind));
      EXPECT_EQ(report.state, State::invalid);
      EXPECT_FALSE(report.has(codes::kDataHashMatch));
      EXPECT_NE(report.binding.fits, Answer::yes);
    }
    // In fields that nobody asks for they are not looked at, and read without harm.
    CborWriter extra;
    extra.map(2).text("actions").array(1).map(3).text("action").text("c2pa.created");
    extra.text("when").raw(number).text("digitalSourceType").raw(number);
    extra.text("metadata").map(1).text("x").raw(number);
    ManifestSpec spec = plain_spec();
    spec.assertions = {{"c2pa.actions.v2", std::move(extra).take()}};
    EXPECT_NE(check(signed_file(spec, png_file)).state, State::none);
    spec = plain_spec();
    CborWriter ingredient;
    ingredient.map(4).text("relationship").raw(number).text("dc:title").raw(number);
    ingredient.text("activeManifest").raw(number).text("validationResults").raw(number);
    spec.assertions.push_back({"c2pa.ingredient.v3", std::move(ingredient).take()});
    EXPECT_EQ(check(signed_file(spec, png_file)).state, State::invalid);
  }
}

TEST(Hostile, EveryFieldOfAClaimMayBeAnything) {
  for (const Bytes& number : odd_numbers()) {
    for (const std::string_view field :
         {"alg", "instanceID", "signature", "claim_generator_info", "created_assertions"}) {
      ManifestSpec spec = plain_spec();
      spec.change_claim = [&](Bytes& claim) {
        const auto name = std::as_bytes(std::span(field));
        const auto at = std::ranges::search(claim, name).end();
        claim.erase(at, claim.end());
        claim.insert(claim.end(), number.begin(), number.end());
      };
      const Report report = check(signed_file(spec, png_file));
      EXPECT_EQ(report.state, State::invalid) << field;
      EXPECT_NE(report.signature, Answer::yes) << field;
    }
  }
}

/// Each manifest has all before it as ingredients: the paths through them double with each.
TEST(Hostile, ManyPathsThroughFewManifestsAreWalkedOnce) {
  constexpr int kManifests = 20;
  std::vector<Bytes> manifests;
  std::vector<std::string> labels;
  const auto with_all_before = [&](ManifestSpec spec) {
    for (size_t i = 0; i < manifests.size(); ++i) {
      spec.assertions.push_back(ingredient_of(labels[i], manifests[i], "componentOf"));
      if (i != 0) spec.assertions.back().label += "__" + std::to_string(i);
    }
    return spec;
  };
  for (int i = 0; i < kManifests; ++i) {
    ManifestSpec spec = with_all_before(plain_spec());
    spec.label = "urn:c2pa:99999999-2222-4333-8444-5555555555" + std::to_string(10 + i);
    spec.assertions.push_back(data_hash({}, {}));
    spec.signature_box_bytes = 3'000;
    manifests.push_back(manifest_bytes(spec));
    labels.push_back(spec.label);
  }
  const Bytes file = signed_file(with_all_before(plain_spec()), png_file, bind_data, manifests);
  const Report report = check(file);
  EXPECT_EQ(report.state, State::trusted);
  EXPECT_EQ(report.manifests.size(), kManifests + 1u);
  EXPECT_LT(report.statuses.size(), 5'000u);
}

TEST(Hostile, MoreManifestsThanTheLimitAreRefused) {
  std::vector<Bytes> manifests;
  for (uint32_t i = 0; i < Limits{}.max_manifests; ++i) {
    manifests.push_back(superbox("c2ma", "urn:c2pa:" + std::to_string(i), {}));
  }
  const Report report = check(signed_file(plain_spec(), png_file, bind_data, manifests));
  EXPECT_EQ(report.state, State::invalid);
  ASSERT_TRUE(report.damage);
  EXPECT_EQ(report.damage->rule, "max_manifests");
}

TEST(Hostile, NestingIsFollowedToALimit) {
  Bytes nested = superbox("c2ma", "urn:c2pa:1", {});
  for (int i = 0; i < 2'000; ++i) nested = superbox("c2ma", "urn:c2pa:1", nested);
  const Report boxes = check(png_file(superbox("c2pa", "c2pa", nested)));
  EXPECT_EQ(boxes.state, State::invalid);
  ASSERT_TRUE(boxes.damage);
  EXPECT_EQ(boxes.damage->rule, "max_box_depth");

  for (const std::byte head :
       {std::byte{0x81}, std::byte{0xc1}, std::byte{0x9f}, std::byte{0xd8}}) {
    ManifestSpec spec = plain_spec();
    spec.assertions.push_back({"com.example.deep", Bytes(300'000, head)});
    spec.assertions.push_back({"c2pa.ingredient.v3", Bytes(300'000, head)});
    spec.assertions.push_back({"c2pa.time-stamp", Bytes(300'000, head)});
    spec.assertions.push_back({"c2pa.certificate-status", Bytes(300'000, head)});
    spec.change_claim = [&](Bytes& claim) { std::ranges::fill(claim, head); };
    EXPECT_EQ(check(signed_file(spec, png_file)).state, State::invalid);
  }
}

}  // namespace
}  // namespace safelight::c2pa
