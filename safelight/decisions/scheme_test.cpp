#include "safelight/decisions/scheme.h"

#include <gtest/gtest.h>

#include "safelight/base/replaced_for_test.h"

namespace safelight {
namespace {

TEST(Scheme, IsReadAsItWasWritten) {
  const Scheme scheme = default_scheme();
  const auto read = scheme_from_json(to_json(scheme));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, scheme);
  EXPECT_EQ(scheme.find("2")->key, "2");
  EXPECT_EQ(scheme.find("9"), nullptr);
}

TEST(Scheme, EveryTruncationIsAnError) {
  const std::string text = to_json(default_scheme());
  for (size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(scheme_from_json(text.substr(0, length))) << length;
  }
}

TEST(Scheme, WhatBreaksARuleIsRefused) {
  const std::string whole = to_json(default_scheme());
  const Error json{ErrorCode::malformed, "scheme.json"};
  const Error category{ErrorCode::malformed, "scheme.category"};
  EXPECT_EQ(scheme_from_json("[]").error(), json);
  EXPECT_EQ(scheme_from_json(replaced(whole, "\"name\"", "\"nom\"")).error(), json);
  EXPECT_EQ(scheme_from_json(replaced(whole, "\"grave\":true", "\"grave\":1")).error(), json);
  EXPECT_EQ(scheme_from_json(replaced(whole, "\"grave\":true", "\"grave\":true,\"x\":1")).error(),
            json);
  EXPECT_EQ(scheme_from_json(replaced(whole, "\"code\":\"2\"", "\"code\":\"1\"")).error(),
            category);
  EXPECT_EQ(scheme_from_json(replaced(whole, "\"key\":\"2\"", "\"key\":\"1\"")).error(), category);
  EXPECT_EQ(scheme_from_json(replaced(whole, "\"code\":\"2\"", "\"code\":\"\"")).error(), category);
  EXPECT_EQ(scheme_from_json(replaced(whole, "\"red\"", "\"url(x)\"")).error(), category);
  EXPECT_EQ(scheme_from_json(R"({"name":"x","categories":[]})").error(), category);
  EXPECT_EQ(scheme_from_json(R"({"name":"x","categories":[3]})").error(), json);
}

}  // namespace
}  // namespace safelight
