#include "safelight/lists/hash_list.h"

#include <algorithm>
#include <cassert>

#include "safelight/digest/sha256_stream.h"

namespace safelight {
namespace {

void set_bit(std::vector<uint64_t>& bits, uint32_t number) {
  if (bits.size() <= number / 64) bits.resize(number / 64 + 1);
  bits[number / 64] |= uint64_t{1} << (number % 64);
}

ListCategory* find_category(std::vector<ListCategory>& categories, std::string_view code) {
  const auto found =
      std::lower_bound(categories.begin(), categories.end(), code,
                       [](const ListCategory& a, std::string_view b) { return a.code < b; });
  return found != categories.end() && found->code == code ? &*found : nullptr;
}

}  // namespace

Sha256 list_content_id(std::span<const Sha256> segments) {
  Sha256Stream hash;
  for (const Sha256& segment : segments) hash.update(std::as_bytes(std::span(segment.bytes)));
  return hash.digest();
}

Result<HashList> HashList::make(std::string name, std::vector<Segment> segments) {
  assert(!segments.empty());
  HashList list;
  list.name_ = std::move(name);
  list.segments_ = std::move(segments);
  list.removed_entries_.resize(list.segments_.size());
  list.removed_rows_.resize(list.segments_.size());
  std::vector<Sha256> ids;
  list.info_.pdq_mode = list.segments_[0]->info().pdq_mode;
  list.info_.default_disposition = list.segments_[0]->info().default_disposition;
  list.info_.mapping = list.segments_[0]->info().mapping;
  list.info_.index_kind = list.segments_[0]->info().index_kind;
  for (const Segment& segment : list.segments_) {
    if (segment->info().pdq_mode != list.info_.pdq_mode ||
        segment->info().mapping != list.info_.mapping ||
        segment->info().default_disposition != list.info_.default_disposition) {
      return Error{ErrorCode::malformed, "list.segments-differ"};
    }
    list.add_info(segment->info());
    ids.push_back(segment->content_id());
  }
  list.info_.content_id = list_content_id(ids);
  for (uint32_t i = 0; i < list.segments_.size(); ++i) {
    for (const SegmentRemovals& removals : list.segments_[i]->removals()) {
      SAFELIGHT_CHECK(list.take_away(i, removals));
    }
  }
  std::erase_if(list.info_.categories,
                [](const ListCategory& category) { return category.entries == 0; });
  return list;
}

Result<HashList> HashList::open(const std::filesystem::path& compiled_file, std::string name) {
  SAFELIGHT_TRY(CompiledList segment, CompiledList::open(compiled_file, name));
  return make(std::move(name), {std::make_shared<const CompiledList>(std::move(segment))});
}

void HashList::add_info(const CompiledListInfo& info) {
  info_.sources.insert(info_.sources.end(), info.sources.begin(), info.sources.end());
  const std::pair<uint64_t*, uint64_t> sums[] = {
      {&info_.entries, info.entries},
      {&info_.md5, info.md5},
      {&info_.sha1, info.sha1},
      {&info_.sha256, info.sha256},
      {&info_.pdq, info.pdq},
      {&info_.photodna, info.photodna},
      {&info_.removals, info.removals},
      {&info_.merged, info.merged},
      {&info_.refused, info.refused},
      {&info_.dropped_empty_file, info.dropped_empty_file},
      {&info_.dropped_placeholder, info.dropped_placeholder},
      {&info_.dropped_low_quality, info.dropped_low_quality},
      {&info_.file_bytes, info.file_bytes}};
  for (const auto& [sum, count] : sums) *sum += count;
  for (const ListCategory& category : info.categories) {
    if (ListCategory* known = find_category(info_.categories, category.code)) {
      known->entries += category.entries;
      continue;
    }
    const auto place = std::upper_bound(
        info_.categories.begin(), info_.categories.end(), category,
        [](const ListCategory& a, const ListCategory& b) { return a.code < b.code; });
    info_.categories.insert(place, category);
  }
}

Result<void> HashList::take_away(uint32_t by_segment, const SegmentRemovals& removals) {
  const Error wrong{ErrorCode::malformed, "list.removal"};
  bool found = false;
  for (uint32_t segment = 0; segment < by_segment; ++segment) {
    if (segments_[segment]->content_id() != removals.content_id) continue;
    found = true;
    for (const uint32_t number : removals.entries) {
      if (number >= segments_[segment]->info().entries) return wrong;
      if (is_live({segment, number})) forget(segment, number);
    }
  }
  if (!found) return wrong;
  return {};
}

void HashList::forget(uint32_t segment, uint32_t number) {
  const CompiledList& list = *segments_[segment];
  set_bit(removed_entries_[segment], number);
  const EntryFacts facts = list.facts(number);
  --info_.entries;
  info_.md5 -= facts.values.md5;
  info_.sha1 -= facts.values.sha1;
  info_.sha256 -= facts.values.sha256;
  info_.pdq -= facts.values.fingerprint;
  info_.photodna -= facts.values.photodna;
  if (ListCategory* category =
          find_category(info_.categories, list.info().categories[facts.category].code)) {
    --category->entries;
  }
  if (!facts.values.fingerprint) return;
  if (const auto row = list.row_of_entry(number)) set_bit(removed_rows_[segment], *row);
}

void HashList::search(std::span<const Fingerprint> queries, const SearchOptions& options,
                      ListMatches& out) const {
  out.matches.clear();
  out.cut.assign(queries.size(), 0);
  Matches of_segment;
  for (uint32_t segment = 0; segment < segments_.size(); ++segment) {
    const CompiledList& list = *segments_[segment];
    if (list.fingerprint_rows() == 0) continue;
    list.search(queries, options, removed_rows_[segment], of_segment);
    for (const Match& match : of_segment.matches) {
      out.matches.push_back(
          {match.query, match.distance_bits, {segment, list.entry_of_row(match.entry)}});
    }
    for (size_t i = 0; i < queries.size(); ++i) out.cut[i] += of_segment.cut[i];
  }
  std::sort(out.matches.begin(), out.matches.end());
  if (options.max_matches_per_query == kNoMatchLimit) return;
  // Each segment gave its own nearest.
  uint32_t of_query = 0;
  size_t kept = 0;
  for (size_t i = 0; i < out.matches.size(); ++i) {
    const ListMatch& match = out.matches[i];
    of_query = i > 0 && out.matches[i - 1].query == match.query ? of_query + 1 : 1;
    if (of_query > options.max_matches_per_query) {
      ++out.cut[match.query];
    } else {
      out.matches[kept++] = match;
    }
  }
  out.matches.resize(kept);
}

Result<void> HashList::verify() const {
  for (const Segment& segment : segments_) SAFELIGHT_CHECK(segment->verify());
  return {};
}

}  // namespace safelight
