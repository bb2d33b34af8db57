#include "safelight/metadata/iptc/digital_source_type.h"

#include <gtest/gtest.h>
#include <string>

namespace safelight::metadata {
namespace {

using Type = DigitalSourceType;

TEST(DigitalSourceTypes, AreReadInEveryForm) {
  for (const char* text :
       {"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
        "https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia/",
        "digsrctype:trainedAlgorithmicMedia", "trainedAlgorithmicMedia",
        "\n  trainedAlgorithmicMedia  "}) {
    EXPECT_EQ(parse_digital_source_type(text), Type::trained_algorithmic_media) << text;
  }
  EXPECT_EQ(parse_digital_source_type("http://c2pa.org/digitalsourcetype/empty"), Type::empty);
}

TEST(DigitalSourceTypes, NamesOfAllComeBack) {
  for (int i = 0; i <= static_cast<int>(Type::trained_algorithmic_data); ++i) {
    const auto type = static_cast<Type>(i);
    EXPECT_EQ(parse_digital_source_type(to_text(type)), type);
  }
}

TEST(DigitalSourceTypes, RefuseWhatIsNotInTheVocabulary) {
  for (const char* text :
       {"", "  ", "trainedalgorithmicmedia", "TrainedAlgorithmicMedia", "trainedAlgorithmicMedia/x",
        "digsrctype:", "http://cv.iptc.org/newscodes/digitalsourcetype/",
        "http://cv.iptc.org/newscodes/digitalsourcetype/empty", "http://example.org/print",
        "http://c2pa.org/digitalsourcetype/print", "not trainedAlgorithmicMedia"}) {
    EXPECT_EQ(parse_digital_source_type(text), std::nullopt) << text;
  }
}

TEST(DigitalSourceTypes, FallIntoTheirGroups) {
  EXPECT_EQ(group_of(Type::trained_algorithmic_media), SourceGroup::fully_generated);
  EXPECT_EQ(group_of(Type::composite_with_trained_algorithmic_media),
            SourceGroup::contains_generated);
  EXPECT_EQ(group_of(Type::composite_synthetic), SourceGroup::contains_generated);
  EXPECT_EQ(group_of(Type::algorithmic_media), SourceGroup::synthetic_without_ai);
  EXPECT_EQ(group_of(Type::screen_capture), SourceGroup::synthetic_without_ai);
  EXPECT_EQ(group_of(Type::digital_capture), SourceGroup::capture);
  EXPECT_EQ(group_of(Type::algorithmically_enhanced), SourceGroup::edited);
  EXPECT_EQ(group_of(Type::composite_capture), SourceGroup::edited);
  EXPECT_EQ(group_of(Type::trained_algorithmic_data), SourceGroup::none);
}

}  // namespace
}  // namespace safelight::metadata
