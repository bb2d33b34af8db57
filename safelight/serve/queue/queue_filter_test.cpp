#include "safelight/serve/queue/queue_filter.h"

#include <gmock/gmock.h>

namespace safelight::serve {
namespace {

using testing::ElementsAre;

QueueFilter filter_of(const std::vector<std::pair<std::string_view, std::string_view>>& parts) {
  QueueFilter out;
  for (const auto& [name, value] : parts) EXPECT_TRUE(out.add(name, value)) << name;
  return out;
}

TEST(QueueFilters, AreTakenPartByPart) {
  const QueueFilter filter = filter_of({{"state", "open"},
                                        {"class", "review"},
                                        {"type", "png"},
                                        {"type", "jpeg"},
                                        {"type", "png"},
                                        {"search", "0123456789abcdef"},
                                        {"size_min", "1000"},
                                        {"size_max", "18446744073709551615"},
                                        {"after", "2026-11-29"},
                                        {"before", "2026-11-30"},
                                        {"known", "shown"}});
  EXPECT_THAT(filter[Facet::type], ElementsAre("jpeg", "png"));
  EXPECT_THAT(filter[Facet::rank_class], ElementsAre("review"));
  EXPECT_EQ(filter.size_min, 1000u);
  EXPECT_EQ(filter.size_max, UINT64_MAX);
  EXPECT_EQ(*filter.before - *filter.after, std::chrono::days(1));
  EXPECT_EQ(filter.known, KnownItems::shown);
}

TEST(QueueFilters, ThatAreEqualHaveOneTextAndOthersAnother) {
  EXPECT_EQ(to_text(filter_of({{"type", "a"}, {"state", "open"}, {"type", "b"}})),
            to_text(filter_of({{"type", "b"}, {"type", "a"}, {"state", "open"}})));
  EXPECT_EQ(to_text(QueueFilter()), "");
  const std::vector<QueueFilter> others = {
      {},
      filter_of({{"type", "a"}}),
      filter_of({{"list", "a"}}),
      filter_of({{"type", "a"}, {"type", "b"}}),
      filter_of({{"type", "a&type=1:b"}}),
      filter_of({{"type", "a&type=b"}}),
      filter_of({{"size_min", "1"}}),
      filter_of({{"size_max", "1"}}),
      filter_of({{"after", "2026-11-29"}}),
      filter_of({{"before", "2026-11-29"}}),
      filter_of({{"before", "2026-11-28"}}),
      filter_of({{"search", "a"}}),
      filter_of({{"known", "shown"}}),
  };
  for (size_t a = 0; a < others.size(); ++a) {
    for (size_t b = 0; b < others.size(); ++b) {
      EXPECT_EQ(to_text(others[a]) == to_text(others[b]), a == b) << a << " " << b;
    }
  }
}

TEST(QueueFilters, RefuseWhatIsNoPartOfOne) {
  QueueFilter filter;
  const auto rule_of = [&](std::string_view name, std::string_view value) {
    const auto added = filter.add(name, value);
    return added ? std::string_view() : added.error().rule;
  };
  EXPECT_EQ(rule_of("colour", "red"), "filter.name");
  for (const auto& [name, value] : std::vector<std::pair<std::string_view, std::string_view>>{
           {"state", ""},
           {"size_min", "-1"},
           {"size_min", "1k"},
           {"size_max", "18446744073709551616"},
           {"after", "2026-02-30"},
           {"after", "2026-2-3"},
           {"after", "9999-12-31"},
           {"before", "0000-01-01"},
           {"before", "20261129xx"},
           {"known", "maybe"}}) {
    EXPECT_EQ(rule_of(name, value), "filter.value") << name << " " << value;
  }
  EXPECT_EQ(rule_of("type", std::string(kMaxFacetValueBytes + 1, 'a')), "filter.value");
  EXPECT_EQ(filter, QueueFilter());
  for (size_t i = 0; i < kMaxFacetValues; ++i) {
    EXPECT_EQ(rule_of("type", std::string(i + 1, 'a')), "");
  }
  EXPECT_EQ(rule_of("type", "a"), "") << "is among them";
  EXPECT_EQ(rule_of("type", "b"), "filter.values");
}

}  // namespace
}  // namespace safelight::serve
