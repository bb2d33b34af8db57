#include "safelight/serve/api/caller.h"

#include <gtest/gtest.h>

#include "safelight/serve/accounts/accounts_for_test.h"
#include "safelight/serve/accounts/people.h"
#include "safelight/serve/accounts/secrets/token.h"

namespace safelight::serve {
namespace {

class CallerTest : public ::testing::Test {
 protected:
  CallerTest() {
    const auto id = people_.add_without_password({"ana", "Ana", Role::reviewer});
    auto session = sessions_.open(*id, SessionStage::open);
    token_ = session->token.view();
    person_ = *id;
  }

  Request request(Method method, std::string_view token = "") {
    Request out;
    out.method = method;
    out.headers.add("host", "127.0.0.1:7400");
    if (!token.empty()) out.cookies.add("safelight-7400", std::string(token));
    return out;
  }
  /// The code of the refusal; "" where the caller is admitted.
  std::string refusal(const Request& request, const Access& access,
                      std::string_view body_type = "application/json") {
    const auto admitted = admit(request, access, sessions_, body_type);
    const auto* response = std::get_if<Response>(&admitted);
    if (response == nullptr) return "";
    const auto bytes = response->content_bytes();
    const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const size_t code = text.find("\"code\":\"") + 8;
    return text.substr(code, text.find('"', code) - code);
  }

  testing::SetClock clock_;
  testing::SeededRandom random_;
  AccountStore store_ = AccountStore::in_memory();
  PasswordHasher hasher_{testing::kTestCost, 1};
  People people_{store_, clock_, random_, hasher_};
  Sessions sessions_{store_, clock_, random_};
  PersonId person_;
  std::string token_;
};

TEST_F(CallerTest, NeedsASessionUnlessAnyoneMayCall) {
  EXPECT_EQ(refusal(request(Method::get), Access::anyone()), "");
  EXPECT_EQ(refusal(request(Method::get), Access::session()), "no-session");
  EXPECT_EQ(refusal(request(Method::get, "made up"), Access::session()), "no-session");
  EXPECT_EQ(refusal(request(Method::get, token_), Access::session()), "");
}

TEST_F(CallerTest, ASessionOfAnotherPortIsNotThisServers) {
  Request other = request(Method::get);
  other.cookies.add("safelight-7401", token_);
  EXPECT_EQ(refusal(other, Access::session()), "no-session");
}

TEST_F(CallerTest, ASessionThatWaitsForACodeIsGoodForNothingElse) {
  const auto waiting = sessions_.open(person_, SessionStage::second_factor);
  const Request with = request(Method::get, waiting->token.view());
  EXPECT_EQ(refusal(with, Access::second_factor()), "");
  EXPECT_EQ(refusal(with, Access::session()), "no-session");
  EXPECT_EQ(refusal(with, Access::to(Permission::review)), "no-session");
}

TEST_F(CallerTest, FollowsTheRoleAsItIsNow) {
  EXPECT_EQ(refusal(request(Method::get, token_), Access::to(Permission::review)), "");
  EXPECT_EQ(refusal(request(Method::get, token_), Access::to(Permission::set_policy)),
            "not-permitted");
  ASSERT_TRUE(people_.set_role(person_, Role::auditor));
  EXPECT_EQ(refusal(request(Method::get, token_), Access::to(Permission::review)), "no-session");
}

TEST_F(CallerTest, WhatChangesSomethingComesFromAPageOfOurs) {
  for (const Method method : {Method::post, Method::put, Method::patch, Method::del}) {
    Request without = request(method, token_);
    EXPECT_EQ(refusal(without, Access::session()), "wrong-csrf");
    Request wrong = request(method, token_);
    wrong.headers.add("x-safelight-csrf", "guess");
    EXPECT_EQ(refusal(wrong, Access::session()), "wrong-csrf");
    Request right = request(method, token_);
    right.headers.add("x-safelight-csrf", std::string(csrf_token(token_).view()));
    EXPECT_EQ(refusal(right, Access::session()), "");
  }
}

TEST_F(CallerTest, WithoutASessionABrowserSaysWhichSiteAsks) {
  for (const auto& [site, code] :
       std::vector<std::pair<std::string, std::string>>{{"same-origin", ""},
                                                        {"none", ""},
                                                        {"same-site", "wrong-csrf"},
                                                        {"cross-site", "wrong-csrf"}}) {
    Request from = request(Method::post);
    from.headers.add("sec-fetch-site", site);
    EXPECT_EQ(refusal(from, Access::anyone()), code) << site;
  }
  EXPECT_EQ(refusal(request(Method::post), Access::anyone()), "") << "a program";
}

TEST_F(CallerTest, ABodyIsJson) {
  for (const auto& [type, code] :
       std::vector<std::pair<std::string, std::string>>{{"application/json", ""},
                                                        {"application/json; charset=utf-8", ""},
                                                        {"text/plain", "not-json"},
                                                        {"application/jsonp", "not-json"},
                                                        {"", "not-json"}}) {
    Request with = request(Method::post);
    with.body = Body("{}");
    if (!type.empty()) with.headers.add("content-type", type);
    EXPECT_EQ(refusal(with, Access::anyone()), code) << type;
  }
}

TEST_F(CallerTest, AFileIsNoJsonAndNoForm) {
  for (const auto& [type, code] :
       std::vector<std::pair<std::string, std::string>>{{"application/octet-stream", ""},
                                                        {"application/json", "wrong-type"},
                                                        {"multipart/form-data", "wrong-type"}}) {
    Request with = request(Method::post);
    with.body = Body("{}");
    with.headers.add("content-type", type);
    EXPECT_EQ(refusal(with, Access::anyone(), "application/octet-stream"), code) << type;
  }
}

TEST_F(CallerTest, OneOfSeveralPermissionsIsEnough) {
  const Request with = request(Method::get, token_);
  EXPECT_EQ(refusal(with, Access::to_any({Permission::purge, Permission::decide})), "");
  EXPECT_EQ(refusal(with, Access::to_any({Permission::purge, Permission::manage_lists})),
            "not-permitted");
}

TEST_F(CallerTest, CookiesAreForThisServerAlone) {
  Request tls = request(Method::get);
  tls.peer.transport = Transport::tls;
  EXPECT_EQ(session_cookie(tls, "x"),
            "__Host-safelight=x; Path=/; HttpOnly; SameSite=Strict; Secure");
  EXPECT_EQ(session_cookie(request(Method::get), "x"),
            "safelight-7400=x; Path=/; HttpOnly; SameSite=Strict");
  EXPECT_EQ(session_cookie(request(Method::get), ""),
            "safelight-7400=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
  for (const auto& [host, name] :
       std::vector<std::pair<std::string, std::string>>{{"localhost", "safelight-80"},
                                                        {"[::1]:7400", "safelight-7400"},
                                                        {"[::1]", "safelight-80"}}) {
    Request named;
    named.headers.add("host", host);
    EXPECT_EQ(cookie_name(named), name);
  }
}

}  // namespace
}  // namespace safelight::serve
