#pragma once

#include <cstdlib>
#include <grp.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace safelight::sandbox {

/// Runs this test program once more, as a user without any right, with that filter. Gives its exit
/// status; 98 if that user cannot run it (the build folder is closed to others), 99 without root.
inline int run_tests_as_ordinary_user(const std::string& filter) {
  constexpr uid_t kSomebody = 54'321;
  const std::string argument = "--gtest_filter=" + filter;
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setgroups(0, nullptr) != 0 || ::setresgid(kSomebody, kSomebody, kSomebody) != 0 ||
        ::setresuid(kSomebody, kSomebody, kSomebody) != 0)
      ::_exit(99);
    ::unsetenv("GTEST_OUTPUT");
    ::execl("/proc/self/exe", "test", argument.c_str(), "--gtest_brief=1", nullptr);
    ::_exit(98);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

}  // namespace safelight::sandbox
