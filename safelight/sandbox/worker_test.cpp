#include "safelight/sandbox/worker.h"

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/base/sanitizers.h"
#include "safelight/sandbox/testing/ordinary_user.h"
#include "safelight/sandbox/testing/run_worker.h"

namespace safelight::sandbox {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Error crashed(std::string_view rule) { return {ErrorCode::worker_crashed, rule}; }

/// A memory file with that text, sealed, as a request may carry it.
MemoryFile file_of(std::string_view text) {
  return MemoryFile::copy_of(std::as_bytes(std::span(text)));
}

std::string summary_of(std::string_view text) {
  uint64_t sum = 0;
  for (const char c : text) sum = sum * 31 + static_cast<unsigned char>(c);
  return std::to_string(text.size()) + ":" + std::to_string(sum);
}

std::vector<std::byte> noise(size_t size_bytes) {
  std::vector<std::byte> bytes(size_bytes);
  uint32_t state = 1;
  for (auto& byte : bytes) {
    state = state * 1'664'525 + 1'013'904'223;
    byte = static_cast<std::byte>(state >> 24);
  }
  return bytes;
}

TEST(Worker, AnswersTheLongestMessageAndRefusesALongerOne) {
  Worker worker = Worker::start(test_worker(), test_policy());
  Recorder recorder;
  const std::string longest = "echo " + std::string(kMaxMessageBytes - 5, 'x');
  ASSERT_TRUE(call(worker, longest, recorder));
  EXPECT_THAT(recorder.records, ElementsAre(longest));
  EXPECT_EQ(error_of(worker, longest + "x"),
            (Error{ErrorCode::limit_exceeded, "worker.message-bytes"}));
  EXPECT_EQ(worker.starts(), 1u);
}

TEST(Worker, GivesTheProgramItsArgumentsAtEveryStart) {
  const std::vector<std::string> arguments = {"--folder", "/a folder/with spaces", ""};
  Worker worker = Worker::start(test_worker(), test_policy(), arguments);
  for (int start = 1; start <= 2; ++start) {
    Recorder recorder;
    ASSERT_TRUE(call(worker, "arguments", recorder));
    EXPECT_EQ(recorder.records, arguments);
    EXPECT_EQ(error_of(worker, "exit"), crashed("worker.exited"));
  }
  EXPECT_EQ(worker.starts(), 2u);
}

TEST(Worker, PassesAnyNumberOfDescriptors) {
  Policy policy = test_policy();
  policy.max_descriptors = 400;
  Worker worker = Worker::start(test_worker(), policy);
  for (const size_t count : {0, 1, 2, 128, 129, 400}) {
    std::vector<MemoryFile> files;
    std::vector<int> descriptors;
    std::vector<std::string> texts;
    for (size_t i = 0; i < count; ++i) {
      texts.push_back("file number " + std::to_string(i));
      files.push_back(file_of(texts.back()));
      descriptors.push_back(files.back().descriptor());
    }
    Recorder recorder;
    ASSERT_TRUE(call(worker, "descriptors", recorder, descriptors)) << count;
    EXPECT_EQ(recorder.records, texts) << count;
  }
  const std::vector<int> too_many(401, 0);
  Recorder recorder;
  EXPECT_EQ(call(worker, "descriptors", recorder, too_many).error().rule, "worker.descriptors");
  EXPECT_EQ(worker.starts(), 1u);
}

TEST(Worker, GivesAWorkerOnlyRegularFilesThatItCannotWriteTo) {
  Worker worker = Worker::start(test_worker(), test_policy());
  const Descriptor writable(::memfd_create("writable", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  const Descriptor folder(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const Descriptor device(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const Descriptor path(::open("/proc/self/exe", O_PATH | O_CLOEXEC));
  for (const int bad : {writable.get(), folder.get(), device.get(), path.get(), -1}) {
    Recorder recorder;
    const auto result = call(worker, "descriptors", recorder, {{bad}});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error(), (Error{ErrorCode::unsupported, "worker.descriptor"}));
  }
  const Descriptor program(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  Recorder recorder;
  EXPECT_TRUE(call(worker, "echo", recorder, {{program.get()}}));
}

TEST(Worker, ServesSourcesBlockByBlock) {
  Worker worker = Worker::start(test_worker(), test_policy());
  const MemorySource empty({});
  const MemorySource small(noise(10));
  const MemorySource large(noise(1'000'003));
  const std::vector<const ByteSource*> sources = {&empty, &small, &large};
  std::vector<std::string> expected;
  for (const ByteSource* source : sources) {
    std::string text(source->size_bytes(), '\0');
    ASSERT_TRUE(source->read_at(0, std::as_writable_bytes(std::span(text))));
    expected.push_back(summary_of(text));
  }
  for (const char* step : {"sources 7", "sources 65536", "sources 300000"}) {
    Recorder recorder;
    ASSERT_TRUE(call(worker, step, recorder, {}, sources));
    EXPECT_EQ(recorder.records, expected) << step;
  }
}

class BadSectorSource final : public ByteSource {
 public:
  [[nodiscard]] uint64_t size_bytes() const override { return 1'000'000; }
  Result<size_t> read_at(uint64_t offset_bytes, std::span<std::byte>) const override {
    if (offset_bytes >= 900'000) return size_t{0};
    return Error::at(ErrorCode::unreadable, "test.bad-sector", offset_bytes);
  }
};

TEST(Worker, TellsTheWorkerWhyASourceCannotBeRead) {
  Worker worker = Worker::start(test_worker(), test_policy());
  const BadSectorSource bad;
  const std::vector<const ByteSource*> sources = {&bad};
  Recorder recorder;
  EXPECT_EQ(call(worker, "source-error 512", recorder, {}, sources).error(),
            Error::at(ErrorCode::unreadable, "test.bad-sector", 512));
  EXPECT_EQ(call(worker, "source-error 950000", recorder, {}, sources).error(),
            Error::at(ErrorCode::changed, "source.shorter-than-at-request", 950'000));
  EXPECT_EQ(worker.starts(), 1u);
}

TEST(Worker, GivesMemoryFilesThatNobodyCanChange) {
  Worker worker = Worker::start(test_worker(), test_policy());
  Recorder recorder;
  ASSERT_TRUE(call(worker, "file 3 1000003", recorder));
  EXPECT_THAT(recorder.records, ElementsAre("file 0", "file 1", "file 2"));
  ASSERT_EQ(recorder.files.size(), 3u);
  for (const MemoryFile& file : recorder.files) {
    EXPECT_EQ(file.size_bytes(), 1'000'003u);
    constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
    EXPECT_EQ(::fcntl(file.descriptor(), F_GET_SEALS) & kSeals, kSeals);
    EXPECT_NE(::ftruncate(file.descriptor(), 0), 0);
    const auto mapping = FileMapping::map(file.descriptor());
    ASSERT_TRUE(mapping);
    ASSERT_EQ(mapping->bytes().size(), 1'000'003u);
    bool right = true;
    for (size_t i = 0; i < mapping->bytes().size(); ++i)
      right = right && mapping->bytes()[i] == static_cast<std::byte>(i % 251);
    EXPECT_TRUE(right);
  }
  ASSERT_TRUE(call(worker, "file 1 0", recorder));
  EXPECT_EQ(recorder.files.back().size_bytes(), 0u);
}

TEST(Worker, HoldsMemoryFilesToThePolicy) {
  Policy policy = test_policy();
  policy.max_file_bytes = 100'000;
  policy.max_files_bytes = 250'000;
  policy.max_open_files = 2;
  Worker worker = Worker::start(test_worker(), policy);
  EXPECT_EQ(error_of(worker, "file 1 100001"),
            (Error{ErrorCode::limit_exceeded, "worker.max-file-bytes"}));
  EXPECT_EQ(error_of(worker, "file 3 100000"),
            (Error{ErrorCode::limit_exceeded, "worker.max-files-bytes"}));
  EXPECT_EQ(error_of(worker, "files 3 10"),
            (Error{ErrorCode::limit_exceeded, "worker.max-open-files"}));
  Recorder recorder;
  EXPECT_TRUE(call(worker, "drop-files 20 10", recorder));
  EXPECT_TRUE(call(worker, "file 2 100000", recorder));
  EXPECT_EQ(worker.starts(), 1u);
}

TEST(Worker, HoldsRecordsToThePolicy) {
  Policy policy = test_policy();
  policy.max_records = 100;
  policy.max_record_bytes = 1'000'000;
  Worker worker = Worker::start(test_worker(), policy);
  Recorder recorder;
  ASSERT_TRUE(call(worker, "records 100 10", recorder));
  EXPECT_EQ(recorder.records.size(), 100u);
  EXPECT_EQ(error_of(worker, "records 101 10"),
            (Error{ErrorCode::limit_exceeded, "worker.max-records"}));
  EXPECT_EQ(error_of(worker, "records 16 65000"),
            (Error{ErrorCode::limit_exceeded, "worker.max-record-bytes"}));
  EXPECT_EQ(error_of(worker, "records 1 65537"),
            (Error{ErrorCode::limit_exceeded, "worker.record-bytes"}));
  EXPECT_TRUE(is_well(worker));
}

TEST(Worker, GivesTheHandlersErrorWithItsOffset) {
  Worker worker = Worker::start(test_worker(), test_policy());
  EXPECT_EQ(error_of(worker, "error"),
            Error::at(ErrorCode::integrity_mismatch, "test.some-rule", 123'456'789'012));
  EXPECT_EQ(worker.starts(), 1u);
}

TEST(Worker, ADeathCostsOneRequestAndSaysWhy) {
  Worker worker = Worker::start(test_worker(), test_policy());
  const std::vector<std::pair<std::string, std::string_view>> deaths = {
      {"segv", "worker.signal-segv"},
      {"abort", "worker.signal-abrt"},
      {"exit", "worker.exited"},
  };
  uint64_t starts = 1;
  for (const auto& [verb, rule] : deaths) {
    if (kSanitizerBuild && verb == "segv") continue;  // The sanitizer reports it and exits.
    EXPECT_EQ(error_of(worker, verb), crashed(rule));
    EXPECT_EQ(worker.process_id(), -1);
    EXPECT_TRUE(is_well(worker));
    EXPECT_EQ(worker.starts(), ++starts);
  }
  EXPECT_EQ(error_of(worker, "null").code, ErrorCode::worker_crashed);
  EXPECT_TRUE(is_well(worker));
}

TEST(Worker, AWorkerThatHangsIsKilledWhenItsTimeIsUp) {
  Worker worker = Worker::start(test_worker(), test_policy());
  for (const char* verb : {"spin", "sleep 60000"}) {
    const auto before = std::chrono::steady_clock::now();
    EXPECT_EQ(error_of(worker, verb, 100), (Error{ErrorCode::timed_out, "worker.timeout"}));
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(10));
    EXPECT_TRUE(is_well(worker));
  }
}

TEST(Worker, AWorkerThatClosesItsSocketAndLivesOnIsKilled) {
  Worker worker = Worker::start(test_worker(), test_policy());
  EXPECT_EQ(error_of(worker, "close-and-spin"), crashed("worker.signal-kill"));
  EXPECT_TRUE(is_well(worker));
}

TEST(Worker, AnExceptionIsAnErrorAndANewProcess) {
  Worker worker = Worker::start(test_worker(), test_policy());
  EXPECT_EQ(error_of(worker, "bad-alloc"), (Error{ErrorCode::limit_exceeded, "worker.memory"}));
  EXPECT_EQ(worker.process_id(), -1);
  EXPECT_EQ(error_of(worker, "throw"), crashed("worker.exception"));
  EXPECT_TRUE(is_well(worker));
  EXPECT_EQ(worker.starts(), 3u);
}

TEST(Worker, AllocatingWithoutEndIsLimitExceeded) {
  if (kSanitizerBuild) GTEST_SKIP() << "a sanitizer's build has no bound on memory";
  Worker worker = Worker::start(test_worker(), test_policy());
  EXPECT_EQ(error_of(worker, "eat"), (Error{ErrorCode::limit_exceeded, "worker.memory"}));
  EXPECT_EQ(error_of(worker, "eat-on-thread"), crashed("worker.over-memory"));
  EXPECT_TRUE(is_well(worker));
}

TEST(Worker, ThreadsOfTheWorkerRun) {
  Worker worker = Worker::start(test_worker(), test_policy());
  Recorder recorder;
  ASSERT_TRUE(call(worker, "threads 16", recorder));
  EXPECT_THAT(recorder.records, ElementsAre("1240"));
}

TEST(Worker, IsReplacedAfterItsNumberOfRequestsAndBytes) {
  Policy policy = test_policy();
  policy.recycle_after_requests = 3;
  policy.recycle_after_files_bytes = 1'000;
  Worker worker = Worker::start(test_worker(), policy);
  for (int i = 0; i < 9; ++i) EXPECT_TRUE(is_well(worker));
  EXPECT_EQ(worker.starts(), 3u);
  Recorder recorder;
  EXPECT_TRUE(call(worker, "file 1 1000", recorder));
  EXPECT_TRUE(call(worker, "file 1 1000", recorder));
  EXPECT_EQ(worker.starts(), 5u);
}

TEST(Worker, AProcessThatDiedBetweenRequestsCostsNone) {
  Worker worker = Worker::start(test_worker(), test_policy());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(is_well(worker));
    ASSERT_EQ(::kill(worker.process_id(), SIGKILL), 0);
    // The socket is closed a little later than the kill.
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_TRUE(is_well(worker));
  EXPECT_EQ(worker.starts(), 4u);
}

TEST(Worker, DiesWithTheThreadThatStartedItAndComesBack) {
  std::optional<Worker> worker;
  std::thread([&] { worker.emplace(Worker::start(test_worker(), test_policy())); }).join();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_TRUE(is_well(*worker));
  EXPECT_EQ(worker->starts(), 2u);
}

TEST(Worker, DiesWithTheCoordinatorEvenWhileItHangs) {
  // The orphan comes to this process, which can then see what it died of.
  ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const pid_t coordinator = ::fork();
  if (coordinator == 0) {
    Worker worker = Worker::start(test_worker(), test_policy());
    const pid_t id = worker.process_id();
    static_cast<void>(!::write(pipe[1], &id, sizeof(id)));
    static_cast<void>(error_of(worker, "spin"));
    ::_exit(1);
  }
  pid_t id = 0;
  ASSERT_EQ(::read(pipe[0], &id, sizeof(id)), static_cast<ssize_t>(sizeof(id)));
  // An idle worker would end in order when the socket closes: only a busy one shows the kill.
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  ASSERT_EQ(::kill(coordinator, SIGKILL), 0);
  int status = 0;
  ASSERT_EQ(::waitpid(coordinator, &status, 0), coordinator);
  ASSERT_EQ(::waitpid(id, &status, 0), id);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST(Worker, ProcessorTimeIsTheBackstopBehindTheWallClock) {
  Worker worker = Worker::start(test_worker(), test_policy());
  ASSERT_TRUE(worker.report().in_force.has(Mechanism::cpu_rlimit));
  const rlimit one_second = {1, RLIM_INFINITY};
  if (::prlimit(worker.process_id(), RLIMIT_CPU, &one_second, nullptr) != 0)
    GTEST_SKIP() << "root without CAP_SYS_RESOURCE cannot set another user's limits";
  EXPECT_EQ(error_of(worker, "spin"), (Error{ErrorCode::timed_out, "worker.cpu-time"}));
  EXPECT_TRUE(is_well(worker));
}

TEST(Worker, ProcessorTimeIsMovedOnOrTheProcessReplaced) {
  Worker worker = Worker::start(test_worker(), test_policy());
  const int process = worker.process_id();
  rlimit first{};
  const bool may_look = ::prlimit(process, RLIMIT_CPU, nullptr, &first) == 0;
  Recorder recorder;
  constexpr uint32_t kAnHourMs = 3'600'000;
  ASSERT_TRUE(call(worker, "echo", recorder, {}, {}, kAnHourMs));
  ASSERT_TRUE(call(worker, "echo", recorder, {}, {}, kAnHourMs));
  rlimit second{};
  if (may_look) {
    ASSERT_EQ(::prlimit(process, RLIMIT_CPU, nullptr, &second), 0);
    EXPECT_NE(first.rlim_cur, RLIM_INFINITY);
    EXPECT_GT(second.rlim_cur, first.rlim_cur);
    EXPECT_EQ(worker.starts(), 1u);
  } else {
    EXPECT_EQ(worker.starts(), 2u);
  }
}

TEST(Worker, PausesLongerAndLongerWhenItDiesAgainAndAgain) {
  Policy policy = test_policy();
  policy.max_pause_ms = 40;
  Worker worker = Worker::start(test_worker(), policy);
  const auto before = std::chrono::steady_clock::now();
  for (int i = 0; i < 6; ++i) EXPECT_EQ(error_of(worker, "exit"), crashed("worker.exited"));
  // Before the third to the sixth start: 8, 16, 32, 40 ms.
  EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(96));
}

TEST(Worker, CapturesABoundedStandardError) {
  Policy policy = test_policy();
  policy.standard_error = StandardError::capture;
  Worker worker = Worker::start(test_worker(), policy);
  EXPECT_EQ(error_of(worker, "complain"), crashed("worker.exited"));
  EXPECT_EQ(worker.last_standard_error(), "the picture said no\n");
  EXPECT_EQ(error_of(worker, "chatter"), crashed("worker.exited"));
  EXPECT_GT(worker.last_standard_error().size(), 60'000u);
  EXPECT_LE(worker.last_standard_error().size(), 65'536u);
}

struct Refuser final : ReplySink {
  Result<void> record(std::span<const std::byte>, std::optional<MemoryFile>) override {
    return Error{ErrorCode::changed, "test.refused"};
  }
};
struct Thrower final : ReplySink {
  Result<void> record(std::span<const std::byte>, std::optional<MemoryFile>) override {
    throw Fault("the disk is full");
  }
};
struct Sleeper final : ReplySink {
  Result<void> record(std::span<const std::byte>, std::optional<MemoryFile>) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    return {};
  }
};

TEST(Worker, ASinkThatRefusesOrThrowsEndsTheReplyAndTheNextIsWhole) {
  Worker worker = Worker::start(test_worker(), test_policy());
  Refuser refuser;
  EXPECT_EQ(call(worker, "records 100 100", refuser).error().rule, "test.refused");
  EXPECT_TRUE(is_well(worker));
  Thrower thrower;
  EXPECT_THROW(static_cast<void>(call(worker, "records 100 100", thrower)), Fault);
  EXPECT_TRUE(is_well(worker));
}

TEST(Worker, TheTimeThatTheSinkTakesIsNotTheWorkers) {
  Worker worker = Worker::start(test_worker(), test_policy());
  ASSERT_TRUE(is_well(worker));
  Sleeper sleeper;
  EXPECT_TRUE(call(worker, "records 10 10", sleeper, {}, {}, 500));
  EXPECT_EQ(worker.starts(), 1u);
}

TEST(Worker, AProgramThatCannotBeRunIsAFault) {
  EXPECT_THROW(Worker::start("/nonexistent/worker", test_policy()), Fault);
  EXPECT_THROW(Worker::start("/bin/true", test_policy()), Fault);
}

TEST(Worker, ManyWorkWhileEachServesOneThread) {
  std::vector<std::thread> threads;
  std::atomic<int> well = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      Worker worker = Worker::start(test_worker(), test_policy());
      for (int j = 0; j < 25; ++j) {
        if (j % 10 == i) static_cast<void>(error_of(worker, "exit"));
        well += is_well(worker) ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(well, 100);
}

size_t open_descriptors() {
  const std::filesystem::directory_iterator folder("/proc/self/fd");
  return static_cast<size_t>(std::distance(begin(folder), end(folder)));
}

TEST(Worker, AThousandCrashesLeakNoDescriptor) {
  Policy policy = test_policy();
  policy.standard_error = StandardError::capture;
  Worker worker = Worker::start(test_worker(), policy);
  const MemoryFile file = file_of("some bytes");
  ASSERT_TRUE(is_well(worker));
  const size_t before = open_descriptors();
  const int crashes = kSanitizerBuild ? 50 : 1'000;
  for (int i = 0; i < crashes; ++i) {
    Recorder recorder;
    const char* const verb = i % 2 == 0 ? "exit" : "abort";
    ASSERT_FALSE(call(worker, verb, recorder, {{file.descriptor(), file.descriptor()}}));
  }
  ASSERT_TRUE(is_well(worker));
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(worker.starts(), static_cast<uint64_t>(crashes) + 1);
}

/// The rogue worker under a name that tells it how to start.
class RogueLink {
 public:
  explicit RogueLink(const std::string& name) {
    std::string pattern = testing::TempDir() + "safelight_rogue_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    std::filesystem::create_symlink(rogue_worker(), path_ = folder_ / name);
  }
  RogueLink(const RogueLink&) = delete;
  RogueLink& operator=(const RogueLink&) = delete;
  ~RogueLink() { std::filesystem::remove_all(folder_); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path folder_;
  std::filesystem::path path_;
};

std::string fault_at_start(const std::string& name) {
  const RogueLink link(name);
  Policy policy = test_policy();
  policy.start_timeout_ms = 200;
  try {
    Worker::start(link.path(), policy);
  } catch (const Fault& fault) {
    return fault.what();
  }
  return "no fault";
}

TEST(RogueWorker, AtTheStartIsAFaultThatSaysWhy) {
  EXPECT_THAT(fault_at_start("silent_rogue"), HasSubstr("not ready in time"));
  EXPECT_THAT(fault_at_start("garbage_rogue"), HasSubstr("its hello is none"));
  EXPECT_THAT(fault_at_start("dying_rogue"), HasSubstr("worker.exited"));
  EXPECT_THAT(fault_at_start("open_rogue"), HasSubstr("not enforced: no privileges"));
  if (!kSanitizerBuild) {
    EXPECT_THAT(fault_at_start("crashing_rogue"), HasSubstr("worker.signal-segv"));
  }
}

class RogueVerb : public testing::TestWithParam<const char*> {};

TEST_P(RogueVerb, IsTakenForACrashAndTheCoordinatorGoesOn) {
  Worker worker = Worker::start(rogue_worker(), test_policy());
  const MemorySource source(noise(100'000));
  const std::vector<const ByteSource*> sources = {&source};
  Recorder recorder;
  const auto result = call(worker, GetParam(), recorder, {}, sources);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error(), crashed("worker.protocol"));
  EXPECT_TRUE(recorder.records.empty());
  EXPECT_EQ(worker.process_id(), -1);
}

INSTANTIATE_TEST_SUITE_P(Verbs, RogueVerb,
                         testing::Values("garbage", "short", "huge", "wrong-number",
                                         "coordinator-packet", "second-hello", "bad-end",
                                         "bad-rule", "long-end", "descriptor", "unknown-source",
                                         "unknown-file", "unknown-drop", "writable-file"),
                         [](const auto& verb) {
                           std::string name = verb.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(RogueWorker, AnEmptyPacketIsAClosedSocket) {
  Worker worker = Worker::start(rogue_worker(), test_policy());
  EXPECT_EQ(error_of(worker, "empty"), crashed("worker.signal-kill"));
}

TEST(RogueWorker, ThatAsksButNeverReadsRunsOutOfTime) {
  Worker worker = Worker::start(rogue_worker(), test_policy());
  const MemorySource source(noise(100'000));
  const std::vector<const ByteSource*> sources = {&source};
  Recorder recorder;
  EXPECT_EQ(call(worker, "never-reads", recorder, {}, sources, 300).error(),
            (Error{ErrorCode::timed_out, "worker.timeout"}));
}

TEST(RogueWorker, ThatNeverEndsReachesALimit) {
  Policy policy = test_policy();
  policy.max_records = 1'000;
  Worker worker = Worker::start(rogue_worker(), policy);
  EXPECT_EQ(error_of(worker, "endless-records"),
            (Error{ErrorCode::limit_exceeded, "worker.max-records"}));
}

TEST(WorkerAsOrdinaryUser, TheWholeSuiteHolds) {
  if (::geteuid() != 0) GTEST_SKIP() << "already an ordinary user";
  const OtherRun run =
      run_tests_as_ordinary_user("-WorkerAsOrdinaryUser.*:Worker.AThousandCrashes*");
  EXPECT_EQ(run.status, 0) << run.output;
}

}  // namespace
}  // namespace safelight::sandbox
