#include "safelight/provenance/c2pa/crypto/trust_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "safelight/provenance/c2pa/crypto/certificate_profile.h"
#include "safelight/provenance/c2pa/crypto/identity_for_test.h"

namespace safelight::c2pa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TrustList parse(const std::string& text) {
  return TrustList::parse("list", "2026-01-01", std::as_bytes(std::span(text)));
}

TEST(TrustList, TakesWhatIsGoodAndSaysWhatItRefused) {
  const Identity one = make_identity({.name = "One", .authority = true});
  const Identity two = make_identity({.name = "Two", .authority = true});
  const std::string garbage =
      "# a comment\n-----BEGIN CERTIFICATE-----\nnot base64!\n-----END CERTIFICATE-----\n"
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
      "-----BEGIN CERTIFICATE-----\nAAAA\n";
  const TrustList list = parse(garbage + pem_of({&one}) + "between\n" + pem_of({&one, &two}) +
                               "-----BEGIN CERTIFICATE-----\nAA");
  ASSERT_THAT(list.certificates(), SizeIs(2));
  EXPECT_EQ(list.certificates()[1].names().subject_common_name, "Two");
  std::vector<std::string_view> rules;
  for (const RefusedEntry& entry : list.refused()) rules.push_back(entry.rule);
  EXPECT_THAT(rules, ElementsAre("trust-list.base64", "certificate.der", "trust-list.no-end",
                                 "trust-list.duplicate", "trust-list.no-end"));
  EXPECT_EQ(list.refused()[0].offset_bytes, 12u);
  EXPECT_EQ(list.name(), "list");
}

TEST(TrustList, IsEmptyForBytesThatAreNone) {
  EXPECT_THAT(parse("").certificates(), IsEmpty());
  EXPECT_THAT(parse(std::string(10'000, '-')).certificates(), IsEmpty());
}

TEST(TrustList, FindsAChainByWayOfIntermediatesOnly) {
  const Identity root = make_identity({.name = "Root", .authority = true});
  const Identity middle = make_identity({.name = "Middle", .issuer = &root, .authority = true});
  const Identity leaf = make_identity({.issuer = &middle});
  const Identity false_root = make_identity({.name = "Root", .authority = true});
  const std::vector<TrustList> lists = {list_of("one", {&false_root}), list_of("two", {&root})};
  const std::vector<Certificate> between = {middle.certificate()};
  const TrustList* found =
      find_chain(lists, leaf.certificate(), between, kTestClock, ChainPurpose::sign_claims);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->name(), "two");
  EXPECT_EQ(find_chain(lists, leaf.certificate(), {}, kTestClock, ChainPurpose::sign_claims),
            nullptr);
  // The chain's own certificates must be valid at the time; the leaf's period is told elsewhere.
  EXPECT_EQ(find_chain(lists, leaf.certificate(), between, kTestClock + 200 * kDay,
                       ChainPurpose::sign_claims),
            nullptr);
  EXPECT_EQ(find_chain(lists, leaf.certificate(), between, kTestClock, ChainPurpose::stamp_times),
            nullptr);
}

TEST(Usages, AreReadFromAListWithComments) {
  EXPECT_THAT(parse_usages("//id-kp-x\n1.3.6.1\r\n\n# 1.2\n1.2.3 \nabc"),
              ElementsAre("1.3.6.1", "1.2.3"));
}

}  // namespace
}  // namespace safelight::c2pa
