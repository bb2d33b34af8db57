#include "safelight/audit/details.h"

#include <gtest/gtest.h>

namespace safelight::audit {
namespace {

TEST(Details, AreSortedByName) {
  EXPECT_EQ(to_json({{"b", "2"}, {"a", "1"}}), R"({"a":"1","b":"2"})");
  EXPECT_EQ(to_json({}), "{}");
}

TEST(Details, OfADeedSayWhoWhatAndFromWhere) {
  EXPECT_EQ(to_json(details_of({"ada", "7f", "10.0.0.7", {{"reason", "court order"}}})),
            R"({"from":"10.0.0.7","item":"7f","person":"ada","reason":"court order"})");
  EXPECT_EQ(to_json(details_of({"ada", "", ""})), R"({"person":"ada"})");
}

TEST(Details, AreUtf8WhateverComesIn) {
  EXPECT_EQ(to_json({{"person", "a\xff\n"}}), R"({"person":"a\ufffd\u000a"})");
}

}  // namespace
}  // namespace safelight::audit
