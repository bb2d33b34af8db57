#include "safelight/synthesis/calibration/date.h"

#include <gtest/gtest.h>

namespace safelight::synthesis {
namespace {

TEST(Date, ATextAndADayAreOne) {
  for (const char* text : {"1970-01-01", "2024-02-29", "2026-11-29", "9999-12-31"}) {
    const auto date = date_from_text(text);
    ASSERT_TRUE(date) << text;
    EXPECT_EQ(to_text(*date), text);
  }
}

TEST(Date, WhatIsNoDayIsRefused) {
  for (const char* text :
       {"", "2026-11-2", "2026-11-290", "2026/11/29", "2026-02-29", "2026-00-10", "2026-13-01",
        "2026-01-00", "2026-04-31", "1969-12-31", "+026-11-29", "2026-1 -01", " 2026-11-29"}) {
    EXPECT_FALSE(date_from_text(text)) << text;
  }
}

TEST(Date, DaysAreCountedOverMonthsAndLeapYears) {
  EXPECT_EQ(to_text(days_after(*date_from_text("2026-11-29"), 180)), "2027-05-28");
  EXPECT_EQ(to_text(days_after(*date_from_text("2024-02-28"), 1)), "2024-02-29");
  EXPECT_EQ(to_text(days_after(*date_from_text("2025-02-28"), 1)), "2025-03-01");
  EXPECT_EQ(to_text(days_after(*date_from_text("2025-03-01"), -1)), "2025-02-28");
}

}  // namespace
}  // namespace safelight::synthesis
