#include "safelight/serve/accounts/account_store.h"

#include <fstream>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <sqlite3.h>
#include <sys/stat.h>

#include "safelight/base/fault.h"
#include "safelight/serve/accounts/accounts_for_test.h"
#include "safelight/serve/accounts/api_key.h"
#include "safelight/serve/accounts/people.h"
#include "safelight/serve/accounts/two_person_act.h"

namespace safelight::serve {
namespace {

using ::testing::HasSubstr;

class QuietLog final : public LogSink {
 public:
  void log(Severity, std::string_view) override {}
};

class Store : public ::testing::Test {
 protected:
  AccountStore open() { return AccountStore::open(folder_, log_); }
  void close_with_two_people() {
    AccountStore store = open();
    People people(store, clock_, random_, hasher_);
    ASSERT_TRUE(people.add({"ann", "Ann", Role::admin}, "correct horse battery"));
    ASSERT_TRUE(people.add({"bob", "Bob", Role::reviewer}, "correct horse battery"));
  }
  void run_sql(const std::string& sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file_.c_str(), &database), SQLITE_OK);
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK)
        << message;
    sqlite3_free(message);
    sqlite3_close(database);
  }
  /// What opening the store and reading everybody says.
  std::string fault() {
    try {
      AccountStore store = open();
      People people(store, clock_, random_, hasher_);
      for (const Person& person : people.all()) {
        (void)people.check_password(person.login, "correct horse battery");
      }
    } catch (const Fault& fault) {
      return fault.what();
    }
    return "";
  }
  static mode_t mode_of(const std::filesystem::path& path) {
    struct stat status {};
    EXPECT_EQ(stat(path.c_str(), &status), 0);
    return status.st_mode & 0777;
  }

  testing::TestFolder around_;
  std::filesystem::path folder_ = around_.path() / "accounts";
  std::filesystem::path file_ = folder_ / "accounts.db";
  QuietLog log_;
  testing::SetClock clock_;
  testing::SeededRandom random_;
  PasswordHasher hasher_{testing::kTestCost, 1};
};

TEST_F(Store, IsReadableByItsOwnerAlone) {
  const mode_t before = umask(0);
  const AccountStore store = open();
  umask(before);
  EXPECT_EQ(mode_of(folder_), 0700u);
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    EXPECT_EQ(mode_of(entry.path()), 0600u) << entry.path();
  }
}

TEST_F(Store, TightensModesThatAreTooWide) {
  close_with_two_people();
  chmod(folder_.c_str(), 0755);
  chmod(file_.c_str(), 0644);
  open();
  EXPECT_EQ(mode_of(folder_), 0700u);
  EXPECT_EQ(mode_of(file_), 0600u);
}

TEST_F(Store, KeepsWhatItWasGiven) {
  close_with_two_people();
  AccountStore store = open();
  People people(store, clock_, random_, hasher_);
  ASSERT_EQ(people.all().size(), 2u);
  EXPECT_EQ(people.all()[1].login, "bob");
}

TEST_F(Store, IsSharedByTwoPrograms) {
  AccountStore one = open();
  AccountStore other = open();
  People here(one, clock_, random_, hasher_);
  People there(other, clock_, random_, hasher_);
  ASSERT_TRUE(here.add({"ann", "Ann", Role::admin}, "correct horse battery"));
  EXPECT_TRUE(there.find("ann"));
}

TEST_F(Store, LetsNoKeyInThatAnotherProgramRevokedAfterItWasAskedFor) {
  AccountStore first = open();
  ApiKeys keys(first, clock_, random_);
  const auto issued = keys.add({"uploader", "platform", {Scope::screen}, std::nullopt}).value();
  ASSERT_TRUE(keys.find(issued.text.view()));
  ASSERT_TRUE(keys.find(issued.text.view()));
  AccountStore second = open();
  ASSERT_TRUE(ApiKeys(second, clock_, random_).revoke(issued.id));
  EXPECT_FALSE(keys.find(issued.text.view()));
}

TEST_F(Store, RefusesAFileThatIsNone) {
  std::filesystem::create_directory(folder_);
  std::ofstream(file_) << std::string(5000, 'x');
  EXPECT_THAT(fault(), HasSubstr("accounts.db is damaged"));
}

TEST_F(Store, RefusesAnotherDatabase) {
  std::filesystem::create_directory(folder_);
  run_sql("CREATE TABLE t(a)");
  EXPECT_THAT(fault(), HasSubstr("is no store of accounts"));
}

TEST_F(Store, RefusesALaterVersion) {
  close_with_two_people();
  run_sql("PRAGMA user_version=3");
  EXPECT_THAT(fault(), HasSubstr("is of version 3, later than the 2 that is known here"));
  run_sql("PRAGMA user_version=0");
  EXPECT_THAT(fault(), HasSubstr("it has no version"));
}

TEST_F(Store, TakesUpOneOfVersion1WithWhatWasDoneAndWhatWaits) {
  close_with_two_people();
  run_sql(
      "UPDATE people SET role = 'lead'; DROP INDEX acts_by_end; ALTER TABLE acts DROP COLUMN "
      "outcome; ALTER TABLE acts DROP COLUMN ended_ns; PRAGMA user_version=1; "
      "INSERT INTO acts VALUES(1, 'purge', '{}', 'executed', 1, 1, 2, 2, 1, 1), "
      "(2, 'purge', '{}', 'pending', 1, " +
      std::to_string(clock_.now_ns()) + ", " + std::to_string(INT64_MAX) + ", NULL, NULL, NULL)");
  AccountStore store = open();
  TwoPersonActs acts(store, clock_);
  EXPECT_EQ(acts.find(ActId{1})->state, ActState::executed);
  EXPECT_FALSE(acts.find(ActId{1})->ended_ns);
  ASSERT_EQ(acts.approve(ActId{2}, PersonId{2}).outcome, ActOutcome::done);
  acts.end(ActId{2}, ActState::failed, "{}");
  EXPECT_EQ(acts.ended(ActKind::purge, 0, 10).size(), 1U);
}

TEST_F(Store, RefusesOneOfVersion1WhoseSchemaIsAnother) {
  close_with_two_people();
  run_sql("PRAGMA user_version=1");
  EXPECT_NE(fault(), "");
  run_sql("DROP TABLE acts");
  EXPECT_THAT(fault(), HasSubstr("is missing"));
}

TEST_F(Store, RefusesAnotherSchema) {
  close_with_two_people();
  run_sql("CREATE TRIGGER t AFTER INSERT ON people BEGIN DELETE FROM people; END");
  EXPECT_THAT(fault(), HasSubstr("\"t\" too many"));
  run_sql("DROP TRIGGER t; DROP INDEX people_by_login");
  EXPECT_THAT(fault(), HasSubstr("\"people_by_login\" is missing"));
}

TEST_F(Store, RefusesRowsThatItDoesNotWrite) {
  close_with_two_people();
  const std::pair<std::string, std::string> rows[] = {
      {"role = 'root'", "a role that is none"},
      {"login = 'Bob'", "a login name that is none"},
      {"display_name = ''", "a name that is none"},
      {"state = ''", "a state that is none"},
      {"totp_state = 'maybe'", "a second factor that is none"},
      {"password = 'plain'", "a password's hash is none"},
      {"password = '$argon2id$v=19$m=4194304,t=1,p=1$aaaaaaaaaaaa$aaaaaaaaaaaaaaaaaaaaaaa'",
       "a password's hash is none"}};
  std::ifstream in(file_, std::ios::binary);
  const std::string good{std::istreambuf_iterator<char>(in), {}};
  for (const auto& [change, what] : rows) {
    run_sql("UPDATE people SET " + change + " WHERE id = 2");
    EXPECT_THAT(fault(), HasSubstr(what)) << change;
    std::ofstream(file_, std::ios::binary) << good;
  }
}

TEST_F(Store, IsReadOrRefusedWhenItIsCutShortOrABitIsTurned) {
  close_with_two_people();
  std::ifstream in(file_, std::ios::binary);
  const std::string good{std::istreambuf_iterator<char>(in), {}};
  const auto with = [&](const std::string& bytes) {
    for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove(file_.string() + suffix);
    std::ofstream(file_, std::ios::binary) << bytes;
    return fault();
  };
  ASSERT_EQ(with(good), "");
  // Of the last page, an index without entries, only zeros are missing.
  constexpr size_t kPageBytes = 4096;
  for (size_t size = 1; size < good.size() - kPageBytes; size += good.size() / 60) {
    EXPECT_THAT(with(good.substr(0, size)), HasSubstr("accounts")) << size;
  }
  std::mt19937 random(1);
  for (int i = 0; i < 100; ++i) {
    std::string bytes = good;
    bytes[random() % bytes.size()] ^= static_cast<char>(1 << random() % 8);
    (void)with(bytes);
  }
}

TEST_F(Store, SaysThatAFolderCannotBeMade) {
  folder_ = around_.path() / "no" / "such";
  EXPECT_THAT(fault(), HasSubstr("cannot make the accounts directory"));
}

}  // namespace
}  // namespace safelight::serve
