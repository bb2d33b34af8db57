#include "safelight/serve/reports/case_summary.h"

#include <gtest/gtest.h>

namespace safelight::serve {
namespace {

CaseSummary sample() {
  CaseSummary out;
  out.case_id = "0b5c6b1e-0000-4000-8000-000000000000";
  out.info.case_number = "17";
  out.info.agency = "<Example> & \"Agency\"";
  out.written_ns = 1'700'000'000'000'000'000;
  out.tool_version = "1.2.3";
  out.head.size = 12;
  out.items = 100;
  out.decided = {{"1", 3}, {"5", 40}};
  out.shown_items = 2;
  out.reveals = 3;
  out.shown_ms = 4'500;
  out.people = 1;
  out.reports = {{"report-1.csv", ReportFormat::csv, {}, 1'700'000'000'000'000'000}};
  return out;
}

TEST(CaseSummary, IsTakenWithTheKeyThatSignedIt) {
  const auto key = audit::SigningKey::make();
  const auto text = check_summary(signed_summary(sample(), key), key.public_key());
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, to_json(sample()));
  EXPECT_NE(text->find(R"("decided":{"1":3,"5":40})"), std::string::npos);
  EXPECT_NE(text->find(R"("seconds":4)"), std::string::npos);
}

TEST(CaseSummary, OfAnotherKeyIsRefused) {
  const auto refused = check_summary(signed_summary(sample(), audit::SigningKey::make()),
                                     audit::SigningKey::make().public_key());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().rule, "summary.key");
}

TEST(CaseSummary, NoByteOfItCanBeChanged) {
  const auto key = audit::SigningKey::make();
  const std::string good = signed_summary(sample(), key);
  const std::string text = to_json(sample());
  for (size_t i = 0; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = changed[i] == '1' ? '2' : '1';
    const auto taken = check_summary(changed, key.public_key());
    EXPECT_TRUE(!taken || *taken == text) << i;
  }
  for (size_t length = 0; length < good.size(); ++length) {
    EXPECT_FALSE(check_summary(good.substr(0, length), key.public_key())) << length;
  }
}

}  // namespace
}  // namespace safelight::serve
