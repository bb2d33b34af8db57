#include "safelight/serve/screening_api/key_caller.h"

#include <gtest/gtest.h>

#include "safelight/serve/accounts/accounts_for_test.h"

namespace safelight::serve {
namespace {

class KeyCallerTest : public ::testing::Test {
 protected:
  KeyCallerTest() {
    auto issued = keys_.add({"program", "platform", {Scope::lookup}, std::nullopt}).value();
    id_ = issued.id;
    text_ = issued.text.view();
  }
  Status admitted(const Request& request, Permission permission = Permission::lookup,
                  KeyChannel channel = KeyChannel::any,
                  std::optional<ApiKeyId> unix_key = std::nullopt) {
    const auto answer = admit_key(request, permission, channel, keys_, unix_key);
    const auto* refusal = std::get_if<Response>(&answer);
    return refusal != nullptr ? refusal->status() : Status::ok;
  }
  static Request with(std::string_view authorization) {
    Request request;
    request.headers.add("authorization", std::string(authorization));
    return request;
  }
  static Request over_tls(uint8_t certificate) {
    Request request;
    request.peer.transport = Transport::tls;
    request.peer.certificate = ClientCertificate{"CN=program", {{certificate}}};
    return request;
  }

  AccountStore store_ = AccountStore::in_memory();
  testing::SetClock clock_;
  testing::SeededRandom random_;
  ApiKeys keys_{store_, clock_, random_};
  ApiKeyId id_;
  std::string text_;
};

TEST_F(KeyCallerTest, AKeyIsABearerToken) {
  EXPECT_EQ(admitted(with("Bearer " + text_)), Status::ok);
  EXPECT_EQ(admitted(with("bEARER " + text_)), Status::ok);
  for (const std::string& wrong :
       {text_, "Basic " + text_, std::string("Bearer"), std::string("Bearer "), "Bearer  " + text_,
        "Bearer " + text_ + "x"}) {
    EXPECT_EQ(admitted(with(wrong)), Status::unauthorised) << wrong.size();
  }
  EXPECT_EQ(admitted(Request{}), Status::unauthorised);
}

TEST_F(KeyCallerTest, ARefusalSaysHowToAskAndNothingOfTheKey) {
  const auto answer =
      admit_key(with("Bearer nobody"), Permission::lookup, KeyChannel::any, keys_, std::nullopt);
  const auto& refusal = std::get<Response>(answer);
  EXPECT_EQ(refusal.headers().back(), (NamedText{"www-authenticate", "Bearer"}));
  const auto bytes = refusal.content_bytes();
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()).find("nobody"),
            std::string::npos);
}

TEST_F(KeyCallerTest, AKeyMayNoMoreThanItsScopes) {
  EXPECT_EQ(admitted(with("Bearer " + text_), Permission::screen), Status::forbidden);
  EXPECT_EQ(admitted(with("Bearer " + text_), Permission::see_list), Status::forbidden);
}

TEST_F(KeyCallerTest, ARevokedKeyIsNone) {
  ASSERT_TRUE(keys_.revoke(id_));
  EXPECT_EQ(admitted(with("Bearer " + text_)), Status::unauthorised);
}

TEST_F(KeyCallerTest, ACertificateStandsForItsKey) {
  EXPECT_EQ(admitted(over_tls(1)), Status::unauthorised);
  ASSERT_TRUE(keys_.map_certificate({{1}}, id_));
  EXPECT_EQ(admitted(over_tls(1)), Status::ok);
  EXPECT_EQ(admitted(over_tls(2)), Status::unauthorised);
  Request both = over_tls(1);
  both.headers.add("authorization", "Bearer nobody");
  EXPECT_EQ(admitted(both), Status::unauthorised);
}

TEST_F(KeyCallerTest, ABrowserShowsItsCertificateForNoOtherSite) {
  ASSERT_TRUE(keys_.map_certificate({{1}}, id_));
  Request request = over_tls(1);
  request.headers.add("sec-fetch-site", "cross-site");
  EXPECT_EQ(admitted(request), Status::unauthorised);
}

TEST_F(KeyCallerTest, ATrustedChannelTakesASocketOrACertificateAndNoToken) {
  constexpr auto kTrusted = KeyChannel::trusted;
  EXPECT_EQ(admitted(with("Bearer " + text_), Permission::lookup, kTrusted, id_),
            Status::unauthorised);
  Request local;
  local.peer.transport = Transport::unix_socket;
  EXPECT_EQ(admitted(local, Permission::lookup, kTrusted), Status::unauthorised);
  EXPECT_EQ(admitted(local, Permission::lookup, kTrusted, id_), Status::ok);
  EXPECT_EQ(admitted(local, Permission::screen, kTrusted, id_), Status::forbidden);
  EXPECT_EQ(admitted(local, Permission::lookup, KeyChannel::any, id_), Status::unauthorised);
  ASSERT_TRUE(keys_.map_certificate({{1}}, id_));
  EXPECT_EQ(admitted(over_tls(1), Permission::lookup, kTrusted), Status::ok);
}

}  // namespace
}  // namespace safelight::serve
