#include <gmock/gmock.h>

#include "safelight/serve/screening_api/program_for_test.h"

namespace safelight::serve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string fingerprint_text(uint32_t flipped_bits) {
  Fingerprint fingerprint;
  fingerprint.words = {0x0123456789abcdef, 0xfedcba9876543210, 0x5555555555555555, 7};
  for (uint32_t i = 0; i < flipped_bits; ++i) fingerprint.words[i / 64] ^= uint64_t{1} << (i % 64);
  return to_hex(fingerprint);
}

class LookupRoutesTest : public testing::ProgramTest {
 protected:
  LookupRoutesTest() {
    store_.build("charts", "md5,category\n" + std::string(32, '1') + ",9\n", {"9=known"});
    store_.build("plain", "sha1,category\n" + std::string(40, '2') + ",3\n", {"3=ordinary"});
    store_.build("prints", "pdq\n" + fingerprint_text(0) + "\n");
    start({"charts", "plain", "prints"});
  }
  Response of_hma(std::string_view target, Scopes scopes) {
    key_with(scopes);
    services_->policy.hma_unix_key = last_key_;
    Request made = request(Method::get, "");
    made.peer.transport = Transport::unix_socket;
    return ask(target, std::move(made));
  }
};

TEST_F(LookupRoutesTest, AKeyToLookUpLearnsWhetherAndNoMore) {
  const std::string body = R"({"digests":[")" + std::string(32, '1') + R"(",")" +
                           std::string(64, 'a') + R"(",")" + std::string(40, '2') + R"("]})";
  const Response answer = post("/v1/lookup/digests", key_with({Scope::lookup}), body);
  EXPECT_EQ(answer.status(), Status::ok);
  EXPECT_EQ(text_of(answer), R"({"found":[true,false,false]})");
  EXPECT_TRUE(told_.empty()) << "no list and no entry";
}

TEST_F(LookupRoutesTest, AKeyToReviewLearnsListAndEntryWhichIsOnRecord) {
  const std::string body =
      R"({"digests":[")" + std::string(32, '1') + R"(",")" + std::string(40, '2') + R"("]})";
  const Response answer = post("/v1/lookup/digests", key_with({Scope::review}), body);
  EXPECT_EQ(text_of(answer),
            R"({"found":[true,false],"hits":[[{"list":"charts","entry":"line 2","category":"9",)"
            R"("disposition":"known","kind":"md5"}],[{"list":"plain","entry":"line 2",)"
            R"("category":"3","disposition":"ordinary","kind":"sha1"}]]})");
  EXPECT_EQ(activity_.counts().at(0).told, 2u);
  EXPECT_THAT(told_, ElementsAre(std::pair(std::string("program"), uint64_t{2})));
}

TEST_F(LookupRoutesTest, DistancesAreToldInStepsOfFourBits) {
  const std::string key = key_with({Scope::review});
  for (const auto& [bits, told] : {std::pair{0u, "0"}, {3u, "0"}, {4u, "4"}, {31u, "28"}}) {
    const Response answer = post("/v1/lookup/fingerprints", key,
                                 R"({"fingerprints":[")" + fingerprint_text(bits) + R"("]})");
    EXPECT_THAT(text_of(answer), HasSubstr(std::string(R"("distance":)") + told + "}"));
  }
  const Response far = post("/v1/lookup/fingerprints", key,
                            R"({"fingerprints":[")" + fingerprint_text(32) + R"("]})");
  EXPECT_EQ(text_of(far), R"({"found":[false],"hits":[[]]})");
}

TEST_F(LookupRoutesTest, FingerprintsAreComparedInTheirModeAlone) {
  const Response other =
      post("/v1/lookup/fingerprints", key_with({Scope::lookup}),
           R"({"mode":"full","fingerprints":[")" + fingerprint_text(0) + R"("]})");
  EXPECT_EQ(text_of(other), R"({"found":[false]})");
}

TEST_F(LookupRoutesTest, WhatIsMalformedIsRefusedWithoutBeingRepeated) {
  const std::string key = key_with({Scope::lookup});
  for (const std::string_view body :
       {R"({"digests":["secret"]})", R"({"digests":["zz345678901234567890123456789012"]})",
        R"({"digests":[1]})", R"({"digests":[],"more":1})", "[]", ""}) {
    const Response answer = post("/v1/lookup/digests", key, std::string(body));
    EXPECT_EQ(answer.status(), Status::bad_request);
    EXPECT_EQ(text_of(answer).find("secret"), std::string::npos);
    EXPECT_EQ(text_of(answer).find("345678"), std::string::npos);
  }
  EXPECT_EQ(post("/v1/lookup/fingerprints", key, R"({"fingerprints":["0f"]})").status(),
            Status::bad_request);
  EXPECT_EQ(post("/v1/lookup/fingerprints", key, R"({"mode":"other","fingerprints":[]})").status(),
            Status::bad_request);
}

TEST_F(LookupRoutesTest, EachValueCountsAgainstTheRate) {
  const std::string key = key_with({Scope::lookup});
  std::string body = R"({"digests":[)";
  for (int i = 0; i < 20; ++i) body += (i ? ",\"" : "\"") + std::string(32, '1') + "\"";
  body += "]}";
  EXPECT_EQ(post("/v1/lookup/digests", key, body).status(), Status::ok);
  const Response refused = post("/v1/lookup/digests", key, body);
  EXPECT_EQ(refused.status(), Status::too_many_requests);
  EXPECT_EQ(refused.headers().back(), (NamedText{"retry-after", "2"}));
  EXPECT_EQ(activity_.counts().at(0).over_rate, 1u);
}

TEST_F(LookupRoutesTest, HmaIsAnsweredInItsShape) {
  const std::string near = "/m/lookup?signal_type=pdq&signal=" + fingerprint_text(6);
  EXPECT_EQ(text_of(of_hma(near, {Scope::lookup})),
            R"({"MATCH":[{"bank_content_id":0,"distance":"0"}]})");
  EXPECT_EQ(text_of(of_hma(near, {Scope::review})),
            R"({"prints":[{"bank_content_id":2,"distance":"4"}]})");
  EXPECT_EQ(
      text_of(of_hma("/m/lookup?signal_type=pdq&signal=" + fingerprint_text(40), {Scope::review})),
      "{}");
  EXPECT_EQ(text_of(of_hma("/m/lookup?signal_type=video_md5&signal=" + std::string(32, '1'),
                           {Scope::review})),
            R"({"charts":[{"bank_content_id":2,"distance":"0"}]})");
  EXPECT_EQ(text_of(of_hma("/status", {Scope::lookup})), "I-AM-ALIVE");
}

TEST_F(LookupRoutesTest, HmaIsRefusedWhatWouldFetchOrTellDistances) {
  EXPECT_EQ(of_hma("/m/lookup?url=http://127.0.0.1/", {Scope::lookup}).status(),
            Status::not_implemented);
  EXPECT_EQ(of_hma("/h/hash?url=http://127.0.0.1/", {Scope::lookup}).status(),
            Status::not_implemented);
  EXPECT_EQ(of_hma("/m/raw_lookup?signal_type=pdq&signal=0", {Scope::review}).status(),
            Status::not_implemented);
  EXPECT_EQ(of_hma("/m/lookup?signal_type=pdq", {Scope::lookup}).status(), Status::bad_request);
  EXPECT_EQ(of_hma("/m/lookup?signal_type=other&signal=0", {Scope::lookup}).status(),
            Status::bad_request);
}

}  // namespace
}  // namespace safelight::serve
