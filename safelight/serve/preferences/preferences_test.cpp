#include "safelight/serve/preferences/preferences.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace safelight::serve {
namespace {

class CountingLog final : public LogSink {
 public:
  void log(Severity, std::string_view) override { ++lines; }
  int lines = 0;
};

class PreferencesTest : public ::testing::Test {
 protected:
  PreferencesTest() {
    std::string name = (std::filesystem::temp_directory_path() / "preferences_XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~PreferencesTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
  CountingLog log_;
};

TEST_F(PreferencesTest, AreFoundAgainByTheNextServer) {
  PersonSettings settings;
  settings.theme = "light";
  settings.budget.reveals_a_day = 12;
  {
    Preferences preferences(folder_ / "people", log_);
    EXPECT_EQ(preferences.of("ana"), PersonSettings());
    preferences.set("ana", settings);
    EXPECT_EQ(preferences.of("ana"), settings);
  }
  Preferences preferences(folder_ / "people", log_);
  EXPECT_EQ(preferences.of("ana"), settings);
  EXPECT_EQ(preferences.of("ben"), PersonSettings());
  EXPECT_EQ(log_.lines, 0);
}

TEST_F(PreferencesTest, AreForTheirOwnerAlone) {
  Preferences preferences(folder_ / "people", log_);
  preferences.set("ana", {});
  struct stat status {};
  ASSERT_EQ(stat((folder_ / "people").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700);
  ASSERT_EQ(stat((folder_ / "people" / "ana.json").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600);
}

TEST_F(PreferencesTest, AFileThatCannotBeUnderstoodCoversMost) {
  Preferences preferences(folder_, log_);
  std::ofstream(folder_ / "ana.json") << R"({"style":"grey"})";
  std::ofstream(folder_ / "ben.json") << std::string(70'000, ' ');
  EXPECT_EQ(preferences.of("ana"), PersonSettings());
  EXPECT_EQ(preferences.of("ben"), PersonSettings());
  EXPECT_EQ(log_.lines, 2);
}

TEST(PersonSettings, ComeBackFromJsonAsTheyWere) {
  PersonSettings settings;
  settings.style = Cover::blur;
  settings.columns = 6;
  settings.size = "large";
  settings.theme = "system";
  settings.reveal = "hold_key_only";
  settings.rendition = "colour";
  settings.keys = "with_alt";
  settings.budget = {10, 200, 30, 15};
  settings.interleave = false;
  EXPECT_EQ(*settings_from_json(to_json(settings)), settings);
  EXPECT_EQ(*settings_from_json(to_json(PersonSettings())), PersonSettings());
}

TEST(PersonSettings, ALimitMayBeMissing) {
  auto text = to_json(PersonSettings());
  const auto budget = text.find("{\"reveals");
  text.replace(budget, text.find('}', budget) + 1 - budget, R"({"seconds_a_day":9})");
  const auto settings = settings_from_json(text);
  ASSERT_TRUE(settings) << text;
  EXPECT_EQ(settings->budget, (OwnBudget{std::nullopt, 9, std::nullopt, std::nullopt}));
}

TEST(PersonSettings, RefuseWhatTheyDoNotKnow) {
  const std::string good = to_json(PersonSettings());
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return settings_from_json(text);
  };
  EXPECT_FALSE(with("\"card\"", "\"colour\""));
  EXPECT_FALSE(with("\"dark\"", "\"bright\""));
  EXPECT_FALSE(with("\"columns\":0", "\"columns\":13"));
  EXPECT_FALSE(with("\"interleave\":true", "\"interleave\":1"));
  EXPECT_FALSE(with("\"keys\"", "\"kays\""));
  EXPECT_FALSE(with("{\"style\"", "{\"more\":1,\"style\""));
  EXPECT_FALSE(with("{\"reveals", "{\"more\":1,\"reveals"));
  for (size_t length = 0; length < good.size(); ++length) {
    EXPECT_FALSE(settings_from_json(good.substr(0, length)));
  }
}

TEST(PersonSettings, TightenAndNeverLoosen) {
  const ExposureBudget policy{60, std::nullopt, 50, 10};
  EXPECT_EQ(effective(policy, OwnBudget{100, 300, 70, 5}), (ExposureBudget{60, 300, 50, 10}));
  EXPECT_EQ(effective(policy, OwnBudget{20, {}, 30, 15}), (ExposureBudget{20, {}, 30, 15}));
  EXPECT_EQ(effective(policy, OwnBudget{{}, {}, 0, 0}), policy);
  EXPECT_EQ(effective({}, OwnBudget{}), ExposureBudget());
  for (const uint32_t own : {0u, 1u, 59u, 61u}) {
    EXPECT_TRUE(is_as_tight(effective(policy, OwnBudget{own, own, own, own}), policy));
  }
  EXPECT_EQ(effective(Cover::grey, Cover::card), Cover::card);
  EXPECT_EQ(effective(Cover::drawing, Cover::grey), Cover::drawing);
}

}  // namespace
}  // namespace safelight::serve
