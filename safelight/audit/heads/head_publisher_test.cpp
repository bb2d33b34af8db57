#include "safelight/audit/heads/head_publisher.h"

#include <array>
#include <gtest/gtest.h>

#include "safelight/audit/heads/heads_for_test.h"
#include "safelight/base/fault.h"

namespace safelight::audit {
namespace {

using test::head_of_size;

/// What became of the lines given to a destination.
struct Kept {
  std::vector<SignedHead> heads;
  bool is_full = false;
};

class KeepingDestination final : public HeadDestination {
 public:
  KeepingDestination(std::string name, Kept& kept) : name_(std::move(name)), kept_(kept) {}
  [[nodiscard]] std::string name() const override { return name_; }
  void append(std::string_view line) override {
    if (kept_.is_full) throw Fault("the medium is full");
    kept_.heads.push_back(*parse_head_line(line));
  }

 private:
  std::string name_;
  Kept& kept_;
};

class Publishing : public testing::Test {
 protected:
  Publishing() {
    std::vector<std::unique_ptr<HeadDestination>> destinations;
    destinations.push_back(std::make_unique<KeepingDestination>("near", near_));
    destinations.push_back(std::make_unique<KeepingDestination>("far", far_));
    publisher_.emplace(SigningKey::make(), HeadPublisher::Options{"log", 60'000'000'000},
                       std::move(destinations), clock_);
  }

  static std::vector<uint64_t> sizes(const Kept& kept) {
    std::vector<uint64_t> out;
    for (const SignedHead& head : kept.heads) out.push_back(head.head.size);
    return out;
  }
  [[nodiscard]] size_t offer_at(int64_t seconds, uint64_t size) {
    clock_.set_s(seconds);
    return publisher_->offer(head_of_size(size)).size();
  }

  test::SetClock clock_;
  Kept near_;
  Kept far_;
  std::optional<HeadPublisher> publisher_;
};

using Sizes = std::vector<uint64_t>;

TEST_F(Publishing, SignsTheHeadForEachDestination) {
  EXPECT_EQ(offer_at(100, 3), 0u);
  EXPECT_EQ(near_.heads, far_.heads);
  ASSERT_EQ(near_.heads.size(), 1u);
  EXPECT_EQ(near_.heads[0].head, head_of_size(3));
  EXPECT_EQ(near_.heads[0].time_ns, 100'000'000'000);
  EXPECT_TRUE(check_signature(near_.heads[0], publisher_->public_key()));
}

TEST_F(Publishing, GivesAtMostOneHeadInTheTimeSet) {
  EXPECT_EQ(offer_at(100, 3), 0u);
  EXPECT_EQ(offer_at(130, 4), 0u);
  EXPECT_EQ(offer_at(159, 5), 0u);
  EXPECT_EQ(offer_at(160, 6), 0u);
  EXPECT_EQ(offer_at(300, 6), 0u);
  EXPECT_EQ(sizes(near_), (Sizes{3, 6}));
}

TEST_F(Publishing, AtTheEndGivesTheLastHeadAtOnce) {
  EXPECT_EQ(offer_at(100, 3), 0u);
  EXPECT_EQ(offer_at(101, 4), 0u);
  EXPECT_EQ(publisher_->published_size(), 3u);
  EXPECT_TRUE(publisher_->publish(head_of_size(4)).empty());
  EXPECT_TRUE(publisher_->publish(head_of_size(4)).empty());
  EXPECT_EQ(sizes(near_), (Sizes{3, 4}));
  EXPECT_EQ(publisher_->published_size(), 4u);
}

TEST_F(Publishing, TellsEachFailureAndTriesAgainWhenDue) {
  far_.is_full = true;
  clock_.set_s(100);
  const auto failures = publisher_->offer(head_of_size(3));
  ASSERT_EQ(failures.size(), 1u);
  EXPECT_EQ(failures[0].destination, "far");
  EXPECT_EQ(failures[0].what, "the medium is full");
  EXPECT_EQ(publisher_->published_size(), 0u);
  EXPECT_EQ(offer_at(130, 3), 0u);
  EXPECT_EQ(offer_at(160, 3), 1u);
  far_.is_full = false;
  EXPECT_EQ(offer_at(220, 3), 0u);
  EXPECT_EQ(sizes(far_), (Sizes{3}));
  EXPECT_EQ(sizes(near_), (Sizes{3}));
  EXPECT_EQ(publisher_->published_size(), 3u);
}

TEST_F(Publishing, AClockThatIsSetBackHoldsNothingUp) {
  EXPECT_EQ(offer_at(100, 3), 0u);
  EXPECT_EQ(offer_at(50, 4), 0u);
  EXPECT_EQ(sizes(near_), (Sizes{3, 4}));
}

}  // namespace
}  // namespace safelight::audit
