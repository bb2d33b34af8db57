#include "safelight/serve/reports/case_summary.h"

#include <set>
#include <utility>

#include "safelight/base/json_writer.h"
#include "safelight/base/time_text.h"
#include "safelight/decisions/decisions.h"
#include "safelight/serve/reports/case_json.h"
#include "safelight/serve/reports/signed_text.h"

namespace safelight::serve {
namespace {

constexpr SignedKind kSummary{"summary",      "safelight summary 1\n", 1 << 20,
                              "summary.json", "summary.key",           "summary.signature"};

}  // namespace

CaseSummary summarise(const casefile::Reader& reader, const casefile::ActReader& acts,
                      uint64_t items, const audit::TreeHead& head, std::deque<MadeReport> reports,
                      const std::string& tool_version, int64_t now_ns) {
  CaseSummary out;
  const auto description = reader.description();
  out.case_id = description.case_id;
  out.info = description.info;
  out.written_ns = now_ns;
  out.tool_version = tool_version;
  out.head = head;
  out.items = items;
  out.reports = std::move(reports);

  Decisions decisions;
  std::set<ItemId> named;
  acts.for_each_act(0, [&](const casefile::StoredAct& act) {
    named.insert(act.items.begin(), act.items.end());
    decisions.add(act);
  });
  for (const ItemId& item : named) {
    const ItemDecision decision = decisions.of(item);
    const Opinion* decided = decision.decided();
    if (decided != nullptr && !decided->category.empty()) ++out.decided[decided->category];
    if (decision.is_conflict) ++out.conflicts;
  }

  std::set<ItemId> shown;
  std::set<std::string> people;
  acts.for_each_exposure([&](const casefile::Exposure& exposure) {
    shown.insert(exposure.item);
    people.insert(exposure.person);
    ++out.reveals;
    out.shown_ms += exposure.shown_ms;
  });
  out.shown_items = shown.size();
  out.people = people.size();
  return out;
}

std::string to_json(const CaseSummary& summary) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("format", "safelight.summary").field("version", 1);
  write_case(json, summary.case_id, summary.info);
  write_written(json, summary.written_ns, summary.tool_version, summary.head);
  json.field("items", summary.items).key("decided").begin_object();
  for (const auto& [category, items] : summary.decided) json.field(category, items);
  json.end_object().field("conflicts", summary.conflicts).key("shown").begin_object();
  json.field("items", summary.shown_items).field("reveals", summary.reveals);
  json.field("seconds", summary.shown_ms / 1'000).field("people", summary.people).end_object();
  json.key("reports").begin_array();
  for (const MadeReport& report : summary.reports) {
    json.begin_object().field("file", report.name).field("sha256", to_hex(report.sha256));
    json.field("made", utc_text(report.made_ns)).end_object();
  }
  json.end_array().end_object();
  return out;
}

std::string signed_summary(const CaseSummary& summary, const audit::SigningKey& key) {
  return signed_text(kSummary, to_json(summary), key);
}

Result<std::string> check_summary(std::string_view text, const audit::PublicKey& key) {
  return check_signed(kSummary, text, key);
}

}  // namespace safelight::serve
