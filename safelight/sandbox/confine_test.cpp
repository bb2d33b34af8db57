/// What a process that is confined to one folder can do there, and elsewhere.
#include "safelight/sandbox/confine.h"

#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/base/sanitizers.h"
#include "safelight/sandbox/testing/ordinary_user.h"

namespace safelight::sandbox {
namespace {

namespace fs = std::filesystem;

constexpr uint32_t kCpuSeconds = 60;

/// A folder to keep, another beside it, and a file in each.
class OneFolder : public testing::Test {
 protected:
  OneFolder() {
    std::string pattern = (fs::temp_directory_path() / "safelight_confine_XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw Fault("cannot make a folder for the test");
    root_ = pattern;
    for (const fs::path& folder : {kept(), other()}) {
      fs::create_directory(folder);
      std::ofstream(folder / "file") << "text";
    }
  }
  ~OneFolder() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  [[nodiscard]] fs::path kept() const { return root_ / "kept"; }
  [[nodiscard]] fs::path other() const { return root_ / "other"; }
  [[nodiscard]] FolderAccess access() const { return {kept(), {}}; }

  /// How a confined process ended that did this: "true" or "false" as it gave, "killed" by the
  /// filter, "refused" if it was not confined.
  static std::string outcome(const FolderAccess& access, const std::function<bool()>& act,
                             const Policy& policy = {}) {
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        confine_to_folder(access, policy, kCpuSeconds);
      } catch (const Fault&) {
        ::_exit(2);
      }
      ::_exit(act() ? 0 : 1);
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child) return "no process";
    if (WIFSIGNALED(status)) return WTERMSIG(status) == SIGSYS ? "killed" : "died";
    switch (WEXITSTATUS(status)) {
      case 0:
        return "true";
      case 1:
        return "false";
      case 2:
        return "refused";
      default:
        return "died";
    }
  }
  [[nodiscard]] std::string outcome(const std::function<bool()>& act) const {
    return outcome(access(), act);
  }

 private:
  fs::path root_;
};

bool is_opened(const fs::path& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

/// As files of lists are written: under another name, to the disk, then renamed.
bool replace_file(const fs::path& folder) {
  std::string name = (folder / ".pending-XXXXXX").string();
  const int fd = ::mkostemp(name.data(), O_CLOEXEC);
  return fd >= 0 && ::posix_fallocate(fd, 0, 4'096) == 0 && ::pwrite(fd, "new", 3, 0) == 3 &&
         ::ftruncate(fd, 3) == 0 && ::fsync(fd) == 0 && ::close(fd) == 0 &&
         ::rename(name.c_str(), (folder / "file").c_str()) == 0;
}

TEST_F(OneFolder, FilesAreReadMadeReplacedListedAndRemovedInIt) {
  const fs::path folder = kept();
  EXPECT_EQ(outcome([&] { return replace_file(folder); }), "true");
  std::string text;
  std::ifstream(folder / "file") >> text;
  EXPECT_EQ(text, "new");
  EXPECT_EQ(outcome([&] { return is_opened(folder, O_TMPFILE | O_RDWR); }), "true");
  EXPECT_EQ(outcome([&] {
              return std::distance(fs::directory_iterator(folder), fs::directory_iterator()) == 1;
            }),
            "true");
  EXPECT_EQ(outcome([&] { return ::unlink((folder / "file").c_str()) == 0; }), "true");
  EXPECT_FALSE(fs::exists(folder / "file"));
}

TEST_F(OneFolder, NoOtherFileIsOpenedMadeOrRemoved) {
  const fs::path elsewhere = other();
  const fs::path back = kept() / ".." / "other" / "file";
  fs::create_symlink(elsewhere / "file", kept() / "link");
  EXPECT_EQ(outcome([&] { return is_opened(elsewhere / "file", O_RDONLY); }), "false");
  EXPECT_EQ(outcome([&] { return is_opened(elsewhere / "file", O_WRONLY); }), "false");
  EXPECT_EQ(outcome([&] { return is_opened(back, O_RDONLY); }), "false");
  EXPECT_EQ(outcome([&] { return is_opened(kept() / "link", O_RDONLY); }), "false");
  EXPECT_EQ(outcome([&] { return is_opened(elsewhere, O_RDONLY | O_DIRECTORY); }), "false");
  EXPECT_EQ(outcome([&] { return is_opened(elsewhere / "new", O_WRONLY | O_CREAT); }), "false");
  EXPECT_EQ(outcome([&] { return is_opened("/etc/passwd", O_RDONLY); }), "false");
  EXPECT_EQ(outcome([&] { return replace_file(elsewhere); }), "false");
  EXPECT_EQ(outcome([&] { return ::unlink((elsewhere / "file").c_str()) == 0; }), "false");
  EXPECT_EQ(outcome([&] {
              return ::rename((elsewhere / "file").c_str(), (kept() / "taken").c_str()) == 0;
            }),
            "false");
  EXPECT_EQ(outcome([&] {
              return ::rename((kept() / "file").c_str(), (elsewhere / "given").c_str()) == 0;
            }),
            "false");
}

TEST_F(OneFolder, NothingIsChangedByNameThatLandlockDoesNotKnow) {
  const std::string file = other() / "file";
  EXPECT_EQ(outcome([&] { return ::chmod(file.c_str(), 0777) == 0; }), "killed");
  EXPECT_EQ(outcome([&] { return ::chown(file.c_str(), 1, 1) == 0; }), "killed");
  EXPECT_EQ(outcome([&] { return ::truncate(file.c_str(), 0) == 0; }), "killed");
  EXPECT_EQ(outcome([&] { return ::link(file.c_str(), (kept() / "link").c_str()) == 0; }),
            "killed");
  EXPECT_EQ(outcome([&] { return ::mkdir((kept() / "new").c_str(), 0700) == 0; }), "killed");
}

TEST_F(OneFolder, AFileThatWasOpenIsOpenedAnewOnlyWhereThatWasSaid) {
  const int fd = ::open((other() / "file").c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_GE(fd, 0);
  const std::string anew = "/proc/self/fd/" + std::to_string(fd);
  char byte = 0;
  EXPECT_EQ(outcome([&] { return ::pread(fd, &byte, 1, 0) == 1; }), "true");
  EXPECT_EQ(outcome([&] { return is_opened(anew, O_RDONLY); }), "false");
  const FolderAccess with_file{kept(), {fd}};
  EXPECT_EQ(outcome(with_file, [&] { return is_opened(anew, O_RDONLY); }), "true");
  EXPECT_EQ(outcome(with_file, [&] { return is_opened(anew, O_RDWR); }), "false");
  ::close(fd);
}

TEST_F(OneFolder, ThereIsNoSocketNoProcessAndNoProgram) {
  EXPECT_EQ(outcome([] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; }), "killed");
  EXPECT_EQ(outcome([] { return ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }), "killed");
  EXPECT_EQ(outcome([] { return ::fork() >= 0; }), "killed");
  EXPECT_EQ(outcome([] { return ::execl("/bin/true", "true", nullptr) == 0; }), "killed");
  EXPECT_EQ(outcome([] { return ::kill(::getppid(), 0) == 0; }), "killed");
  EXPECT_EQ(outcome([] { return ::setuid(0) == 0; }), "killed");
}

TEST_F(OneFolder, ThreadsAndLockedMemoryAreLeft) {
  EXPECT_EQ(outcome([] {
              bool ran = false;
              std::thread([&] { ran = true; }).join();
              return ran;
            }),
            "true");
  EXPECT_EQ(outcome([] {
              static char page[4'096];
              return ::mlock2(page, sizeof(page), 0) == 0;
            }),
            "true");
}

TEST_F(OneFolder, MemoryIsBounded) {
  if (kSanitizerBuild) GTEST_SKIP() << "a sanitizer needs the address space";
  const auto map_128_mib = [] {
    return ::mmap(nullptr, 128 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
           MAP_FAILED;
  };
  EXPECT_EQ(outcome(map_128_mib), "true");
  Policy policy;
  policy.memory_bytes = 64 << 20;
  EXPECT_EQ(outcome(access(), map_128_mib, policy), "false");
}

TEST_F(OneFolder, EachLayerThatNothingElseReplacesIsInsistedOn) {
  for (const Mechanism mechanism : {Mechanism::seccomp, Mechanism::landlock_files,
                                    Mechanism::no_new_privileges, Mechanism::empty_capabilities}) {
    // Without these an ordinary user has no capability to begin with.
    if (mechanism == Mechanism::empty_capabilities && ::geteuid() != 0) continue;
    Policy policy;
    policy.without = {mechanism};
    EXPECT_EQ(outcome(
                  access(), [] { return true; }, policy),
              "refused")
        << to_text(mechanism);
    policy.degraded = Degraded::allow;
    EXPECT_EQ(outcome(
                  access(), [] { return true; }, policy),
              "true")
        << to_text(mechanism);
  }
}

TEST_F(OneFolder, AFolderThatIsNotThereIsAFault) {
  EXPECT_THROW(confine_to_folder({other() / "none", {}}, {}, kCpuSeconds), Fault);
}

TEST_F(OneFolder, RootBecomesTheOwnerOfTheFolder) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can";
  constexpr uid_t kSomebody = 54'321;
  ASSERT_EQ(::chown(kept().c_str(), kSomebody, kSomebody), 0);
  fs::permissions(other().parent_path(), fs::perms::others_exec, fs::perm_options::add);
  const std::string file = kept() / "made";
  EXPECT_EQ(outcome([&] { return is_opened(file, O_WRONLY | O_CREAT); }), "true");
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, kSomebody);
}

TEST(OneFolderAsOrdinaryUser, TheWholeSuiteHolds) {
  if (::geteuid() != 0) GTEST_SKIP() << "already an ordinary user";
  const OtherRun run = run_tests_as_ordinary_user("-OneFolderAsOrdinaryUser.*");
  EXPECT_EQ(run.status, 0) << run.output;
}

}  // namespace
}  // namespace safelight::sandbox
