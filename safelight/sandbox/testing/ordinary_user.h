#pragma once

#include <array>
#include <cstdlib>
#include <grp.h>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace safelight::sandbox {

/// What a run of this test program as another user came to.
struct OtherRun {
  int status = -1;     ///< 98 if that user cannot run it (a closed build folder), 99 without root.
  std::string output;  ///< But the lines on skipped tests, by which ctest would call all skipped.
};

/// Runs this test program once more with that filter, as a user without any right.
inline OtherRun run_tests_as_ordinary_user(const std::string& filter) {
  constexpr uid_t kSomebody = 54'321;
  const std::string argument = "--gtest_filter=" + filter;
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setgroups(0, nullptr) != 0 || ::setresgid(kSomebody, kSomebody, kSomebody) != 0 ||
        ::setresuid(kSomebody, kSomebody, kSomebody) != 0)
      ::_exit(99);
    ::dup2(pipe[1], STDOUT_FILENO);
    ::close(pipe[0]);
    ::close(pipe[1]);
    ::unsetenv("GTEST_OUTPUT");
    ::execl("/proc/self/exe", "test", argument.c_str(), "--gtest_brief=1", nullptr);
    ::_exit(98);
  }
  ::close(pipe[1]);
  std::string text;
  std::array<char, 4'096> part{};
  for (ssize_t count = 0; (count = ::read(pipe[0], part.data(), part.size())) > 0;)
    text.append(part.data(), static_cast<size_t>(count));
  ::close(pipe[0]);
  OtherRun run;
  int status = 0;
  if (child > 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status))
    run.status = WEXITSTATUS(status);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("SKIPPED") == std::string::npos) run.output += line + "\n";
  }
  return run;
}

}  // namespace safelight::sandbox
