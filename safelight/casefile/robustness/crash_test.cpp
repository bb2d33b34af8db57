#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/casefile/internal/sample_case.h"
#include "safelight/casefile/reader.h"
#include "safelight/casefile/verify.h"
#include "safelight/casefile/writer.h"

namespace safelight::casefile {
namespace {

constexpr uint64_t kBatchItems = 20;

uint64_t items_in(const std::filesystem::path& directory) {
  return Reader::open(directory).summary().items.items;
}

/// Goes on with a scan of endless made-up items, telling `done` about every commit. Never returns.
[[noreturn]] void write_until_killed(const std::filesystem::path& directory, int done) {
  const sample::TickingClock clock;
  sample::KeepingLog log;
  Writer writer = Writer::open(directory, clock, log);
  writer.begin_run({"scan", {}, "0.1.0"});
  for (uint64_t first = items_in(directory);; first += kBatchItems) {
    writer.commit(sample::batch(first, kBatchItems));
    const char byte = 1;
    if (write(done, &byte, 1) != 1) _exit(1);
  }
}

/// Starts such a scan in a process of its own, kills it after a while and gives the number of
/// commits of which it told.
uint64_t commits_until_killed(const std::filesystem::path& directory,
                              std::chrono::microseconds life) {
  int pipe_ends[2];
  EXPECT_EQ(pipe(pipe_ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    close(pipe_ends[0]);
    write_until_killed(directory, pipe_ends[1]);
  }
  close(pipe_ends[1]);
  std::this_thread::sleep_for(life);
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the writer failed by itself";
  uint64_t commits = 0;
  char bytes[512];
  for (ssize_t got = 0; (got = read(pipe_ends[0], bytes, sizeof bytes)) > 0;) {
    commits += static_cast<uint64_t>(got);
  }
  close(pipe_ends[0]);
  return commits;
}

TEST(Crash, ACaseWhoseWriterIsKilledAgainAndAgainLosesNoCommitAndVerifies) {
  const sample::Folder folder;
  const auto directory = folder / "case";
  {
    const sample::TickingClock clock;
    sample::KeepingLog log;
    Writer writer = Writer::create(directory, sample::kCaseId, sample::info(), clock, log);
    writer.use_list(sample::list());
  }
  std::mt19937_64 random(7);
  uint64_t told = 0;
  for (int round = 0; round < 20; ++round) {
    const uint64_t before = items_in(directory);
    const uint64_t commits =
        commits_until_killed(directory, std::chrono::microseconds(random() % 60'000));
    told += commits;
    const Verification verification = verify_case(directory, {});
    ASSERT_FALSE(verification.mismatch) << round << ": " << verification.mismatch->what;
    const uint64_t after = items_in(directory);
    EXPECT_EQ(after % kBatchItems, 0u) << "half a commit is there";
    EXPECT_GE(after, before + commits * kBatchItems) << "a commit of which it told is lost";
    // The one that was under way when it was killed may have come through.
    EXPECT_LE(after, before + (commits + 1) * kBatchItems);
  }
  EXPECT_GT(told, 0u);
  const Verification verification = verify_case(directory, {});
  EXPECT_EQ(verification.resumptions, verification.runs - 1);
}

/// Commits until there is a Fault, and gives its text; checks that the writer can go on being
/// asked.
std::string fill_up(const std::filesystem::path& directory) {
  const sample::TickingClock clock;
  sample::KeepingLog log;
  Writer writer = Writer::open(directory, clock, log);
  for (uint64_t first = 0; first < 200'000; first += 500) {
    const auto head = writer.head();
    try {
      writer.commit(sample::batch(first, 500));
    } catch (const Fault& fault) {
      if (writer.head() != head) return "the head moved though nothing was written";
      try {
        writer.commit(sample::batch(first, 500));
        return "the disk was full, and then it was not";
      } catch (const Fault&) {
        return fault.what();
      }
    }
  }
  return "";
}

void make_empty(const std::filesystem::path& directory) {
  const sample::TickingClock clock;
  sample::KeepingLog log;
  Writer::create(directory, sample::kCaseId, sample::info(), clock, log).use_list(sample::list());
}

TEST(FullDisk, IsAFaultAndTheCaseStaysAsItWas) {
  const sample::Folder folder;
  const auto disk = folder / "disk";
  std::filesystem::create_directory(disk);
  if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=3m") != 0) {
    GTEST_SKIP() << "cannot mount a small file system here (needs root)";
  }
  const auto directory = disk / "case";
  make_empty(directory);
  EXPECT_THAT(fill_up(directory), testing::HasSubstr("no space is left"));
  const Verification verification = verify_case(directory, {});
  EXPECT_FALSE(verification.mismatch) << verification.mismatch->what;
  EXPECT_GT(items_in(directory), 0u);
  EXPECT_EQ(items_in(directory) % 500, 0u);
  umount2(disk.c_str(), MNT_DETACH);
}

TEST(FullDisk, AFileSizeLimitIsAFaultAndTheCaseStaysAsItWas) {
  const sample::Folder folder;
  const auto directory = folder / "case";
  make_empty(directory);
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{2 << 20, 2 << 20};
    setrlimit(RLIMIT_FSIZE, &limit);
    _exit(fill_up(directory).find("no space is left") != std::string::npos ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  const Verification verification = verify_case(directory, {});
  EXPECT_FALSE(verification.mismatch) << verification.mismatch->what;
  EXPECT_GT(items_in(directory), 0u);
}

TEST(WriterLock, GoesWithTheProcessThatHeldIt) {
  const sample::Folder folder;
  const auto directory = folder / "case";
  make_empty(directory);
  commits_until_killed(directory, std::chrono::milliseconds(20));
  const sample::TickingClock clock;
  sample::KeepingLog log;
  EXPECT_NO_THROW(Writer::open(directory, clock, log));
}

}  // namespace
}  // namespace safelight::casefile
