#include "safelight/lists/internal/segment_merge.h"

#include <algorithm>
#include <bit>
#include <queue>

#include "safelight/base/fault.h"
#include "safelight/index/exact_set.h"
#include "safelight/lists/internal/exact_set_stream.h"
#include "safelight/lists/internal/source_import.h"

namespace safelight::lists {
namespace {

constexpr std::string_view kFurtherSources = "further sources";

}  // namespace

SegmentMerge::SegmentMerge(const HashList& list, uint32_t first) : list_(list), first_(first) {
  uint64_t number = 0;
  for (uint32_t segment = first; segment < list.segments().size(); ++segment) {
    Numbering numbering;
    numbering.first_number = static_cast<uint32_t>(number);
    uint32_t removed = 0;
    for (const uint64_t word : list.removed_entries(segment)) {
      numbering.removed_before_word.push_back(removed);
      removed += static_cast<uint32_t>(std::popcount(word));
    }
    number += list.segments()[segment]->info().entries - removed;
    if (number > kMaxListEntries) throw Fault("a list cannot have so many entries: " + list.name());
    numbering_.push_back(std::move(numbering));
  }
}

std::optional<uint32_t> SegmentMerge::new_number(EntryPlace place) const {
  if (place.segment < first_ || !list_.is_live(place)) return std::nullopt;
  const Numbering& numbering = numbering_[place.segment - first_];
  const size_t word = place.number / 64;
  const auto& before = numbering.removed_before_word;
  uint32_t removed = 0;
  if (word < before.size()) {
    const uint64_t lower = (uint64_t{1} << (place.number % 64)) - 1;
    const uint64_t bits = list_.removed_entries(place.segment)[word];
    removed = before[word] + static_cast<uint32_t>(std::popcount(bits & lower));
  } else if (!before.empty()) {
    removed = before.back() +
              static_cast<uint32_t>(std::popcount(list_.removed_entries(place.segment).back()));
  }
  return numbering.first_number + place.number - removed;
}

template <typename OnEntry>
void SegmentMerge::for_each_live(const OnEntry& on_entry) const {
  for (uint32_t segment = first_; segment < list_.segments().size(); ++segment) {
    const uint64_t entries = list_.segments()[segment]->info().entries;
    for (uint64_t number = 0; number < entries; ++number) {
      const EntryPlace place{segment, static_cast<uint32_t>(number)};
      if (list_.is_live(place)) on_entry(segment - first_, list_.facts(place));
    }
  }
}

void SegmentMerge::count_rows() {
  for (uint32_t segment = first_; segment < list_.segments().size(); ++segment) {
    const CompiledListInfo& info = list_.segments()[segment]->info();
    entries_of_category_.emplace_back(info.categories.size());
    entries_of_source_.emplace_back(info.sources.size());
  }
  for_each_live([&](uint32_t segment, const EntryFacts& facts) {
    ++entries_of_category_[segment][facts.category];
    ++entries_of_source_[segment][facts.source];
  });
}

/// The row of a source in the merged table; where that is full, of all further ones of its format.
uint16_t SegmentMerge::source_row(const ListSource& source, CompiledListInfo& info) {
  const auto known = known_sources_.find(source);
  if (known != known_sources_.end()) return known->second;
  if (info.sources.size() >= kMaxSources && source.name != kFurtherSources) {
    ListSource further;
    further.name = kFurtherSources;
    further.format = source.format;
    return source_row(further, info);
  }
  const auto row = static_cast<uint16_t>(info.sources.size());
  info.sources.push_back(source);
  known_sources_.emplace(source, row);
  return row;
}

/// The categories that occur, in the order of their bytes, and the sources, in their own.
void SegmentMerge::make_tables(CompiledListInfo& info) {
  std::map<std::string, uint64_t, std::less<>> entries_of_code;
  for (uint32_t i = 0; i < numbering_.size(); ++i) {
    const CompiledListInfo& from = list_.segments()[first_ + i]->info();
    for (size_t row = 0; row < from.categories.size(); ++row) {
      const uint64_t entries = entries_of_category_[i][row];
      if (entries > 0) entries_of_code[from.categories[row].code] += entries;
    }
    source_rows_.emplace_back(from.sources.size());
    for (size_t row = 0; row < from.sources.size(); ++row) {
      if (entries_of_source_[i][row] == 0) continue;
      source_rows_.back()[row] = source_row(from.sources[row], info);
    }
  }
  if (entries_of_code.size() > 0xffff) throw Fault("a list cannot have so many category codes");
  for (const auto& [code, entries] : entries_of_code) {
    ListCategory category;
    category.code = code;
    category.entries = entries;
    apply_mapping(info, category);
    info.categories.push_back(std::move(category));
  }
  for (uint32_t i = 0; i < numbering_.size(); ++i) {
    category_rows_.emplace_back();
    for (const ListCategory& category : list_.segments()[first_ + i]->info().categories) {
      const auto place = entries_of_code.find(category.code);
      category_rows_.back().push_back(
          static_cast<uint16_t>(std::distance(entries_of_code.begin(), place)));
    }
  }
}

void SegmentMerge::copy_entries(CompiledListInfo& info, SpoolFile& entries,
                                SpoolFile& strings) const {
  for_each_live([&](uint32_t segment, const EntryFacts& facts) {
    EntryRecord record;
    record.id = strings.size_bytes();
    record.id_bytes = static_cast<uint16_t>(facts.own_id.size());
    record.size_bytes = facts.size_bytes.value_or(0);
    record.has_size = facts.size_bytes.has_value();
    record.source_record = facts.source_record;
    record.repeats = facts.repeats;
    record.source = source_rows_[segment][facts.source];
    record.category = category_rows_[segment][facts.category];
    record.values = facts.values;
    record.distributed = facts.distributed;
    record.victim_identified = facts.victim_identified;
    record.offender_identified = facts.offender_identified;
    entries.append_value(encode(record));
    strings.append(std::as_bytes(std::span(facts.own_id)));
    ++info.entries;
  });
  if (strings.size_bytes() > kMaxStringsBytes) throw Fault("the ids of a list are too long");
}

void SegmentMerge::copy_fingerprints(SpoolFile& values, SpoolFile& entries, uint64_t& count) const {
  for (uint32_t segment = first_; segment < list_.segments().size(); ++segment) {
    const CompiledList& from = *list_.segments()[segment];
    for (size_t row = 0; row < from.fingerprint_rows(); ++row) {
      const auto number = new_number({segment, from.entry_of_row(row)});
      if (!number) continue;
      values.append_value(from.fingerprint(row));
      entries.append_value(*number);
      ++count;
    }
  }
}

void SegmentMerge::copy_photodna(SpoolFile& values, SpoolFile& entries, uint64_t& count) const {
  for (uint32_t segment = first_; segment < list_.segments().size(); ++segment) {
    const CompiledList& from = *list_.segments()[segment];
    for (size_t row = 0; row < from.info().photodna; ++row) {
      const auto number = new_number({segment, from.entry_of_photodna_row(row)});
      if (!number) continue;
      values.append(from.photodna_row(row));
      entries.append_value(*number);
      ++count;
    }
  }
}

/// The digests of each segment are in order already.
template <typename D>
uint64_t SegmentMerge::merge_digests(SpoolFile& pairs, SectionPlan& plan) const {
  using Pair = typename ExactSet<D>::Pair;
  struct Head {
    Pair pair;
    uint32_t segment;
    size_t next;
    // The queue gives its greatest first.
    bool operator<(const Head& other) const { return other.pair < pair; }
  };
  std::priority_queue<Head> heads;
  const auto push_next = [&](uint32_t segment, size_t next) {
    const ExactSet<D>& set = list_.segments()[segment]->digests<D>();
    for (; next < set.size(); ++next) {
      const Pair pair = set.pair(next);
      if (const auto number = new_number({segment, pair.entry})) {
        heads.push({{pair.digest, *number}, segment, next + 1});
        return;
      }
    }
  };
  for (uint32_t segment = first_; segment < list_.segments().size(); ++segment) {
    push_next(segment, 0);
  }
  uint64_t count = 0;
  for (; !heads.empty(); ++count) {
    const Head head = heads.top();
    heads.pop();
    pairs.append_value(head.pair);
    push_next(head.segment, head.next);
  }
  pairs.flush();
  plan = {ExactSet<D>::layout_bytes(count),
          [&pairs, count](const SectionOutput& out) { stream_exact_set<D>(pairs, count, out); }};
  return count;
}

std::vector<SegmentRemovals> SegmentMerge::removals() const {
  std::map<Sha256, std::vector<uint32_t>> by_segment;
  for (uint32_t segment = first_; segment < list_.segments().size(); ++segment) {
    for (const SegmentRemovals& removals : list_.segments()[segment]->removals()) {
      const bool stays = std::any_of(
          list_.segments().begin(), list_.segments().begin() + first_,
          [&](const HashList::Segment& s) { return s->content_id() == removals.content_id; });
      if (!stays) continue;
      auto& numbers = by_segment[removals.content_id];
      numbers.insert(numbers.end(), removals.entries.begin(), removals.entries.end());
    }
  }
  return removals_of(std::move(by_segment));
}

void SegmentMerge::write(const CategoryMapping& mapping, Disposition default_disposition,
                         std::span<const SegmentRemovals> removals,
                         const std::filesystem::path& destination, const ListKey& key) {
  const ListPlace place{folder_of(destination), key};
  CompiledListInfo info;
  info.pdq_mode = list_.info().pdq_mode;
  info.mapping = mapping;
  info.default_disposition = default_disposition;
  for (uint32_t segment = first_; segment < list_.segments().size(); ++segment) {
    const CompiledListInfo& from = list_.segments()[segment]->info();
    info.merged += from.merged;
    info.refused += from.refused;
    info.dropped_empty_file += from.dropped_empty_file;
    info.dropped_placeholder += from.dropped_placeholder;
    info.dropped_low_quality += from.dropped_low_quality;
  }
  count_rows();
  make_tables(info);
  SectionPlans plans;
  const auto plan = [&](Section section) -> SectionPlan& {
    return plans[static_cast<size_t>(section)];
  };
  SpoolFile entries = SpoolFile::create(place);
  SpoolFile strings = SpoolFile::create(place);
  copy_entries(info, entries, strings);
  plan(Section::entries) = plan_copy(entries);
  plan(Section::strings) = plan_copy(strings);
  SpoolFile md5 = SpoolFile::create(place);
  SpoolFile sha1 = SpoolFile::create(place);
  SpoolFile sha256 = SpoolFile::create(place);
  info.md5 = merge_digests<Md5>(md5, plan(Section::md5));
  info.sha1 = merge_digests<Sha1>(sha1, plan(Section::sha1));
  info.sha256 = merge_digests<Sha256>(sha256, plan(Section::sha256));
  SpoolFile fingerprints = SpoolFile::create(place);
  SpoolFile fingerprint_entries = SpoolFile::create(place);
  uint64_t rows = 0;
  copy_fingerprints(fingerprints, fingerprint_entries, rows);
  plan(Section::fingerprints) = plan_fingerprints(fingerprints, rows, info);
  plan(Section::fingerprint_entries) = plan_copy(fingerprint_entries);
  SpoolFile photodna = SpoolFile::create(place);
  SpoolFile photodna_entries = SpoolFile::create(place);
  copy_photodna(photodna, photodna_entries, info.photodna);
  plan(Section::photodna) = plan_copy(photodna);
  plan(Section::photodna_entries) = plan_copy(photodna_entries);
  for (const SegmentRemovals& of_segment : removals) info.removals += of_segment.entries.size();
  write_list(info, removals, std::move(plans), destination, key.get());
}

}  // namespace safelight::lists
