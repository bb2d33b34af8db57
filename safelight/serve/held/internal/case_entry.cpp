#include "safelight/serve/held/internal/case_entry.h"

#include <algorithm>

#include "safelight/base/time_text.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/scan/list_matching.h"

namespace safelight::serve::held {
namespace {

using casefile::ExaminedContent;
using casefile::Item;

/// So much later stages of a chain of stills within stills are not followed.
constexpr uint32_t kMaxDepth = 16;

Finding upload_finding(const HeldUpload& upload, const std::vector<HoldReason>& reasons) {
  Finding finding;
  finding.kind = "held_upload";
  finding.statement = "An upload that screening held.";
  std::string names;
  for (const HoldReason reason : reasons) {
    if (!names.empty()) names += ' ';
    names += to_text(reason);
  }
  finding.fields = {{"received", utc_text(upload.received_ns)},
                    {"tenant", upload.tenant},
                    {"key", std::to_string(upload.key)},
                    {"reasons", names}};
  return finding;
}

Item item_of(const std::string& source_id, const HeldUpload& upload) {
  Item item;
  item.origin = origin_of(source_id, upload.id);
  item.id = item_id_of(item.origin);
  item.content = casefile::content_key(upload.sha256);
  item.size_bytes = upload.bytes;
  return item;
}

void add_stills(const Item& item, const casefile::Examination& examination,
                const scan::ExaminedContents& contents, uint32_t depth, std::vector<Item>& items) {
  if (depth >= kMaxDepth) return;
  for (const casefile::MemberContent& member : examination.members) {
    const auto found = std::ranges::find_if(contents, [&](const ExaminedContent& content) {
      return content.content.key == member.content;
    });
    if (found == contents.end()) continue;
    Item still;
    still.origin = item.origin.child(member.step);
    still.id = item_id_of(still.origin);
    still.parent = item.id;
    still.content = member.content;
    still.coverage = found->examination.coverage;
    still.error = found->examination.error;
    items.push_back(still);
    add_stills(still, found->examination, contents, depth + 1, items);
  }
}

std::string content_id_of(const ListsAtOnce& lists, std::string_view name) {
  for (const auto& list : lists.lists()) {
    if (list->name() == name) return to_hex(list->content_id());
  }
  return {};
}

}  // namespace

Origin origin_of(const std::string& source_id, const HeldId& id) {
  return {source_id, {{StepKind::directory_entry, 0, 0, id.text}}};
}

ItemId item_id_of(const Origin& origin) { return {sha256_of(encode(origin))}; }

casefile::Batch batch_of(const std::string& source_id, const HeldUpload& upload,
                         const Screened& screened, const casefile::Reader& reader) {
  casefile::Batch batch;
  batch.contents = screened.contents;
  const casefile::Examination& examination = screened.contents.back().examination;
  Item item = item_of(source_id, upload);
  item.coverage = examination.coverage;
  item.error = examination.error;
  item.findings.push_back(upload_finding(upload, screened.reasons));
  batch.items.push_back(item);
  add_stills(item, examination, screened.contents, 0, batch.items);
  for (size_t i = 0; i < screened.matches.size(); ++i) {
    const casefile::ContentKey& key = screened.contents[i].content.key;
    const auto stored = reader.find_content(key);
    for (const Hit& hit : screened.matches[i].hits) {
      std::string list = content_id_of(*screened.lists, hit.list);
      const auto stands = [&](const casefile::StoredHit& each) {
        return each.hit == hit && each.list_content_id == list;
      };
      if (stored && std::ranges::any_of(stored->hits, stands)) continue;
      batch.hits.push_back({key, hit, std::move(list), casefile::HitState::added});
    }
  }
  return batch;
}

casefile::Batch batch_of_unexamined(const std::string& source_id, const HeldUpload& upload) {
  const Error interrupted{ErrorCode::changed, "held.interrupted"};
  casefile::Batch batch;
  casefile::Examination examination;
  examination.coverage = Coverage::none;
  examination.error = casefile::stored(interrupted);
  examination.findings.push_back(coverage_finding(Coverage::none, "upload", interrupted));
  const auto key = casefile::content_key(upload.sha256);
  batch.contents.push_back(
      {{key, upload.sha256, std::nullopt, std::nullopt, upload.bytes}, examination});
  Item item = item_of(source_id, upload);
  item.coverage = Coverage::none;
  item.error = examination.error;
  item.findings.push_back(upload_finding(upload, {HoldReason::not_examined}));
  batch.items.push_back(item);
  return batch;
}

void use_lists(casefile::Writer& writer, const ListsAtOnce& lists, std::set<std::string>& used) {
  for (const auto& list : lists.lists()) {
    if (used.insert(list->name() + '\n' + to_hex(list->content_id())).second) {
      writer.use_list(scan::list_use(*list));
    }
  }
}

}  // namespace safelight::serve::held
