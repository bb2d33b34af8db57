/// The routes of screening with the workers' programs behind them.
#include <gmock/gmock.h>

#include "tests/e2e/square_chart.h"

#include "safelight/base/fault.h"
#include "safelight/casefile/reader.h"
#include "safelight/casefile/writer.h"
#include "safelight/scan/open_item.h"
#include "safelight/seal/seal_key.h"
#include "safelight/serve/held/held_store.h"
#include "safelight/serve/screening_api/program_for_test.h"

namespace safelight::serve {
namespace {

using e2e::square_chart;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr uint32_t kListed = 1;
constexpr uint32_t kOther = 8;

scan::ExaminerOptions examiner_options() {
  scan::ExaminerOptions options;
  options.worker_folder = SAFELIGHT_WORKERS;
  return options;
}

std::string text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Notes what it is given, or fails.
class NotedUploads final : public HeldUploads {
 public:
  void keep(const FileSource& file, const Screened& screened, const UploadSender& sender) override {
    if (is_full) throw Fault("no room");
    sizes.push_back(file.size_bytes());
    reasons.push_back(screened.reasons);
    tenants.emplace_back(sender.tenant);
  }
  bool is_full = false;
  std::vector<uint64_t> sizes;
  std::vector<std::vector<HoldReason>> reasons;
  std::vector<std::string> tenants;
};

class ScreeningRoutesTest : public testing::ProgramTest {
 protected:
  ScreeningRoutesTest() : ProgramTest(examiner_options()) {
    scan::Examiner examiner(examiner_options());
    const auto file = testing::memory_source(square_chart(kListed));
    const auto digested = examiner.digest(file);
    const scan::Asked asked{{.reference = true, .full = true}};
    const auto examined = examiner.examine(file, *digested, asked,
                                           [](const casefile::ContentKey&) { return nullptr; });
    for (const PdqHashes& hashes : examined.back().examination.fingerprints) {
      (hashes.mode == PdqMode::full ? full_ : reference_) = to_hex(hashes.fingerprints[0]);
    }
    store_.build("charts", "pdq,category\n" + reference_ + ",1\n", {"1=known"});
    store_.build("hma", "pdq\n" + full_ + "\n", {}, PdqMode::full);
    held_ = &noted_;
    policy_.upload_bucket = std::chrono::milliseconds(40);
    start({"charts", "hma"});
    key_ = key_with({Scope::screen});
  }
  Response upload(const std::vector<std::byte>& file) {
    return post("/v1/screen", key_, text(file));
  }
  Response form(std::string_view target, std::string_view field) {
    key_with({Scope::review});
    services_->policy.hma_unix_key = last_key_;
    Request made = request(Method::post, "",
                           "--x\r\nContent-Disposition: form-data; name=\"" + std::string(field) +
                               "\"; filename=\"a\"\r\n\r\n" + text(square_chart(kListed, 60)) +
                               "\r\n--x--\r\n");
    made.headers.add("content-type", "multipart/form-data; boundary=x");
    made.peer.transport = Transport::unix_socket;
    return ask(target, std::move(made));
  }

  NotedUploads noted_;
  std::string reference_;
  std::string full_;
  std::string key_;
};

TEST_F(ScreeningRoutesTest, AnswersDifferInOneWordAndNothingElse) {
  const Response accepted = upload(square_chart(kOther));
  const Response held = upload(square_chart(kListed, 60));
  EXPECT_THAT(text_of(accepted), HasSubstr("accept"));
  EXPECT_THAT(text_of(held), HasSubstr("hold"));
  EXPECT_EQ(accepted.content_bytes().size(), held.content_bytes().size());
  EXPECT_EQ(accepted.headers(), held.headers());
  EXPECT_EQ(accepted.status(), held.status());
  EXPECT_EQ(accepted.bucket(), held.bucket());
  EXPECT_EQ(accepted.bucket(), policy_.upload_bucket);
  const auto counts = activity_.counts().at(0);
  EXPECT_EQ(counts.accepted, 1u);
  EXPECT_EQ(counts.held, 1u);
}

TEST_F(ScreeningRoutesTest, WhatIsHeldIsKeptAndNothingElse) {
  const auto listed = square_chart(kListed, 60);
  upload(listed);
  upload(square_chart(kOther));
  EXPECT_THAT(noted_.sizes, ElementsAre(listed.size()));
  EXPECT_THAT(noted_.tenants, ElementsAre("platform"));
  EXPECT_THAT(noted_.reasons, ElementsAre(ElementsAre(HoldReason::fingerprint)));
}

TEST_F(ScreeningRoutesTest, WhatCannotBeKeptGetsNoVerdictAndTheAnswerIsPadded) {
  noted_.is_full = true;
  const Response answer = upload(square_chart(kListed));
  EXPECT_EQ(answer.status(), Status::service_unavailable);
  EXPECT_EQ(answer.bucket(), policy_.upload_bucket);
  EXPECT_EQ(text_of(answer).find("room"), std::string::npos);
}

TEST_F(ScreeningRoutesTest, WhatIsNoPictureIsRefusedByItsContentWhateverItIsCalled) {
  Request made = request(Method::post, key_, "%PDF-1.4 and more");
  made.headers.add("content-type", "image/jpeg");
  const Response answer = ask("/v1/screen", std::move(made));
  EXPECT_EQ(answer.status(), Status::unsupported_media_type);
  EXPECT_EQ(answer.bucket(), policy_.upload_bucket);
  EXPECT_EQ(post("/v1/screen", key_, "").status(), Status::bad_request);
}

TEST_F(ScreeningRoutesTest, AnUploadOverTheRateIsRefusedBeforeItIsRead) {
  for (uint32_t i = 0; i < kUploadBurst; ++i) {
    EXPECT_EQ(post("/v1/screen", key_, "").status(), Status::bad_request);
  }
  const Response refused = upload(square_chart(kOther));
  EXPECT_EQ(refused.status(), Status::too_many_requests);
  EXPECT_EQ(activity_.counts().at(0).over_rate, 1u);
}

TEST_F(ScreeningRoutesTest, WhoFeelsHisWayIsHeldAndCounted) {
  // Many codings of one picture that no list knows.
  for (int quality = 60; quality < 63; ++quality) {
    EXPECT_THAT(text_of(upload(square_chart(kOther, quality))), HasSubstr("accept"));
  }
  EXPECT_THAT(text_of(upload(square_chart(kOther, 70))), HasSubstr("hold"));
  EXPECT_THAT(noted_.reasons.back(), ElementsAre(HoldReason::near_queries));
  EXPECT_EQ(activity_.counts().at(0).near_queries, 1u);
}

TEST_F(ScreeningRoutesTest, APhotoIsHashedAndLookedUpAsHmaDoes) {
  EXPECT_EQ(text_of(form("/h/hash", "photo")).substr(0, 8), R"({"pdq":")");
  EXPECT_EQ(text_of(form("/h/hash", "photo")).size(), full_.size() + 10);
  EXPECT_THAT(text_of(form("/m/lookup", "photo")), HasSubstr(R"({"pdq":{"charts":[{)"));
  EXPECT_THAT(text_of(form("/m/lookup", "photo")), HasSubstr(R"("hma":[{)"));
  EXPECT_EQ(form("/h/hash", "video").status(), Status::bad_request);
}

TEST_F(ScreeningRoutesTest, WhatIsHeldIsOpenedAgainAsAnItemOfItsCase) {
  testing::TestFolder folder;
  const HeldStorePlaces places{folder.path() / "case", folder.path() / "held",
                               folder.path() / "key"};
  SealKey::make_file(places.key_file);
  casefile::Writer::create(places.case_directory, casefile::random_case_id(), {}, clock_, log_);
  const auto store = HeldStore::open(places, {}, random_, clock_, log_);
  services_->held = store.get();
  ASSERT_THAT(text_of(upload(square_chart(kListed, 60))), HasSubstr("hold"));

  const auto reader = casefile::Reader::open(places.case_directory);
  std::vector<casefile::Item> items;
  reader.for_each_item([&](const casefile::StoredItem& item) { items.push_back(item.item); });
  ASSERT_EQ(items.size(), 1u);
  scan::Examiner examiner(examiner_options());
  EXPECT_EQ(scan::open_item(examiner, reader, items[0]).error().rule, "item.upload");
  const auto open_upload = [&](std::string_view name) -> Result<FileSource> {
    return store->bytes({std::string(name)});
  };
  const auto opened = scan::open_item(examiner, reader, items[0], open_upload);
  ASSERT_TRUE(opened);
  EXPECT_TRUE(examiner.rendition(opened->file, opened->picture, {}));
  ASSERT_EQ(store->purge(*store->upload_of(items[0]), "done", "lead"), PurgeOutcome::done);
  EXPECT_EQ(scan::open_item(examiner, reader, items[0], open_upload).error().code,
            ErrorCode::not_found);
}

TEST_F(ScreeningRoutesTest, NothingOfAnUploadIsLogged) {
  upload(square_chart(kListed));
  upload(square_chart(kOther));
  EXPECT_TRUE(log_.lines.empty());
}

}  // namespace
}  // namespace safelight::serve
