#include "safelight/synthesis/workers/model_places.h"

#include <gtest/gtest.h>

namespace safelight::synthesis {
namespace {

Result<ModelPlaces> from(const std::vector<std::string>& arguments) {
  std::vector<const char*> pointers;
  for (const std::string& argument : arguments) pointers.push_back(argument.c_str());
  return places_from_arguments(pointers);
}

TEST(ModelPlaces, ReachTheProgramAsArguments) {
  const ModelPlaces both = {"/models/of a lab", {"/lib/runtime.so", "/other/runtime.so"}};
  EXPECT_EQ(*from(to_arguments(both)), both);
  EXPECT_TRUE(to_arguments({}).empty());
  EXPECT_EQ(*from({}), ModelPlaces{});
}

TEST(ModelPlaces, AreMadeAbsolute) {
  EXPECT_EQ(from(to_arguments({"models", {}}))->plugin_folder,
            std::filesystem::current_path() / "models");
}

TEST(ModelPlaces, ANameForTheSystemsLoaderIsNoFileOfTheFolderThatTheUserStandsIn) {
  const auto places = from(to_arguments({"", {"libonnxruntime.so.1", "lib/runtime.so"}}));
  EXPECT_EQ(places->runtimes,
            (std::vector<std::filesystem::path>{
                "libonnxruntime.so.1", std::filesystem::current_path() / "lib/runtime.so"}));
}

TEST(ModelPlaces, OtherArgumentsAreRefused) {
  const Error bad = {ErrorCode::malformed, "synthesis-worker.arguments"};
  EXPECT_EQ(from({"--plugins"}).error(), bad);
  EXPECT_EQ(from({"--models", "/x"}).error(), bad);
  EXPECT_EQ(from({"--plugins", "/x", "--plugins", "/y"}).error(), bad);
}

}  // namespace
}  // namespace safelight::synthesis
