#include "safelight/sandbox/report.h"

#include <array>

namespace safelight::sandbox {
namespace {

constexpr std::array<std::string_view, kPropertyCount> kPropertyNames = {
    "no file system", "no network",     "no exec",      "no new process",
    "no privileges",  "bounded memory", "bounded time", "no core dump",
};

constexpr std::array<std::string_view, kMechanismCount> kMechanismNames = {
    "seccomp",
    "Landlock file rules",
    "Landlock network rules",
    "Landlock scope",
    "user namespace",
    "network namespace",
    "IPC namespace",
    "UTS namespace",
    "mount namespace with an empty root",
    "data and address space limit",
    "CPU time limit",
    "wall clock",
    "file size limit",
    "core size limit",
    "process limit",
    "not dumpable",
    "no new privileges",
    "empty capability sets",
    "unprivileged user",
};

/// A property is enforced if all of `needed` are in force and, unless it is empty, one of `any`.
/// A mechanism that covers only a part (Landlock's network rules know TCP alone; its file rules do
/// not reach memory files that are executed) stands in neither.
struct Rule {
  MechanismSet any;
  MechanismSet needed;
};

using Rules = std::array<Rule, kPropertyCount>;

constexpr Rules kRules = {{
    {{Mechanism::seccomp, Mechanism::landlock_files, Mechanism::mount_namespace}, {}},
    {{Mechanism::seccomp, Mechanism::network_namespace}, {}},
    {{Mechanism::seccomp}, {}},
    {{Mechanism::seccomp}, {}},
    {{},
     {Mechanism::no_new_privileges, Mechanism::empty_capabilities, Mechanism::unprivileged_user}},
    {{Mechanism::memory_rlimit}, {}},
    {{Mechanism::wall_clock, Mechanism::cpu_rlimit}, {}},
    {{Mechanism::core_rlimit, Mechanism::not_dumpable}, {}},
}};

/// System calls that open files are allowed, so that Landlock must say which; modes, owners and
/// lengths by name are beyond Landlock (the last in its first two ABIs), so that system calls must
/// be denied. Where root owns the folder none but root can write there.
constexpr Rules rules_with_one_folder() {
  Rules rules = kRules;
  rules[static_cast<size_t>(Property::no_file_system)] = {
      {}, {Mechanism::seccomp, Mechanism::landlock_files}};
  rules[static_cast<size_t>(Property::no_privileges)] = {
      {}, {Mechanism::no_new_privileges, Mechanism::empty_capabilities}};
  return rules;
}
constexpr Rules kRulesWithOneFolder = rules_with_one_folder();

std::string list_of(MechanismSet set) {
  std::string text;
  for (size_t i = 0; i < kMechanismCount; ++i) {
    const auto mechanism = static_cast<Mechanism>(i);
    if (!set.has(mechanism)) continue;
    if (!text.empty()) text += ", ";
    text += to_text(mechanism);
  }
  return text;
}

}  // namespace

MechanismSet Report::enforcing(Property property) const {
  const Rules& rules = files_kept == FilesKept::one_folder ? kRulesWithOneFolder : kRules;
  const Rule& rule = rules[static_cast<size_t>(property)];
  const MechanismSet any = in_force & rule.any;
  if ((in_force & rule.needed) != rule.needed) return {};
  if (!rule.any.empty() && any.empty()) return {};
  return any | rule.needed;
}

std::vector<Property> Report::missing() const {
  std::vector<Property> properties;
  for (size_t i = 0; i < kPropertyCount; ++i) {
    const auto property = static_cast<Property>(i);
    if (enforcing(property).empty()) properties.push_back(property);
  }
  return properties;
}

std::string_view to_text(Property property) {
  return kPropertyNames[static_cast<size_t>(property)];
}
std::string_view to_text(Mechanism mechanism) {
  return kMechanismNames[static_cast<size_t>(mechanism)];
}

std::vector<std::string> describe(const Report& report) {
  std::vector<std::string> lines;
  MechanismSet rest = report.in_force;
  for (size_t i = 0; i < kPropertyCount; ++i) {
    const auto property = static_cast<Property>(i);
    const MechanismSet enforcing = report.enforcing(property);
    rest = rest - enforcing;
    std::string line(to_text(property));
    line += enforcing.empty() ? ": not enforced" : ": enforced by " + list_of(enforcing);
    if (enforcing.empty() && property == Property::bounded_memory && report.sanitizer_build)
      line += " (sanitizer build)";
    lines.push_back(std::move(line));
  }
  lines.push_back("also in force: " + (rest.empty() ? "nothing" : list_of(rest)));
  lines.push_back("Landlock ABI: " +
                  (report.landlock_abi == 0 ? "none" : std::to_string(report.landlock_abi)));
  return lines;
}

}  // namespace safelight::sandbox
