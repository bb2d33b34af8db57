#include "safelight/lists/list_store.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <map>
#include <numeric>
#include <sys/stat.h>
#include <unistd.h>
#include <unordered_set>

#include "safelight/base/fault.h"
#include "safelight/bytes/private_folder.h"
#include "safelight/evidence/origin.h"
#include "safelight/lists/internal/list_builder.h"
#include "safelight/lists/internal/list_manifest.h"
#include "safelight/lists/internal/list_writer.h"
#include "safelight/lists/internal/live_values.h"
#include "safelight/lists/internal/segment_merge.h"
#include "safelight/lists/internal/source_import.h"
#include "safelight/lists/internal/store_folder.h"
#include "safelight/lists/list_log.h"

namespace safelight {
namespace {

using lists::ListManifest;

constexpr size_t kMaxNameBytes = 64;
/// A reader that finds a compiled file gone reads the manifest again: a merge took its place.
constexpr int kLoadTries = 10;
constexpr size_t kAddMemoryBytes = size_t{64} << 20;

using Fields = std::vector<std::pair<std::string, std::string>>;

void add_count(Fields& fields, std::string name, uint64_t count) {
  fields.emplace_back(std::move(name), std::to_string(count));
}

void add_source(Fields& fields, const ListSource& source, std::string_view number) {
  const std::string suffix(number);
  fields.emplace_back("source_name" + suffix, escape_name(source.name));
  fields.emplace_back("source_sha256" + suffix, to_hex(source.sha256));
  add_count(fields, "source_bytes" + suffix, source.bytes);
  fields.emplace_back("format" + suffix, source.format);
  fields.emplace_back("header" + suffix, escape_name(source.header));
}

void add_counts(Fields& fields, const CompiledListInfo& info) {
  add_count(fields, "entries", info.entries);
  add_count(fields, "md5", info.md5);
  add_count(fields, "sha1", info.sha1);
  add_count(fields, "sha256", info.sha256);
  add_count(fields, "pdq", info.pdq);
  add_count(fields, "photodna_not_matchable", info.photodna);
  add_count(fields, "merged", info.merged);
  add_count(fields, "refused", info.refused);
  add_count(fields, "dropped_empty_file", info.dropped_empty_file);
  add_count(fields, "dropped_placeholder", info.dropped_placeholder);
  add_count(fields, "dropped_low_quality", info.dropped_low_quality);
}

Fields fields_of(const CompiledListInfo& info) {
  Fields fields;
  for (size_t i = 0; i < info.sources.size(); ++i) {
    add_source(fields, info.sources[i], i == 0 ? "" : "_" + std::to_string(i + 1));
  }
  fields.emplace_back("pdq_mode", to_text(info.pdq_mode));
  add_counts(fields, info);
  fields.emplace_back("default_disposition", to_text(info.default_disposition));
  for (const auto& [code, disposition] : info.mapping.codes()) {
    fields.emplace_back("map:" + escape_name(code), to_text(disposition));
  }
  return fields;
}

/// What a compiled file weighs when the small ones are merged.
uint64_t weight_of(const CompiledList& segment) {
  return std::max<uint64_t>(1, segment.info().entries + segment.info().removals);
}

std::vector<SegmentRemovals> removals_of(const HashList& list, std::span<const EntryPlace> places) {
  std::map<Sha256, std::vector<uint32_t>> by_id;
  for (const EntryPlace place : places) {
    by_id[list.segments()[place.segment]->content_id()].push_back(place.number);
  }
  return lists::removals_of(std::move(by_id));
}

bool starts_with(const ListManifest& now, const ListManifest& before) {
  return now.segments.size() >= before.segments.size() &&
         std::equal(before.segments.begin(), before.segments.end(), now.segments.begin());
}

ListManifest manifest_of(const HashList& list) {
  ListManifest manifest;
  for (const HashList::Segment& segment : list.segments()) {
    manifest.segments.push_back({segment->content_id(), segment->info().file_bytes});
  }
  return manifest;
}

}  // namespace

Result<void> check_list_name(std::string_view name) {
  const bool good = !name.empty() && name.size() <= kMaxNameBytes && name.front() != '.' &&
                    std::all_of(name.begin(), name.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
                    });
  if (!good) return Error{ErrorCode::malformed, "list.name"};
  return {};
}

/// A change of one list, under the lock of the log.
struct ListStore::Change {
  const ListStore& store;
  std::string name;
  std::string when;
  ListLogWriter log;
  ListManifest manifest;  ///< As it was; without segments where there is no list.

  static Result<Change> begin(const ListStore& store, std::string_view name,
                              std::string_view when) {
    SAFELIGHT_CHECK(check_list_name(name));
    SAFELIGHT_TRY(ListLogWriter log, ListLogWriter::open(store.log_path(), when));
    lists::remove_leftovers(store.folder_);
    lists::remove_unreferenced(store.folder_);
    Change change{store, std::string(name), std::string(when), std::move(log), {}};
    // A manifest that does not read can still be replaced or dropped.
    if (auto manifest = lists::read_manifest(store.manifest_path(name))) {
      change.manifest = std::move(*manifest);
    }
    return change;
  }

  [[nodiscard]] std::filesystem::path pending() const {
    return lists::pending_path(store.folder_, name);
  }
  void step(std::string_view done) const {
    if (store.on_step_) store.on_step_(done);
  }

  /// Gives a compiled file its name.
  ListManifest::Segment place(const std::filesystem::path& written,
                              const CompiledListInfo& info) const {
    lists::rename_over(written, store.segment_path(name, info.content_id));
    step("segment");
    return {info.content_id, info.file_bytes};
  }

  /// Logs and makes the change: the list is `segments` from then on.
  void commit(std::string_view action, std::vector<ListManifest::Segment> segments, Fields fields) {
    const ListManifest next{manifest.generation + 1, std::move(segments)};
    ListLogRecord record;
    record.when = when;
    record.action = action;
    record.list = name;
    record.content_id = to_hex(lists::content_id_of(next));
    record.fields = std::move(fields);
    if (!manifest.segments.empty()) {
      record.fields.emplace_back("replaced_content_id", to_hex(lists::content_id_of(manifest)));
    }
    // The log before the new manifest has its name: a crash in between leaves a record of a change
    // that check() shows as not done, never a change without its record.
    lists::write_small_file(lists::encode_manifest(next), store.manifest_path(name), [&] {
      log.append(std::move(record));
      step("log");
    });
    step("manifest");
    lists::remove_unreferenced(store.folder_);
  }
};

ListStore::ListStore(std::filesystem::path folder, ListKey key, OnStep on_step)
    : folder_(std::move(folder)), key_(std::move(key)), on_step_(std::move(on_step)) {}

ListStore ListStore::open(const std::filesystem::path& folder, ListKey key, OnStep on_step) {
  make_private_folder(folder);
  return ListStore(folder, std::move(key), std::move(on_step));
}

std::filesystem::path ListStore::log_path() const { return folder_ / "lists.log"; }

std::filesystem::path ListStore::manifest_path(std::string_view name) const {
  return folder_ / (std::string(name) + std::string(lists::kManifestSuffix));
}

std::filesystem::path ListStore::old_path(std::string_view name) const {
  return folder_ / (std::string(name) + std::string(lists::kOldSuffix));
}

std::filesystem::path ListStore::segment_path(std::string_view name, const Sha256& id) const {
  return folder_ / lists::segment_name(name, id);
}

std::vector<std::string> ListStore::names() const {
  std::vector<std::string> names;
  for (const std::string& name : lists::files_of(folder_)) {
    for (const std::string_view suffix : {lists::kManifestSuffix, lists::kOldSuffix}) {
      if (!name.ends_with(suffix)) continue;
      std::string list = name.substr(0, name.size() - suffix.size());
      if (check_list_name(list)) names.push_back(std::move(list));
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Result<Sha256> ListStore::content_id(std::string_view name) const {
  SAFELIGHT_CHECK(check_list_name(name));
  SAFELIGHT_TRY(const ListManifest manifest, lists::read_manifest(manifest_path(name)));
  return lists::content_id_of(manifest);
}

Result<HashList> ListStore::load(std::string_view name, const HashList* known) const {
  SAFELIGHT_CHECK(check_list_name(name));
  Error error{ErrorCode::not_found, "list.segment"};
  for (int tries = 0; tries < kLoadTries; ++tries) {
    const auto manifest = lists::read_manifest(manifest_path(name));
    if (!manifest) {
      if (manifest.error().code != ErrorCode::not_found) return manifest.error();
      // One of an older version says itself why it is not read.
      return HashList::open(old_path(name), std::string(name));
    }
    std::vector<HashList::Segment> segments;
    bool all_there = true;
    for (const ListManifest::Segment& segment : manifest->segments) {
      if (known != nullptr) {
        const auto same = std::find_if(
            known->segments().begin(), known->segments().end(),
            [&](const HashList::Segment& s) { return s->content_id() == segment.content_id; });
        if (same != known->segments().end()) {
          segments.push_back(*same);
          continue;
        }
      }
      Result<CompiledList> file =
          CompiledList::open(segment_path(name, segment.content_id), name, key_.get());
      if (!file && file.error().code == ErrorCode::not_found) {
        all_there = false;
        break;
      }
      if (!file) return file.error();
      if (file->content_id() != segment.content_id) {
        return Error{ErrorCode::integrity_mismatch, "list-manifest.content-id"};
      }
      segments.push_back(std::make_shared<const CompiledList>(std::move(*file)));
    }
    if (all_there) return HashList::make(std::string(name), std::move(segments));
  }
  return error;
}

Result<CompileReport> ListStore::build(std::string_view name, std::span<const ListInput> inputs,
                                       const CompileOptions& options, std::string_view when) {
  SAFELIGHT_TRY(Change change, Change::begin(*this, name, when));
  return build_in(change, inputs, options);
}

bool ListStore::is_there(std::string_view name) const {
  return std::filesystem::exists(manifest_path(name)) || std::filesystem::exists(old_path(name));
}

Result<CompileReport> ListStore::build_in(Change& change, std::span<const ListInput> inputs,
                                          const CompileOptions& options) {
  SAFELIGHT_TRY(CompileReport report, compile_list(inputs, options, change.pending(), key_));
  const bool replaces = is_there(change.name);
  const auto segment = change.place(change.pending(), report.info);
  change.commit(replaces ? "replace" : "import", {segment}, fields_of(report.info));
  ::unlink(old_path(change.name).c_str());
  return report;
}

Result<AddReport> ListStore::add_or_build(std::string_view name, const ListInput& input,
                                          const CompileOptions& options, std::string_view when) {
  SAFELIGHT_TRY(Change change, Change::begin(*this, name, when));
  if (is_there(name)) return add_in(change, input, options.import);
  SAFELIGHT_TRY(CompileReport built, build_in(change, {&input, 1}, options));
  AddReport report;
  report.import = std::move(built.imports[0]);
  report.added = built.info.entries;
  report.merged = built.merged;
  return report;
}

Result<AddReport> ListStore::add(std::string_view name, const ListInput& input,
                                 const ImportOptions& options, std::string_view when) {
  SAFELIGHT_TRY(Change change, Change::begin(*this, name, when));
  return add_in(change, input, options);
}

Result<AddReport> ListStore::add_in(Change& change, const ListInput& input,
                                    const ImportOptions& options) {
  SAFELIGHT_TRY(const HashList list, load(change.name));
  AddReport report;
  CompiledListInfo info;
  info.pdq_mode = list.info().pdq_mode;
  info.mapping = list.info().mapping;
  info.default_disposition = list.info().default_disposition;
  {
    lists::ListBuilder builder({folder_, key_}, kAddMemoryBytes);
    lists::NewEntries new_entries(list, builder);
    SAFELIGHT_TRY(report.import, lists::import_source(input, options, builder, new_entries));
    SAFELIGHT_CHECK(new_entries.finish());
    report.held = new_entries.held();
    if (builder.added() == 0) return report;
    lists::count_import(report.import, info);
    builder.write(info, change.pending());
  }
  info = lists::read_back(change.pending(), key_.get());
  report.added = info.entries;
  report.merged = info.merged;
  auto segments = change.manifest.segments;
  segments.push_back(change.place(change.pending(), info));
  Fields fields;
  add_source(fields, info.sources[0], "");
  add_counts(fields, info);
  add_count(fields, "held", report.held);
  change.commit("add", std::move(segments), std::move(fields));
  return report;
}

Result<RemoveReport> ListStore::remove_places(Change& change, const HashList& list,
                                              std::span<const EntryPlace> places,
                                              RemoveReport report) {
  report.removed = places.size();
  if (places.empty()) return report;
  CompiledListInfo info;
  info.pdq_mode = list.info().pdq_mode;
  info.mapping = list.info().mapping;
  info.default_disposition = list.info().default_disposition;
  const std::vector<SegmentRemovals> removals = removals_of(list, places);
  for (const SegmentRemovals& of_segment : removals) info.removals += of_segment.entries.size();
  lists::write_list(info, removals, {}, change.pending(), key_.get());
  info = lists::read_back(change.pending(), key_.get());
  auto segments = change.manifest.segments;
  segments.push_back(change.place(change.pending(), info));
  Fields fields;
  add_count(fields, "asked", report.asked);
  add_count(fields, "absent", report.absent);
  add_count(fields, "removed", report.removed);
  change.commit("remove", std::move(segments), std::move(fields));
  return report;
}

Result<RemoveReport> ListStore::remove(std::string_view name, const ListInput& input,
                                       const ImportOptions& options, std::string_view when) {
  SAFELIGHT_TRY(Change change, Change::begin(*this, name, when));
  SAFELIGHT_TRY(const HashList list, load(name));
  const bool ask = options.sixty_four_hex == SixtyFourHex::ask;
  ImportOptions import = options;
  if (ask) import.sixty_four_hex = SixtyFourHex::sha256;
  lists::EntriesWithValues found(
      list, ask ? lists::Sha256Means::sha256_or_fingerprint : lists::Sha256Means::sha256);
  RemoveReport report;
  SAFELIGHT_TRY(report.import, import_list(input.file, import, found));
  found.finish();
  report.asked = found.values();
  report.absent = found.absent();
  return remove_places(change, list, found.places(), std::move(report));
}

Result<RemoveReport> ListStore::remove_entries(std::string_view name,
                                               std::span<const std::string> entry_ids,
                                               std::string_view when) {
  SAFELIGHT_TRY(Change change, Change::begin(*this, name, when));
  SAFELIGHT_TRY(const HashList list, load(name));
  const std::unordered_set<std::string> wanted(entry_ids.begin(), entry_ids.end());
  std::unordered_set<std::string> found;
  std::vector<EntryPlace> places;
  for (uint32_t segment = 0; segment < list.segments().size(); ++segment) {
    for (uint64_t number = 0; number < list.segments()[segment]->info().entries; ++number) {
      const EntryPlace place{segment, static_cast<uint32_t>(number)};
      if (!list.is_live(place)) continue;
      std::string id = list.entry(place).entry_id;
      if (!wanted.contains(id)) continue;
      found.insert(std::move(id));
      places.push_back(place);
    }
  }
  RemoveReport report;
  report.asked = wanted.size();
  report.absent = wanted.size() - found.size();
  return remove_places(change, list, places, std::move(report));
}

Result<MergeReport> ListStore::merge_from(std::string_view name, const ChooseFirst& choose,
                                          std::string_view when) {
  MergeReport report;
  SAFELIGHT_TRY(const HashList before, load(name));
  report.segments_before = static_cast<uint32_t>(before.segments().size());
  report.segments_after = report.segments_before;
  const std::optional<uint32_t> chosen = choose(before);
  if (!chosen) return report;
  const uint32_t first = *chosen;
  const std::filesystem::path written = lists::merging_path(folder_, name);
  lists::remove_merge_leftovers(folder_, name);
  lists::SegmentMerge merge(before, first);
  merge.write(before.info().mapping, before.info().default_disposition, merge.removals(), written,
              key_);
  const CompiledListInfo info = lists::read_back(written, key_.get());
  report.entries = info.entries;
  if (on_step_) on_step_("merged");

  SAFELIGHT_TRY(Change change, Change::begin(*this, name, when));
  const ListManifest was = manifest_of(before);
  if (!starts_with(change.manifest, was)) {
    ::unlink(written.c_str());
    return Error{ErrorCode::changed, "list.replaced-while-merging"};
  }
  std::vector<ListManifest::Segment> segments(was.segments.begin(), was.segments.begin() + first);
  if (info.entries + info.removals > 0 || first == 0) {
    segments.push_back(change.place(written, info));
  } else {
    ::unlink(written.c_str());
  }
  if (change.manifest.segments.size() > was.segments.size()) {
    // What came meanwhile is written anew, and takes away what it took away under new numbers.
    SAFELIGHT_TRY(const HashList now, load(name, &before));
    lists::SegmentMerge later(now, report.segments_before);
    std::map<Sha256, std::vector<uint32_t>> removals;
    for (const SegmentRemovals& of_segment : later.removals()) {
      for (uint32_t place = 0; place < report.segments_before; ++place) {
        if (before.segments()[place]->content_id() != of_segment.content_id) continue;
        if (place < first) removals[of_segment.content_id] = of_segment.entries;
        for (const uint32_t number : of_segment.entries) {
          if (const auto moved = merge.new_number({place, number})) {
            removals[info.content_id].push_back(*moved);
          }
        }
      }
    }
    later.write(before.info().mapping, before.info().default_disposition,
                lists::removals_of(std::move(removals)), change.pending(), key_);
    segments.push_back(
        change.place(change.pending(), lists::read_back(change.pending(), key_.get())));
  }
  report.segments_after = static_cast<uint32_t>(segments.size());
  Fields fields;
  add_count(fields, "entries", info.entries);
  add_count(fields, "segments_before", change.manifest.segments.size());
  add_count(fields, "segments_after", segments.size());
  change.commit("merge", std::move(segments), std::move(fields));
  return report;
}

Result<MergeReport> ListStore::merge(std::string_view name, std::string_view when) {
  SAFELIGHT_CHECK(check_list_name(name));
  const auto lock = lists::try_merge_lock(folder_, name);
  if (!lock) throw Fault("the list " + std::string(name) + " is being merged by another program");
  return merge_from(
      name,
      [](const HashList& list) {
        const bool is_merged = list.segments().size() == 1;
        return is_merged ? std::nullopt : std::optional<uint32_t>(0);
      },
      when);
}

Result<std::vector<MergeReport>> ListStore::merge_small(std::string_view name,
                                                        std::string_view when) {
  SAFELIGHT_CHECK(check_list_name(name));
  std::vector<MergeReport> reports;
  const auto lock = lists::try_merge_lock(folder_, name);
  if (!lock) return reports;
  const auto choose = [](const HashList& list) -> std::optional<uint32_t> {
    std::optional<uint32_t> first;
    uint64_t later = 0;
    for (auto i = static_cast<uint32_t>(list.segments().size()); i-- > 0;) {
      const uint64_t own = weight_of(*list.segments()[i]);
      if (own < kTierFactor * later) first = i;
      later += own;
    }
    return first;
  };
  while (true) {
    SAFELIGHT_TRY(const MergeReport report, merge_from(name, choose, when));
    if (report.segments_after == report.segments_before) return reports;
    reports.push_back(report);
  }
}

Result<CompiledListInfo> ListStore::remap(std::string_view name, const CategoryMapping& mapping,
                                          Disposition default_disposition, std::string_view when) {
  SAFELIGHT_TRY(Change change, Change::begin(*this, name, when));
  SAFELIGHT_TRY(const HashList list, load(name));
  lists::SegmentMerge merge(list, 0);
  merge.write(mapping, default_disposition, {}, change.pending(), key_);
  const CompiledListInfo info = lists::read_back(change.pending(), key_.get());
  const auto segment = change.place(change.pending(), info);
  change.commit("remap", {segment}, fields_of(info));
  return info;
}

Result<void> ListStore::drop(std::string_view name, std::string_view when) {
  SAFELIGHT_TRY(Change change, Change::begin(*this, name, when));
  const std::filesystem::path old = old_path(name);
  const std::filesystem::path manifest = manifest_path(name);
  if (!std::filesystem::exists(manifest) && !std::filesystem::exists(old)) {
    return Error{ErrorCode::not_found, "list.name"};
  }
  ListLogRecord record;
  record.when = when;
  record.action = "drop";
  record.list = name;
  record.content_id = change.manifest.segments.empty()
                          ? "unreadable"
                          : to_hex(lists::content_id_of(change.manifest));
  change.log.append(std::move(record));
  change.step("log");
  for (const std::filesystem::path& path : {manifest, old}) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
      throw Fault::from_errno("cannot remove " + path.string(), errno);
    }
  }
  lists::sync_folder(folder_);
  change.step("manifest");
  lists::remove_unreferenced(folder_);
  return {};
}

Result<std::vector<ListDiscrepancy>> ListStore::compare(std::string_view only) const {
  std::map<std::string, std::string> logged;
  std::map<std::string, Result<HashList>> lists;
  {
    // A change is in the log before it takes place: none is to be seen between.
    const Descriptor lock = lists::lock_out_changes(log_path());
    SAFELIGHT_TRY(const std::vector<ListLogRecord> records, verify_list_log(log_path()));
    for (const ListLogRecord& record : records) {
      if (record.action == "mend" || (!only.empty() && record.list != only)) continue;
      logged[record.list] = record.action == "drop" ? std::string() : record.content_id;
    }
    for (const std::string& name : names()) {
      if (only.empty() || name == only) lists.emplace(name, load(name));
    }
  }
  std::map<std::string, std::string> present;
  for (const auto& [name, list] : lists) {
    present[name] = list && list->verify() ? to_hex(list->content_id()) : "damaged";
  }
  std::vector<ListDiscrepancy> discrepancies;
  for (const auto& [name, id] : logged) {
    const auto found = present.find(name);
    const std::string present_id = found == present.end() ? std::string() : found->second;
    if (present_id != id) discrepancies.push_back({name, id, present_id});
  }
  for (const auto& [name, id] : present) {
    if (!logged.contains(name)) discrepancies.push_back({name, {}, id});
  }
  std::sort(discrepancies.begin(), discrepancies.end());
  return discrepancies;
}

Result<std::vector<ListDiscrepancy>> ListStore::check() const { return compare({}); }

Result<std::vector<ListDiscrepancy>> ListStore::check(std::string_view name) const {
  SAFELIGHT_CHECK(check_list_name(name));
  return compare(name);
}

}  // namespace safelight
