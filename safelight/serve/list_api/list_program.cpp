#include "safelight/serve/list_api/list_program.h"

#include <algorithm>
#include <array>
#include <limits>

#include "safelight/base/json/json_object.h"

namespace safelight::serve {
namespace {

constexpr std::array<std::string_view, 3> kChangeNames = {"add", "remove", "drop"};
constexpr std::array<const char*, 7> kCounts = {"added",  "held",    "merged", "asked",
                                                "absent", "removed", "refused"};
constexpr int kDone = 0;
constexpr int kRefused = 2;
constexpr size_t kMaxRuleBytes = 64;
constexpr uint64_t kMaxCount = std::numeric_limits<int64_t>::max();

bool is_rule(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  });
}

}  // namespace

std::string_view to_text(ListChangeKind kind) { return kChangeNames[static_cast<size_t>(kind)]; }

Result<ListChangeKind> list_change_kind_from_text(std::string_view text) {
  for (size_t i = 0; i < kChangeNames.size(); ++i) {
    if (kChangeNames[i] == text) return static_cast<ListChangeKind>(i);
  }
  return Error{ErrorCode::malformed, "list-change.kind"};
}

std::vector<std::string> list_arguments(ListChangeKind kind, const std::string& list,
                                        std::string_view sixty_four_hex) {
  std::vector<std::string> out = {std::string(to_text(kind)), "--json"};
  if (kind == ListChangeKind::add) out.emplace_back("--or-build");
  if (kind != ListChangeKind::drop) {
    out.emplace_back("--sixty-four-hex");
    out.emplace_back(sixty_four_hex);
  }
  // A name may begin as an option does.
  out.emplace_back("--");
  out.push_back(list);
  if (kind != ListChangeKind::drop) out.emplace_back("-");
  return out;
}

ListProgramAnswer list_answer(const ProgramEnd& end) {
  ListProgramAnswer out;
  if (!end.status || (*end.status != kDone && *end.status != kRefused)) return out;
  auto said = JsonObject::parse(end.output, "list-program.answer");
  if (!said) return out;
  if (*end.status == kDone) {
    for (const char* name : kCounts) {
      if (!said->has(name)) continue;
      out.counts.emplace_back(name, std::to_string(said->number(name, kMaxCount)));
    }
    out.is_done = said->finish().has_value();
    if (!out.is_done) out.counts.clear();
    return out;
  }
  said->text("code", kMaxRuleBytes);
  std::string rule = said->text("rule", kMaxRuleBytes);
  if (said->has("offset_bytes")) out.offset_bytes = said->number("offset_bytes", kMaxCount);
  if (said->finish() && is_rule(rule)) {
    out.rule = std::move(rule);
  } else {
    out.offset_bytes.reset();
  }
  return out;
}

}  // namespace safelight::serve
