#include "safelight/lists/internal/list_builder.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <optional>

#include "safelight/base/byte_writer.h"
#include "safelight/lists/internal/exact_set_stream.h"

namespace safelight::lists {
namespace {

/// Bytes that differ wherever two entries differ in what is matched or shown of them.
void append_identity(ByteWriter& out, const ListEntry& entry, uint16_t category) {
  const auto field = [&](bool present, std::span<const uint8_t> bytes) {
    out.u8(present ? 1 : 0);
    if (present) out.bytes(std::as_bytes(bytes));
  };
  field(entry.md5.has_value(),
        entry.md5 ? std::span<const uint8_t>(entry.md5->bytes) : std::span<const uint8_t>());
  field(entry.sha1.has_value(),
        entry.sha1 ? std::span<const uint8_t>(entry.sha1->bytes) : std::span<const uint8_t>());
  field(entry.sha256.has_value(),
        entry.sha256 ? std::span<const uint8_t>(entry.sha256->bytes) : std::span<const uint8_t>());
  out.u8(entry.fingerprint ? 1 : 0);
  if (entry.fingerprint) {
    for (const uint64_t word : entry.fingerprint->words) out.u64_le(word);
  }
  out.u8(entry.size_bytes ? 1 : 0);
  out.u64_le(entry.size_bytes.value_or(0));
  out.u32_le(category);
  out.u8(static_cast<uint8_t>(entry.distributed));
  out.u8(static_cast<uint8_t>(entry.victim_identified));
  out.u8(static_cast<uint8_t>(entry.offender_identified));
  out.sized_text(entry.photodna);
}

}  // namespace

ListBuilder::ListBuilder(const ListPlace& place, size_t sort_memory_bytes)
    : place_(place),
      entries_(SpoolFile::create(place)),
      strings_(SpoolFile::create(place)),
      fingerprints_(place),
      photodna_(place),
      identities_(place, sort_memory_bytes / 4),
      md5_(place, sort_memory_bytes / 4),
      sha1_(place, sort_memory_bytes / 4),
      sha256_(place, sort_memory_bytes / 4),
      repeats_(place, sort_memory_bytes / 16) {}

uint16_t ListBuilder::category_row(std::string_view code) {
  const auto found = categories_.find(code);
  if (found != categories_.end()) return found->second;
  const auto row = static_cast<uint16_t>(categories_.size());
  categories_.emplace(code, row);
  return row;
}

Result<void> ListBuilder::begin_source(const ListSource& source) {
  if (sources_.size() == kMaxSources) {
    return Error{ErrorCode::limit_exceeded, "compiled-list.sources"};
  }
  sources_.push_back(source);
  return {};
}

Result<void> ListBuilder::add(const ListEntry& entry) {
  assert(!sources_.empty());
  if (count_ == kMaxListEntries) return Error{ErrorCode::limit_exceeded, "compiled-list.entries"};
  if (categories_.size() == 0xffff && !categories_.contains(entry.category)) {
    return Error{ErrorCode::limit_exceeded, "compiled-list.categories"};
  }
  strings_bytes_ += std::min<size_t>(entry.entry_id.size(), 0xffff);
  if (strings_bytes_ > kMaxStringsBytes) {
    return Error{ErrorCode::limit_exceeded, "compiled-list.ids"};
  }
  const uint32_t number = count_++;
  const uint16_t category = category_row(entry.category);
  EntryRecord record;
  record.category = category;
  record.source = static_cast<uint16_t>(sources_.size() - 1);
  record.source_record = entry.record_number;
  record.id_bytes = static_cast<uint16_t>(std::min<size_t>(entry.entry_id.size(), 0xffff));
  record.values = {entry.md5.has_value(), entry.sha1.has_value(), entry.sha256.has_value(),
                   entry.fingerprint.has_value(), entry.photodna.size() == kPhotoDnaBytes};
  record.has_size = entry.size_bytes.has_value();
  record.size_bytes = entry.size_bytes.value_or(0);
  record.distributed = entry.distributed;
  record.victim_identified = entry.victim_identified;
  record.offender_identified = entry.offender_identified;
  entries_.append_value(encode(record));
  strings_.append(std::as_bytes(std::span(entry.entry_id).first(record.id_bytes)));
  if (entry.md5) md5_.add({*entry.md5, number});
  if (entry.sha1) sha1_.add({*entry.sha1, number});
  if (entry.sha256) sha256_.add({*entry.sha256, number});
  if (entry.fingerprint) {
    fingerprints_.values.append_value(*entry.fingerprint);
    fingerprints_.entries.append_value(number);
  }
  if (entry.photodna.size() == kPhotoDnaBytes) {
    photodna_.values.append(std::as_bytes(std::span(entry.photodna)));
    photodna_.entries.append_value(number);
  }
  ByteWriter identity;
  append_identity(identity, entry, category);
  identity_hash_.update(identity.view());
  const Sha256 digest = identity_hash_.finish();
  IdentityKey key;
  std::copy_n(digest.bytes.begin(), key.hash.size(), key.hash.begin());
  key.entry = number;
  identities_.add(key);
  return {};
}

void ListBuilder::find_repeated() {
  merged_bits_.assign(count_ / 64 + 1, 0);
  identities_.finish();
  std::optional<IdentityKey> first = identities_.next();
  while (first) {
    Repeat repeat = {first->entry, 1};
    std::optional<IdentityKey> next = identities_.next();
    while (next && next->hash == first->hash) {
      merged_bits_[next->entry / 64] |= uint64_t{1} << (next->entry % 64);
      ++repeat.count;
      next = identities_.next();
    }
    if (repeat.count > 1) repeats_.add(repeat);
    first = next;
  }
  repeats_.finish();
  kept_before_word_.resize(merged_bits_.size());
  uint32_t kept = 0;
  for (size_t i = 0; i < merged_bits_.size(); ++i) {
    kept_before_word_[i] = kept;
    kept += 64 - static_cast<uint32_t>(std::popcount(merged_bits_[i]));
  }
}

bool ListBuilder::is_kept(uint32_t entry) const {
  return (merged_bits_[entry / 64] >> (entry % 64) & 1) == 0;
}

uint32_t ListBuilder::kept_number(uint32_t entry) const {
  const uint64_t before = (uint64_t{1} << (entry % 64)) - 1;
  return kept_before_word_[entry / 64] +
         static_cast<uint32_t>(std::popcount(~merged_bits_[entry / 64] & before));
}

/// Sorts pairs into `kept`, which the section is later made from.
template <typename D>
uint64_t ListBuilder::keep_digests(Pairs<D>& pairs, SpoolFile& kept, SectionPlan& plan) {
  using Pair = typename ExactSet<D>::Pair;
  pairs.finish();
  uint64_t count = 0;
  while (const std::optional<Pair> pair = pairs.next()) {
    if (!is_kept(pair->entry)) continue;
    kept.append_value(Pair{pair->digest, kept_number(pair->entry)});
    ++count;
  }
  kept.flush();
  plan = {ExactSet<D>::layout_bytes(count),
          [&kept, count](const SectionOutput& out) { stream_exact_set<D>(kept, count, out); }};
  return count;
}

/// Copies the values of entries that are kept, and the entries' new numbers.
template <typename T>
uint64_t ListBuilder::keep_values(Values& from, Values& to) const {
  from.values.flush();
  from.entries.flush();
  const uint64_t count = from.entries.size_bytes() / sizeof(uint32_t);
  SpoolReader<T> values(from.values, 0, count);
  SpoolReader<uint32_t> entries(from.entries, 0, count);
  uint64_t kept = 0;
  while (!entries.at_end()) {
    const T value = values.next();
    const uint32_t entry = entries.next();
    if (!is_kept(entry)) continue;
    to.values.append_value(value);
    to.entries.append_value(kept_number(entry));
    ++kept;
  }
  return kept;
}

/// What is left of the entries, renumbered, with their categories in the order of the codes' bytes
/// and their ids packed.
void ListBuilder::keep_entries(CompiledListInfo& info, SpoolFile& kept, SpoolFile& kept_strings) {
  std::vector<uint16_t> row_of(categories_.size());
  for (const auto& [code, row] : categories_) {
    row_of[row] = static_cast<uint16_t>(info.categories.size());
    ListCategory category;
    category.code = code;
    apply_mapping(info, category);
    info.categories.push_back(std::move(category));
  }
  entries_.flush();
  strings_.flush();
  SpoolReader<std::array<std::byte, kEntryBytes>> records(entries_, 0, count_);
  SpoolReader<char> strings(strings_, 0, strings_.size_bytes());
  std::optional<Repeat> repeat = repeats_.next();
  std::string id;
  for (uint32_t i = 0; i < count_; ++i) {
    EntryRecord record = decode_entry(records.next());
    // The ids lie in the order of the entries.
    id.clear();
    while (id.size() < record.id_bytes) id += strings.next();
    if (!is_kept(i)) continue;
    record.category = row_of[record.category];
    ++info.categories[record.category].entries;
    if (repeat && repeat->entry == i) {
      record.repeats = repeat->count;
      repeat = repeats_.next();
    }
    record.id = kept_strings.size_bytes();
    kept_strings.append(std::as_bytes(std::span(id)));
    kept.append_value(encode(record));
    ++info.entries;
  }
  info.merged = count_ - info.entries;
}

void ListBuilder::write(CompiledListInfo& info, const std::filesystem::path& destination) {
  find_repeated();
  info.sources = sources_;
  SectionPlans plans;
  const auto plan = [&](Section section) -> SectionPlan& {
    return plans[static_cast<size_t>(section)];
  };
  SpoolFile entries = SpoolFile::create(place_);
  SpoolFile strings = SpoolFile::create(place_);
  keep_entries(info, entries, strings);
  plan(Section::entries) = plan_copy(entries);
  plan(Section::strings) = plan_copy(strings);

  SpoolFile md5 = SpoolFile::create(place_);
  SpoolFile sha1 = SpoolFile::create(place_);
  SpoolFile sha256 = SpoolFile::create(place_);
  info.md5 = keep_digests<Md5>(md5_, md5, plan(Section::md5));
  info.sha1 = keep_digests<Sha1>(sha1_, sha1, plan(Section::sha1));
  info.sha256 = keep_digests<Sha256>(sha256_, sha256, plan(Section::sha256));

  Values fingerprints(place_);
  const uint64_t rows = keep_values<Fingerprint>(fingerprints_, fingerprints);
  plan(Section::fingerprints) = plan_fingerprints(fingerprints.values, rows, info);
  plan(Section::fingerprint_entries) = plan_copy(fingerprints.entries);

  Values photodna(place_);
  info.photodna = keep_values<std::array<std::byte, kPhotoDnaBytes>>(photodna_, photodna);
  plan(Section::photodna_entries) = plan_copy(photodna.entries);
  plan(Section::photodna) = plan_copy(photodna.values);
  write_list(info, {}, std::move(plans), destination, place_.key.get());
}

}  // namespace safelight::lists
