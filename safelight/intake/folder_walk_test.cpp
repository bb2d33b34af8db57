#include "safelight/intake/folder_walk.h"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "safelight/intake/internal/name_batch.h"

namespace safelight {
namespace {

namespace fs = std::filesystem;

class Walk : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "safelight_walk_XXXXXX";
    folder_ = fs::canonical(::mkdtemp(pattern.data()));
  }
  void TearDown() override {
    // std::filesystem cannot remove what is deeper than PATH_MAX.
    const std::string command =
        "chmod -R u+rwx '" + folder_.string() + "' 2>/dev/null; rm -rf '" + folder_.string() + "'";
    ASSERT_EQ(std::system(command.c_str()), 0);
  }

  void write(const fs::path& name, std::string_view text = "x") {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  std::vector<WalkEntry> walk(const WalkOptions& options = {}) {
    auto walk = FolderWalk::open(folder_.string(), options);
    EXPECT_TRUE(walk);
    std::vector<WalkEntry> entries;
    while (auto entry = walk->next()) entries.push_back(std::move(*entry));
    return entries;
  }
  std::vector<std::string> paths(const WalkOptions& options = {}) {
    std::vector<std::string> result;
    for (const auto& entry : walk(options)) result.push_back(entry.path);
    return result;
  }

  fs::path folder_;
};

size_t open_descriptors() {
  return static_cast<size_t>(
      std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

TEST_F(Walk, YieldsFilesInBytewiseOrderWithEachFolderAtItsPlace) {
  for (const auto* name : {"b", "a/z", "a/b/c", "a.txt", "B", "\xff", "\xc3\xa9", "a/b0"})
    write(name);
  fs::create_directory(folder_ / "empty");
  EXPECT_THAT(paths(),
              testing::ElementsAre("B", "a/b/c", "a/b0", "a/z", "a.txt", "b", "\xc3\xa9", "\xff"));
}

TEST_F(Walk, KeepsNamesThatAreNotUtf8AndOpensThem) {
  write("caf\xe9\n\x01.jpg", "content");
  auto walk = FolderWalk::open(folder_.string());
  const auto entry = walk->next();
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->path, "caf\xe9\n\x01.jpg");
  const auto file = walk->open_last();
  ASSERT_TRUE(file);
  EXPECT_EQ(file->size_bytes(), 7u);
  EXPECT_EQ(file->state(), entry->state);
}

TEST_F(Walk, RecordsTimesAndState) {
  write("file", "12345");
  const timespec times[2] = {{.tv_sec = 1'000'000'000, .tv_nsec = 5}, {.tv_sec = -7, .tv_nsec = 9}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (folder_ / "file").c_str(), times, 0), 0);
  const auto entries = walk();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].times.accessed_ns, 1'000'000'000'000'000'005);
  EXPECT_EQ(entries[0].times.modified_ns, -6'999'999'991);
  EXPECT_GT(entries[0].times.changed_ns, 1'600'000'000'000'000'000);
  EXPECT_EQ(entries[0].state.size_bytes, 5u);
  EXPECT_FALSE(entries[0].on_other_file_system);
}

TEST_F(Walk, DoesNotTouchAccessTimes) {
  write("folder/file", "12345");
  const timespec times[2] = {{.tv_sec = 1'000, .tv_nsec = 0}, {.tv_sec = 2'000, .tv_nsec = 0}};
  for (const auto* name : {"folder/file", "folder"})
    ASSERT_EQ(::utimensat(AT_FDCWD, (folder_ / name).c_str(), times, 0), 0);
  auto walk = FolderWalk::open(folder_.string());
  ASSERT_TRUE(walk->next());
  std::array<std::byte, 5> buffer{};
  ASSERT_EQ(walk->open_last()->read_at(0, buffer).value(), 5u);
  for (const auto* name : {"folder/file", "folder"}) {
    struct stat status {};
    ASSERT_EQ(::stat((folder_ / name).c_str(), &status), 0);
    EXPECT_EQ(status.st_atime, 1'000) << name;
  }
}

TEST_F(Walk, RecordsLinksFifosAndSocketsWithoutFollowingOrOpeningThem) {
  write("outside/secret");
  fs::create_directory(folder_ / "in");
  fs::create_directory_symlink(folder_ / "outside", folder_ / "in/dir_link");
  fs::create_symlink("nowhere\xff", folder_ / "in/broken");
  fs::create_directory_symlink(".", folder_ / "in/self");
  ASSERT_EQ(::mkfifo((folder_ / "in/fifo").c_str(), 0600), 0);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto name = (folder_ / "in/sock").string();
  ASSERT_LT(name.size(), sizeof(address.sun_path));
  std::copy(name.begin(), name.end(), address.sun_path);
  ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  ::close(fd);
  folder_ /= "in";
  const auto entries = walk();
  folder_ = folder_.parent_path();
  ASSERT_EQ(entries.size(), 5u);
  EXPECT_EQ(entries[0].link_target, "nowhere\xff");
  EXPECT_EQ(entries[0].kind, EntryKind::link);
  EXPECT_EQ(entries[1].kind, EntryKind::link);
  EXPECT_EQ(entries[2].kind, EntryKind::fifo);
  EXPECT_EQ(entries[3].kind, EntryKind::link);
  EXPECT_EQ(entries[4].kind, EntryKind::socket);
  for (const auto& entry : entries) EXPECT_FALSE(entry.error) << entry.path;
}

TEST_F(Walk, RecordsDevices) {
  auto walk = FolderWalk::open("/dev");
  ASSERT_TRUE(walk);
  while (const auto entry = walk->next()) {
    if (entry->path != "null") continue;
    EXPECT_EQ(entry->kind, EntryKind::device);
    EXPECT_EQ(walk->open_last().error().rule, "file.not-regular");
    return;
  }
  FAIL() << "/dev/null was not yielded";
}

TEST_F(Walk, WalksBelowTheLimitOfPathsWithoutHoldingDescriptors) {
  constexpr int kDepth = 300;
  const std::string step(100, 'd');
  Descriptor at(::open(folder_.c_str(), O_PATH | O_DIRECTORY));
  std::string deep;
  for (int i = 0; i < kDepth; ++i) {
    ASSERT_EQ(::mkdirat(at.get(), step.c_str(), 0700), 0);
    at = Descriptor(::openat(at.get(), step.c_str(), O_PATH | O_DIRECTORY));
    // A file on every level, after the folder in order: it is reached on the way back up.
    ::close(::openat(at.get(), "e", O_CREAT | O_WRONLY, 0600));
    deep += step + "/";
  }
  const size_t before = open_descriptors();
  auto walk = FolderWalk::open(folder_.string());
  const auto first = walk->next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->path, deep + "e");
  EXPECT_TRUE(walk->open_last());
  EXPECT_LE(open_descriptors(), before + 20);
  int files = 1;
  while (const auto entry = walk->next()) {
    EXPECT_FALSE(entry->error);
    ++files;
  }
  EXPECT_EQ(files, kDepth);
  EXPECT_TRUE(open_below(folder_.string(), deep + "e"));
}

TEST_F(Walk, AFolderTooDeepIsYieldedAsLimitExceeded) {
  write("a/b/c/d");
  write("z");
  const auto entries = walk({.max_depth = 2});
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].path, "a/b/c");
  EXPECT_EQ(entries[0].kind, EntryKind::folder);
  EXPECT_EQ(entries[0].error, (Error{ErrorCode::limit_exceeded, "max_depth"}));
  EXPECT_EQ(entries[1].path, "z");
  EXPECT_EQ(walk({.max_depth = 3}).size(), 2u);
}

TEST_F(Walk, AnUnreadableFolderIsYieldedAsAnErrorAndTheRestGoesOn) {
  write("a");
  write("closed/inside");
  write("z");
  fs::permissions(folder_ / "closed", fs::perms::none);
  fs::permissions(folder_, fs::perms::all);
  // Root reads everything: look as nobody.
  const bool root = ::geteuid() == 0;
  ASSERT_EQ(root ? ::seteuid(65534) : 0, 0);
  const auto entries = walk();
  ASSERT_EQ(root ? ::seteuid(0) : 0, 0);
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[1].path, "closed");
  EXPECT_EQ(entries[1].kind, EntryKind::folder);
  EXPECT_EQ(entries[1].error, (Error{ErrorCode::unreadable, "walk.open-folder"}));
}

TEST_F(Walk, AnEntryThatVanishesIsYieldedAsNotFound) {
  for (const auto* name : {"a", "b/c", "d"}) write(name);
  auto walk = FolderWalk::open(folder_.string());
  ASSERT_EQ(walk->next()->path, "a");
  fs::remove_all(folder_ / "b");
  fs::remove(folder_ / "d");
  const auto folder = walk->next();
  EXPECT_EQ(folder->path, "b");
  EXPECT_EQ(folder->error, (Error{ErrorCode::not_found, "walk.stat"}));
  EXPECT_EQ(walk->next()->error->code, ErrorCode::not_found);
  EXPECT_FALSE(walk->next());
}

TEST_F(Walk, AFileReplacedAfterItWasYieldedIsChanged) {
  write("a");
  auto walk = FolderWalk::open(folder_.string());
  ASSERT_TRUE(walk->next());
  write("new");
  fs::rename(folder_ / "new", folder_ / "a");
  EXPECT_EQ(walk->open_last().error(), (Error{ErrorCode::changed, "walk.replaced"}));
}

TEST_F(Walk, AFolderMovedWhileInsideDoesNotLeadOutside) {
  std::string deep = "in";
  for (int i = 0; i < 20; ++i) deep += "/d";
  write(deep + "/file");
  write("in/z");
  write("outside/evil");
  folder_ /= "in";
  auto walk = FolderWalk::open(folder_.string());
  folder_ = folder_.parent_path();
  ASSERT_TRUE(walk->next());
  // The folder three below the root goes elsewhere: ".." of its child is no longer its parent.
  fs::rename(folder_ / "in/d/d/d", folder_ / "outside/d");
  std::vector<WalkEntry> rest;
  while (auto entry = walk->next()) rest.push_back(std::move(*entry));
  ASSERT_FALSE(rest.empty());
  EXPECT_EQ(rest.back().path, "z");
  for (const auto& entry : rest) EXPECT_EQ(entry.path.find("evil"), std::string::npos);
}

TEST_F(Walk, OwnFoldersAreNotEntered) {
  write("case/db");
  write("file");
  const auto own = identity_of_folder((folder_ / "case").string());
  ASSERT_TRUE(own);
  WalkOptions options;
  options.own_folders.push_back(*own);
  const auto entries = walk(options);
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].error, (Error{ErrorCode::unsupported, "walk.own-folder"}));
  EXPECT_EQ(entries[1].path, "file");
}

TEST_F(Walk, AMountIsRecordedAndEnteredUnlessToldToStay) {
  write("m/under");
  write("z");
  // A mount of its own, in a namespace that ends with a child process.
  const pid_t child = ::fork();
  if (child == 0) {
    const auto uid = std::to_string(::geteuid());
    const auto gid = std::to_string(::getegid());
    if (::unshare(CLONE_NEWNS) != 0) {
      if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) ::_exit(77);
      std::ofstream("/proc/self/uid_map") << "0 " << uid << " 1";
      std::ofstream("/proc/self/setgroups") << "deny";
      std::ofstream("/proc/self/gid_map") << "0 " << gid << " 1";
    }
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("none", (folder_ / "m").c_str(), "tmpfs", 0, nullptr) != 0)
      ::_exit(77);
    write("m/on_mount");
    const auto crossed = walk();
    const auto stayed = walk({.mounts = Mounts::stay});
    const bool good = crossed.size() == 2 && crossed[0].path == "m/on_mount" &&
                      crossed[0].on_other_file_system && !crossed[1].on_other_file_system &&
                      stayed.size() == 2 && stayed[0].path == "m" &&
                      stayed[0].error == Error{ErrorCode::unsupported, "walk.other-file-system"};
    ::_exit(good ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "no mount namespaces here";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(Walk, ALargeFolderIsReadInPassesInTheSameOrder) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 200; ++i) write("n" + std::to_string(random() % 100'000'000) + "/f");
  const auto expected = paths();
  EXPECT_EQ(expected.size(), 200u);
  EXPECT_TRUE(std::is_sorted(expected.begin(), expected.end()));
  EXPECT_EQ(paths({.max_held_name_bytes = 400}), expected);
  EXPECT_EQ(paths({.max_held_name_bytes = 1}), expected);
}

TEST_F(Walk, ASingleFileIsYieldedByItsName) {
  write("sub/file.jpg", "abc");
  fs::create_symlink(folder_ / "sub/file.jpg", folder_ / "link");
  for (const auto* name : {"sub/file.jpg", "link"}) {
    auto walk = FolderWalk::open((folder_ / name).string());
    ASSERT_TRUE(walk);
    EXPECT_TRUE(walk->is_single_file());
    EXPECT_EQ(walk->resolved_path(), (folder_ / "sub/file.jpg").string());
    EXPECT_EQ(walk->next()->path, "file.jpg");
    EXPECT_EQ(walk->open_last()->size_bytes(), 3u);
    EXPECT_FALSE(walk->next());
    EXPECT_TRUE(open_below((folder_ / name).string(), "file.jpg"));
  }
}

TEST_F(Walk, ASourceThatIsAbsentOrADeviceIsRefused) {
  EXPECT_EQ(FolderWalk::open((folder_ / "absent").string()).error().code, ErrorCode::not_found);
  EXPECT_EQ(FolderWalk::open("/dev/null").error(),
            (Error{ErrorCode::unsupported, "walk.source-kind"}));
}

TEST_F(Walk, OpenBelowFollowsNoLinkAndDoesNotClimb) {
  write("in/a/file");
  write("outside/secret");
  fs::create_directory_symlink(folder_ / "outside", folder_ / "in/link");
  const auto root = (folder_ / "in").string();
  EXPECT_TRUE(open_below(root, "a/file"));
  EXPECT_FALSE(open_below(root, "link/secret"));
  for (const auto* path : {"../outside/secret", "a/../a/file", "", "a/", "/a/file", "a//file"})
    EXPECT_EQ(open_below(root, path).error().code, ErrorCode::malformed) << path;
}

TEST(NameBatch, KeepsTheLeastNamesAndSaysThatThereAreMore) {
  std::vector<std::string> names;
  for (int i = 0; i < 1000; ++i) names.push_back(std::to_string(i));
  std::shuffle(names.begin(), names.end(), std::mt19937_64(3));
  intake_internal::NameBatch batch(1000);
  for (const auto& name : names) batch.add(name);
  batch.finish();
  EXPECT_TRUE(batch.has_more());
  EXPECT_LE(batch.held_bytes(), 2500u);
  std::sort(names.begin(), names.end());
  size_t taken = 0;
  while (const auto name = batch.take()) EXPECT_EQ(*name, names[taken++]);
  EXPECT_GE(taken, 50u);
}

}  // namespace
}  // namespace safelight
