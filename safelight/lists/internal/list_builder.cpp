#include "safelight/lists/internal/list_builder.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "safelight/base/byte_writer.h"
#include "safelight/index/flat_index.h"
#include "safelight/lists/internal/sha256_stream.h"

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

ListBuilder::ListBuilder(const std::filesystem::path& folder, size_t sort_memory_bytes)
    : folder_(folder),
      entries_(SpoolFile::create(folder)),
      strings_(SpoolFile::create(folder)),
      fingerprints_(SpoolFile::create(folder)),
      fingerprint_entries_(SpoolFile::create(folder)),
      photodna_(SpoolFile::create(folder)),
      photodna_entries_(SpoolFile::create(folder)),
      identities_(folder, sort_memory_bytes / 4),
      md5_(folder, sort_memory_bytes / 4),
      sha1_(folder, sort_memory_bytes / 4),
      sha256_(folder, sort_memory_bytes / 4),
      repeats_(folder, sort_memory_bytes / 16) {}

uint16_t ListBuilder::category_row(std::string_view code) {
  const auto found = categories_.find(code);
  if (found != categories_.end()) return found->second;
  const auto row = static_cast<uint16_t>(categories_.size());
  categories_.emplace(code, row);
  return row;
}

Result<void> ListBuilder::add(const ListEntry& entry) {
  if (count_ == kMaxListEntries) return Error{ErrorCode::limit_exceeded, "compiled-list.entries"};
  if (categories_.size() == 0xffff && !categories_.contains(entry.category)) {
    return Error{ErrorCode::limit_exceeded, "compiled-list.categories"};
  }
  const uint32_t number = count_++;
  const uint16_t category = category_row(entry.category);
  EntryRecord record;
  record.category = category;
  record.has_id = !entry.entry_id.empty();
  record.id = record.has_id ? strings_.size_bytes() : entry.record_number;
  record.id_bytes = static_cast<uint16_t>(std::min<size_t>(entry.entry_id.size(), 0xffff));
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
    fingerprints_.append_value(*entry.fingerprint);
    fingerprint_entries_.append_value(number);
  }
  if (entry.photodna.size() == kPhotoDnaBytes) {
    photodna_.append(std::as_bytes(std::span(entry.photodna)));
    photodna_entries_.append_value(number);
  }
  ByteWriter identity;
  append_identity(identity, entry, category);
  Sha256Stream hash;
  hash.update(identity.view());
  const Sha256 digest = hash.digest();
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
uint64_t ListBuilder::plan_digests(Pairs<D>& pairs, SpoolFile& kept, SectionPlan& plan) {
  using Pair = typename ExactSet<D>::Pair;
  pairs.finish();
  uint64_t count = 0;
  while (const std::optional<Pair> pair = pairs.next()) {
    if (!is_kept(pair->entry)) continue;
    kept.append_value(Pair{pair->digest, kept_number(pair->entry)});
    ++count;
  }
  plan = {ExactSet<D>::layout_bytes(count), [&kept, count](std::span<std::byte> out) {
            const FileMapping mapping = kept.map();
            const auto* first = reinterpret_cast<const Pair*>(mapping.bytes().data());
            ExactSet<D>::write_layout(std::span(first, count), out);
          }};
  return count;
}

void ListBuilder::write(CompiledListInfo& info, const std::filesystem::path& destination) {
  find_repeated();
  for (SpoolFile* spool : {&entries_, &strings_, &fingerprints_, &fingerprint_entries_, &photodna_,
                           &photodna_entries_}) {
    spool->flush();
  }
  SectionPlans plans;
  const auto plan = [&](Section section) -> SectionPlan& {
    return plans[static_cast<size_t>(section)];
  };

  // The codes in the order of their bytes.
  std::vector<uint16_t> row_of(categories_.size());
  for (const auto& [code, row] : categories_) {
    row_of[row] = static_cast<uint16_t>(info.categories.size());
    const auto mapped = info.mapping.find(code);
    info.categories.push_back(
        {code, code.empty() ? info.default_disposition : mapped.value_or(Disposition::review),
         code.empty() || mapped.has_value(), 0});
  }

  // What is left of the entries, renumbered, with their ids packed.
  SpoolFile kept_entries = SpoolFile::create(folder_);
  SpoolFile kept_strings = SpoolFile::create(folder_);
  SpoolReader<std::array<std::byte, kEntryBytes>> records(entries_, 0, count_);
  std::optional<Repeat> repeat = repeats_.next();
  std::vector<std::byte> id;
  for (uint32_t i = 0; i < count_; ++i) {
    EntryRecord record = decode_entry(records.next());
    if (!is_kept(i)) continue;
    record.category = row_of[record.category];
    ++info.categories[record.category].entries;
    if (repeat && repeat->entry == i) {
      record.repeats = repeat->count;
      repeat = repeats_.next();
    }
    if (record.has_id) {
      id.resize(record.id_bytes);
      strings_.read_at(record.id, id);
      record.id = kept_strings.size_bytes();
      kept_strings.append(id);
    }
    kept_entries.append_value(encode(record));
    ++info.entries;
  }
  info.merged = count_ - info.entries;

  SpoolFile kept_md5 = SpoolFile::create(folder_);
  SpoolFile kept_sha1 = SpoolFile::create(folder_);
  SpoolFile kept_sha256 = SpoolFile::create(folder_);
  info.md5 = plan_digests<Md5>(md5_, kept_md5, plan(Section::md5));
  info.sha1 = plan_digests<Sha1>(sha1_, kept_sha1, plan(Section::sha1));
  info.sha256 = plan_digests<Sha256>(sha256_, kept_sha256, plan(Section::sha256));

  SpoolFile kept_fingerprints = SpoolFile::create(folder_);
  SpoolFile kept_fingerprint_entries = SpoolFile::create(folder_);
  const uint64_t fingerprints = fingerprints_.size_bytes() / sizeof(Fingerprint);
  SpoolReader<Fingerprint> fingerprint(fingerprints_, 0, fingerprints);
  SpoolReader<uint32_t> fingerprint_entry(fingerprint_entries_, 0, fingerprints);
  while (!fingerprint.at_end()) {
    const Fingerprint value = fingerprint.next();
    const uint32_t entry = fingerprint_entry.next();
    if (!is_kept(entry)) continue;
    kept_fingerprints.append_value(value);
    kept_fingerprint_entries.append_value(kept_number(entry));
    ++info.pdq;
  }

  SpoolFile kept_photodna = SpoolFile::create(folder_);
  SpoolFile kept_photodna_entries = SpoolFile::create(folder_);
  using PhotoDna = std::array<std::byte, kPhotoDnaBytes>;
  const uint64_t photodnas = photodna_.size_bytes() / kPhotoDnaBytes;
  SpoolReader<PhotoDna> photodna(photodna_, 0, photodnas);
  SpoolReader<uint32_t> photodna_entry(photodna_entries_, 0, photodnas);
  while (!photodna.at_end()) {
    const PhotoDna value = photodna.next();
    const uint32_t entry = photodna_entry.next();
    if (!is_kept(entry)) continue;
    kept_photodna.append_value(value);
    kept_photodna_entries.append_value(kept_number(entry));
    ++info.photodna;
  }

  const auto copy = [](SpoolFile& spool) -> SectionPlan {
    spool.flush();
    return {spool.size_bytes(), [&spool](std::span<std::byte> out) { spool.read_at(0, out); }};
  };
  plan(Section::entries) = copy(kept_entries);
  plan(Section::strings) = copy(kept_strings);
  plan(Section::fingerprints) = {FlatIndex::layout_bytes(info.pdq), [&](std::span<std::byte> out) {
                                   const FileMapping mapping = kept_fingerprints.map();
                                   const auto* first =
                                       reinterpret_cast<const Fingerprint*>(mapping.bytes().data());
                                   FlatIndex::write_layout(std::span(first, info.pdq), out);
                                 }};
  plan(Section::fingerprint_entries) = copy(kept_fingerprint_entries);
  plan(Section::photodna_entries) = copy(kept_photodna_entries);
  plan(Section::photodna) = copy(kept_photodna);
  write_list(info, std::move(plans), destination);
}

}  // namespace safelight::lists
