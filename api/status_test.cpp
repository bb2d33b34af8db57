#include "api/status.h"

#include <gtest/gtest.h>
#include <set>
#include <string>

namespace safelight::api {
namespace {

TEST(ApiStatus, EveryCodeKeepsItsName) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::not_found); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    sl_error error;
    const sl_status status = fail(&error, Error::near(code, "a.rule", 7));
    EXPECT_EQ(sl_status_text(status), to_text(code));
    EXPECT_EQ(error.status, status);
    EXPECT_STREQ(error.rule, "a.rule");
    EXPECT_EQ(error.offset_kind, SL_OFFSET_APPROXIMATE);
    EXPECT_EQ(error.offset_bytes, 7u);
    EXPECT_STREQ(error.message, "");
  }
}

TEST(ApiStatus, NamesAreDistinct) {
  std::set<std::string> names;
  for (const sl_status status :
       {SL_OK, SL_TRUNCATED, SL_MALFORMED, SL_UNSUPPORTED, SL_LIMIT_EXCEEDED, SL_INTEGRITY_MISMATCH,
        SL_UNREADABLE, SL_ENCRYPTED, SL_CHANGED, SL_TIMED_OUT, SL_WORKER_CRASHED, SL_NOT_FOUND,
        SL_INVALID_ARGUMENT, SL_OUT_OF_MEMORY, SL_ENVIRONMENT, SL_INTERNAL}) {
    names.insert(sl_status_text(status));
  }
  EXPECT_EQ(names.size(), 16u);
  EXPECT_STREQ(sl_status_text(-1), "unknown");
  EXPECT_EQ(names.count("unknown"), 0u);
}

TEST(ApiStatus, NothingThatIsThrownPasses) {
  sl_error error;
  const auto status_of = [&](auto thrown) {
    const sl_status status = guarded(&error, [&]() -> Result<void> { throw thrown; });
    EXPECT_EQ(error.status, status);
    EXPECT_EQ(guarded(nullptr, [&]() -> Result<void> { throw thrown; }), status);
    return status;
  };
  EXPECT_EQ(status_of(std::bad_alloc()), SL_OUT_OF_MEMORY);
  EXPECT_EQ(status_of(std::length_error("too long")), SL_OUT_OF_MEMORY);
  EXPECT_EQ(status_of(Fault("the disk is full")), SL_ENVIRONMENT);
  EXPECT_STREQ(error.message, "the disk is full");
  EXPECT_EQ(status_of(std::system_error(EAGAIN, std::generic_category())), SL_ENVIRONMENT);
  EXPECT_EQ(status_of(std::logic_error("ours")), SL_INTERNAL);
  EXPECT_EQ(status_of(1), SL_INTERNAL);
  EXPECT_EQ(guarded(&error, []() -> Result<void> { return {}; }), SL_OK);
  EXPECT_EQ(error.status, SL_OK);
  EXPECT_STREQ(error.message, "");
}

TEST(ApiStatus, LongTextsAreCutAndEnd) {
  sl_error error;
  const std::string text(1'000, 'x');
  refuse(&error, text);
  EXPECT_EQ(std::string(error.rule), text.substr(0, sizeof error.rule - 1));
  fail(&error, SL_ENVIRONMENT, text);
  EXPECT_EQ(std::string(error.message), text.substr(0, sizeof error.message - 1));
}

TEST(ApiStatus, TheVersionIsThatOfTheProject) {
  EXPECT_STREQ(sl_version(), SAFELIGHT_VERSION);
  EXPECT_EQ(sl_abi_version(), uint32_t{SL_ABI_VERSION});
}

}  // namespace
}  // namespace safelight::api
