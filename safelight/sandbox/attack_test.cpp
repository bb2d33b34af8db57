/// What a worker that has been taken over can do: each attack runs inside a confined worker.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/sandbox/testing/ordinary_user.h"
#include "safelight/sandbox/testing/run_worker.h"

namespace safelight::sandbox {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kKilled = "killed: worker.signal-sys";

/// What came of an attack: "done", "failed: EACCES", or "killed: " and the rule of the death.
std::string attempt(Worker& worker, const std::string& name) {
  const Descriptor input(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  Recorder recorder;
  const auto result = call(worker, "attack " + name, recorder, {{input.get()}});
  if (!result) return "killed: " + std::string(result.error().rule);
  return recorder.records.empty() ? "no answer" : recorder.records.front();
}

class Attack : public testing::TestWithParam<const char*> {};

TEST_P(Attack, FailsOrKillsTheWorkerAlone) {
  Worker worker = Worker::start(test_worker(), test_policy());
  EXPECT_THAT(attempt(worker, GetParam()), AnyOf(StartsWith("failed: E"), kKilled));
  EXPECT_TRUE(is_well(worker));
}

INSTANTIATE_TEST_SUITE_P(
    Names, Attack,
    testing::Values("open", "openat", "openat2", "open-root", "create", "unlink", "stat", "socket",
                    "connect", "connect-udp", "abstract-socket", "fork", "vfork", "clone", "clone3",
                    "exec", "exec-descriptor", "write-input", "map-input-writable", "reopen-input",
                    "kill-parent", "tgkill-parent", "ptrace", "read-parent-memory", "io-uring",
                    "executable-memory", "raise-limits", "outlive-parent", "dumpable",
                    "become-root", "new-namespace", "memory-files"),
    [](const auto& name) {
      std::string text = name.param;
      std::erase(text, '-');
      return text;
    });

TEST(Confinement, WhatNoLibraryTriesKillsTheWorker) {
  Worker worker = Worker::start(test_worker(), test_policy());
  for (const char* name : {"socket", "fork", "exec", "ptrace", "io-uring", "kill-parent"})
    EXPECT_EQ(attempt(worker, name), kKilled) << name;
}

TEST(Confinement, EveryPropertyIsEnforcedHere) {
  const Worker worker = Worker::start(test_worker(), test_policy());
  for (const std::string& line : describe(worker.report())) {
    if (worker.report().sanitizer_build && line.starts_with("bounded memory")) continue;
    EXPECT_THAT(line, testing::Not(HasSubstr("not enforced")));
    RecordProperty("report", line);
  }
  EXPECT_TRUE(worker.report().in_force.has(Mechanism::seccomp));
  EXPECT_TRUE(worker.report().in_force.has(Mechanism::wall_clock));
}

TEST(Confinement, APropertyThatNothingEnforcesIsRefusedUnlessThePolicyAllowsIt) {
  Policy policy = test_policy();
  policy.without = {Mechanism::seccomp};
  try {
    Worker::start(test_worker(), policy);
    FAIL() << "started";
  } catch (const Fault& fault) {
    EXPECT_THAT(fault.what(), HasSubstr("not enforced: no exec, no new process"));
  }
  policy.degraded = Degraded::allow;
  Worker worker = Worker::start(test_worker(), policy);
  EXPECT_TRUE(is_well(worker));
  EXPECT_THAT(describe(worker.report()), testing::Contains("no exec: not enforced"));
}

/// What a worker confined by `mechanism` and the ones always there does, all else left out. Skips
/// where this machine does not have the mechanism.
class OneMechanism : public testing::Test {
 protected:
  Worker start_with_only(Mechanism mechanism) {
    Policy policy = test_policy();
    policy.degraded = Degraded::allow;
    policy.without = MechanismSet::from_bits(UINT32_MAX) -
                     MechanismSet{mechanism, Mechanism::user_namespace,
                                  Mechanism::no_new_privileges, Mechanism::empty_capabilities};
    return Worker::start(test_worker(), policy);
  }
};

TEST_F(OneMechanism, NothingAtAllLetsAttacksThrough) {
  Worker worker = start_with_only(Mechanism::wall_clock);
  EXPECT_EQ(attempt(worker, "openat"), "done");
  EXPECT_EQ(attempt(worker, "socket"), "done");
  EXPECT_EQ(attempt(worker, "fork"), "done");
}

TEST_F(OneMechanism, LandlockAloneKeepsFilesAway) {
  Worker worker = start_with_only(Mechanism::landlock_files);
  if (!worker.report().in_force.has(Mechanism::landlock_files))
    GTEST_SKIP() << "this kernel has no Landlock";
  for (const char* name : {"open", "openat", "open-root", "create", "unlink"})
    EXPECT_THAT(attempt(worker, name), StartsWith("failed: E")) << name;
}

TEST_F(OneMechanism, LandlockAloneKeepsTcpAway) {
  Worker worker = start_with_only(Mechanism::landlock_network);
  if (!worker.report().in_force.has(Mechanism::landlock_network))
    GTEST_SKIP() << "this kernel's Landlock knows no network";
  EXPECT_EQ(attempt(worker, "connect"), "failed: EACCES");
}

TEST_F(OneMechanism, LandlockAloneKeepsSignalsIn) {
  Worker worker = start_with_only(Mechanism::landlock_scope);
  if (!worker.report().in_force.has(Mechanism::landlock_scope))
    GTEST_SKIP() << "this kernel's Landlock knows no scope";
  EXPECT_EQ(attempt(worker, "kill-parent"), "failed: EPERM");
}

TEST_F(OneMechanism, TheMountNamespaceAloneKeepsFilesAway) {
  Worker worker = start_with_only(Mechanism::mount_namespace);
  if (!worker.report().in_force.has(Mechanism::mount_namespace))
    GTEST_SKIP() << "this user has no mount namespace";
  for (const char* name : {"open", "openat", "openat2", "create", "unlink", "stat", "reopen-input"})
    EXPECT_THAT(attempt(worker, name), StartsWith("failed: E")) << name;
}

TEST_F(OneMechanism, TheNetworkNamespaceAloneKeepsTheNetworkAway) {
  Worker worker = start_with_only(Mechanism::network_namespace);
  if (!worker.report().in_force.has(Mechanism::network_namespace))
    GTEST_SKIP() << "this user has no network namespace";
  EXPECT_EQ(attempt(worker, "connect"), "failed: ENETUNREACH");
  EXPECT_EQ(attempt(worker, "connect-udp"), "failed: ENETUNREACH");
}

TEST_F(OneMechanism, SeccompAloneStopsEveryAttackButMemoryFiles) {
  Worker worker = start_with_only(Mechanism::seccomp);
  for (const char* name : {"openat", "create", "socket", "fork", "clone", "clone3", "exec",
                           "ptrace", "io-uring", "memory-files", "executable-memory"})
    EXPECT_THAT(attempt(worker, name), AnyOf(StartsWith("failed: E"), kKilled)) << name;
}

TEST(Confinement, RootGetsNamespacesWhereUserNamespacesAreForbidden) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can";
  Policy policy = test_policy();
  policy.without = {Mechanism::user_namespace};
  Worker worker = Worker::start(test_worker(), policy);
  constexpr MechanismSet kNamespaces = {Mechanism::network_namespace, Mechanism::mount_namespace};
  if ((worker.report().in_force & kNamespaces).empty())
    GTEST_SKIP() << "this root has no CAP_SYS_ADMIN";
  EXPECT_EQ(worker.report().in_force & kNamespaces, kNamespaces);
  EXPECT_TRUE(worker.report().in_force.has(Mechanism::unprivileged_user));
  EXPECT_TRUE(is_well(worker));
}

TEST(Confinement, ThreadsAreBoundedWhereTheWorkerHasItsOwnUserNamespace) {
  Policy policy = test_policy();
  policy.max_threads = 20;
  Worker worker = Worker::start(test_worker(), policy);
  if (!worker.report().in_force.has(Mechanism::process_rlimit))
    GTEST_SKIP() << "this user has no user namespace";
  Recorder recorder;
  ASSERT_TRUE(call(worker, "threads-that-wait 10", recorder));
  ASSERT_TRUE(call(worker, "threads-that-wait 100", recorder));
  // The first thread counts, and so does one that a sanitizer starts.
  EXPECT_THAT(recorder.records, testing::ElementsAre("10", AnyOf("9", "8")));
}

TEST(AttackAsOrdinaryUser, TheWholeSuiteHolds) {
  if (::geteuid() != 0) GTEST_SKIP() << "already an ordinary user";
  const OtherRun run = run_tests_as_ordinary_user("-AttackAsOrdinaryUser.*");
  EXPECT_EQ(run.status, 0) << run.output;
}

}  // namespace
}  // namespace safelight::sandbox
