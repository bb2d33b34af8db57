#include "safelight/serve/screening_api/form_file.h"

#include <gtest/gtest.h>
#include <string>

namespace safelight::serve {
namespace {

constexpr std::string_view kType = "multipart/form-data; boundary=line";
const std::string kForm =
    "--line\r\n"
    "Content-Disposition: form-data; name=\"photo\"; filename=\"a;b.jpg\"\r\n"
    "Content-Type: image/jpeg\r\n"
    "\r\n"
    "bytes\r\n--lin\r\n"
    "\r\n--line--\r\n";

Result<FormFile> parsed(std::string_view body, std::string_view type = kType) {
  return file_of_form(type, std::as_bytes(std::span(body)));
}
std::string text_of(const FormFile& file) {
  return {reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()};
}

TEST(FormFileTest, TheFileIsBetweenItsLines) {
  const auto file = parsed(kForm);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->field, "photo");
  EXPECT_EQ(text_of(*file), "bytes\r\n--lin\r\n");
  EXPECT_TRUE(parsed(kForm, "Multipart/Form-Data; charset=utf-8; Boundary=\"line\""));
}

TEST(FormFileTest, TruncatedAnywhereItIsNoForm) {
  for (size_t size = 0; size + 2 < kForm.size(); ++size) {
    EXPECT_FALSE(parsed(kForm.substr(0, size))) << size;
  }
  EXPECT_TRUE(parsed(kForm.substr(0, kForm.size() - 2)));
}

TEST(FormFileTest, WhatBreaksARuleIsNamed) {
  EXPECT_EQ(parsed(kForm, "application/json").error().rule, "form.type");
  EXPECT_EQ(parsed(kForm, "multipart/form-data").error().rule, "form.boundary");
  EXPECT_EQ(parsed(kForm, "multipart/form-data; boundary=").error().rule, "form.boundary");
  EXPECT_EQ(parsed(kForm, "multipart/form-data; boundary=" + std::string(71, 'x')).error().rule,
            "form.boundary");
  EXPECT_EQ(parsed("prologue\r\n" + kForm).error().rule, "form.part");
  EXPECT_EQ(parsed(kForm + "more").error().rule, "form.part");
  EXPECT_EQ(parsed("--line\r\nContent-Type: image/png\r\n\r\nx\r\n--line--").error().rule,
            "form.name");
  EXPECT_EQ(
      parsed("--line\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--line--").error().rule,
      "form.name");
}

TEST(FormFileTest, ASecondPartIsRefused) {
  const std::string two = kForm.substr(0, kForm.size() - 4) + "\r\n" + kForm.substr(8);
  EXPECT_EQ(parsed(two).error().rule, "form.parts");
}

TEST(FormFileTest, TheHeadOfAPartIsBounded) {
  const std::string long_head = "--line\r\nX: " + std::string(kMaxPartHeadBytes, 'x');
  EXPECT_EQ(parsed(long_head).error(), Error::at(ErrorCode::limit_exceeded, "form.head", 8));
}

}  // namespace
}  // namespace safelight::serve
