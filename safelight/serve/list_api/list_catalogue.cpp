#include "safelight/serve/list_api/list_catalogue.h"

#include "safelight/base/fault.h"
#include "safelight/lists/list_log.h"

namespace safelight::serve {
namespace {

ListFacts facts_of(const ListStore& store, const std::string& name) {
  ListFacts out;
  out.name = name;
  try {
    const auto list = store.load(name);
    if (!list) {
      out.problem = list.error().rule;
      return out;
    }
    const CompiledListInfo& info = list->info();
    out.entries = info.entries;
    out.digests = info.md5 + info.sha1 + info.sha256;
    out.fingerprints = info.pdq;
  } catch (const Fault&) {
    out.problem = "list.not-opened";  // Such as one that is encrypted and too large to be locked.
  }
  return out;
}

}  // namespace

std::vector<ListFacts> ListCatalogue::read(const ListStore& store) {
  const auto changed = last_changes(store.log_path());
  const std::lock_guard lock(mutex_);
  std::vector<ListFacts> out;
  std::map<std::string, Known> known;
  for (const std::string& name : store.names()) {
    const auto id = store.content_id(name);
    const auto before = known_.find(name);
    const bool is_known = id && before != known_.end() && before->second.content_id == *id &&
                          before->second.facts.problem.empty();
    ListFacts facts = is_known ? before->second.facts : facts_of(store, name);
    const auto when = changed.find(name);
    facts.changed = when == changed.end() ? "" : when->second;
    if (id) known[name] = {*id, facts};
    out.push_back(std::move(facts));
  }
  known_ = std::move(known);
  return out;
}

}  // namespace safelight::serve
