#include "safelight/base/share_work.h"

#include <gtest/gtest.h>
#include <numeric>
#include <stdexcept>

namespace safelight {
namespace {

TEST(ShareWork, GivesEachPieceToOneThread) {
  for (const size_t pieces : {0u, 1u, 2u, 1000u}) {
    for (const size_t threads : {1u, 2u, 5u}) {
      std::vector<std::atomic<int>> done(pieces);
      std::atomic<size_t> workers{0};
      share_work(pieces, threads, [&](const auto& next) {
        ++workers;
        while (const auto piece = next()) ++done[*piece];
      });
      for (const auto& times : done) EXPECT_EQ(times, 1);
      EXPECT_EQ(workers, std::max<size_t>(1, std::min(pieces, threads)));
    }
  }
}

TEST(ShareWork, RethrowsAndHandsOutNoMore) {
  for (const size_t threads : {1u, 4u}) {
    std::atomic<size_t> done{0};
    const auto work = [&](const auto& next) {
      while (next()) {
        if (++done == 3) throw std::runtime_error("the third");
      }
    };
    EXPECT_THROW(share_work(1'000'000'000, threads, work), std::runtime_error);
  }
}

}  // namespace
}  // namespace safelight
