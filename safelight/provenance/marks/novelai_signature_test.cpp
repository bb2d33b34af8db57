#include "safelight/provenance/marks/novelai_signature.h"

#include <gtest/gtest.h>

#include "safelight/provenance/marks/marks_for_test.h"
#include "safelight/provenance/marks/novelai_sign_for_test.h"

namespace safelight::marks {
namespace {

const std::string kPixels = "rgbRGBrgbRGB";

class NovelAiSignature : public testing::Test {
 protected:
  [[nodiscard]] Result<bool> verify(const std::string& json,
                                    const std::string& pixels = kPixels) const {
    return verify_novelai_signature(metadata::bytes_of(pixels), json, signer_.public_key(), {});
  }
  [[nodiscard]] std::string signature_over(const std::string& rest) const {
    return signer_.member(kPixels, rest);
  }

  NovelAiSigner signer_;
};

TEST_F(NovelAiSignature, FitsWhereverTheMemberStands) {
  const auto good = [&](const std::string& json) {
    const auto result = verify(json);
    return result && *result;
  };
  const std::string both = R"({"uc": "a, {b}", "steps": 28})";
  EXPECT_TRUE(good("{" + signature_over(both) + R"(, "uc": "a, {b}", "steps": 28})"));
  EXPECT_TRUE(good(R"({"uc": "a, {b}", )" + signature_over(both) + R"(, "steps": 28})"));
  EXPECT_TRUE(good(R"({"uc": "a, {b}", "steps": 28, )" + signature_over(both) + "}"));
  EXPECT_TRUE(good("{" + signature_over("{}") + "}"));
  const std::string nested = R"({"a": [1, {"signed_hash": "\"}", "b": [2]}], "c": NaN})";
  EXPECT_TRUE(good(R"({"a": [1, {"signed_hash": "\"}", "b": [2]}], )" + signature_over(nested) +
                   R"(, "c": NaN})"));
  EXPECT_TRUE(good(" {" + signature_over("{}") + "}\n"));
}

TEST_F(NovelAiSignature, DoesNotFitOtherBytes) {
  const std::string json = R"({"steps": 28, )" + signature_over(R"({"steps": 28})") + "}";
  ASSERT_TRUE(verify(json) && *verify(json));
  const auto bad = [&](const std::string& text, const std::string& pixels) {
    const auto result = verify(text, pixels);
    return result && !*result;
  };
  EXPECT_TRUE(bad(json, "rgbRGBrgbRGb"));
  EXPECT_TRUE(bad(json, ""));
  std::string changed = json;
  changed[10] = '3';
  EXPECT_TRUE(bad(changed, kPixels));
  const auto other_key =
      verify_novelai_signature(metadata::bytes_of(kPixels), json, kNovelAiPublicKey, {});
  ASSERT_TRUE(other_key);
  EXPECT_FALSE(*other_key);
}

TEST_F(NovelAiSignature, RefusesWhatIsNone) {
  const std::string once = signature_over("{}");
  for (const std::string& json :
       {std::string("{}"), std::string("[]"), std::string("{"),
        std::string(R"({"signed_hash": "AAAA"})"), std::string(R"({"signed_hash": 1})"),
        R"({"signed_hash": ")" + std::string(88, '*') + "\"}", "{" + once + ", " + once + "}",
        std::string(R"({"a": {)") + once + "}}"}) {
    const auto result = verify(json);
    ASSERT_FALSE(result) << json;
    EXPECT_EQ(result.error().code, ErrorCode::malformed) << json;
  }
  EXPECT_FALSE(verify_novelai_signature({}, "{" + once + "}", "AAAA", {}));
}

TEST_F(NovelAiSignature, IsFoundInAFileAndAHiddenText) {
  const std::string json = R"({"uc": "fog", )" + signature_over(R"({"uc": "fog"})") + "}";
  const std::string file =
      metadata::png_file(png_text("Software", "NovelAI") + png_text("Comment", json));
  const auto bytes = metadata::bytes_of(file);
  const auto found = novelai_signed_settings(bytes, metadata::read_metadata(bytes, {}), {});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->json, json);
  EXPECT_EQ(field(findings_in(file).at(0), "signature"), "present;");

  const auto hidden = novelai_signed_settings_of_hidden_text(novelai_hidden_text(json), {});
  ASSERT_TRUE(hidden);
  EXPECT_EQ(hidden->json, json);
  EXPECT_FALSE(novelai_signed_settings_of_hidden_text(kInfotext, {}));
}

TEST(NovelAiSignatureFinding, GradesBySignatureAlone) {
  const Place place = {7, 9, OffsetKind::exact};
  EXPECT_EQ(novelai_signature_finding(true, place).grade, Grade::verified);
  EXPECT_EQ(novelai_signature_finding(false, place).grade, Grade::contradicted);
  EXPECT_EQ(novelai_signature_finding(true, place).place, place);
  const Error error{ErrorCode::malformed, "novelai.signature"};
  EXPECT_EQ(novelai_signature_finding(error, place).kind, "partly_examined");
}

}  // namespace
}  // namespace safelight::marks
