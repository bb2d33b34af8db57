#include "safelight/serve/room/audience.h"

#include <gmock/gmock.h>

namespace safelight::serve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string heard(EventStream& stream) { return stream.take().bytes; }

TEST(Audience, AllHearWhatIsToldToAll) {
  Audience audience;
  const auto ana = std::make_shared<EventStream>();
  const auto ben = std::make_shared<EventStream>();
  audience.join(ana, "ana");
  audience.join(ben, "ben");
  audience.tell({.name = "act", .data = "1"});
  audience.tell("ben", {.name = "act", .data = "2"});
  EXPECT_THAT(heard(*ana), HasSubstr("data: 1"));
  const std::string to_ben = heard(*ben);
  EXPECT_THAT(to_ben, HasSubstr("data: 1"));
  EXPECT_THAT(to_ben, HasSubstr("data: 2"));
  EXPECT_EQ(heard(*ana), "");
}

TEST(Audience, SaysWhoIsHereAndWhatEachLooksAt) {
  Audience audience;
  ItemId item;
  item.value.bytes[0] = 1;
  const auto first = std::make_shared<EventStream>();
  const auto second = std::make_shared<EventStream>();
  const auto ben = std::make_shared<EventStream>();
  audience.join(ben, "ben");
  audience.join(first, "ana");
  audience.join(second, "ana");
  audience.look_at("ana", item);
  EXPECT_THAT(audience.present(),
              ElementsAre(Audience::Present{"ana", item}, Audience::Present{"ben", std::nullopt}));
  audience.look_at("ana", std::nullopt);
  first->close();
  EXPECT_TRUE(audience.sweep());
  EXPECT_EQ(audience.present().size(), 2u) << "in another window";
  second->close();
  EXPECT_TRUE(audience.sweep());
  EXPECT_THAT(audience.present(), ElementsAre(Audience::Present{"ben", std::nullopt}));
  EXPECT_FALSE(audience.sweep());
}

TEST(Audience, EndsItsStreams) {
  Audience audience;
  const auto ana = std::make_shared<EventStream>();
  audience.join(ana, "ana");
  audience.close();
  EXPECT_FALSE(ana->is_open());
  EXPECT_TRUE(audience.present().empty());
}

}  // namespace
}  // namespace safelight::serve
