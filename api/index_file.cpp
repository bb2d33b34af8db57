#include "api/index_file.h"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <string_view>
#include <utility>
#include <xxhash.h>

#include "safelight/base/byte_reader.h"
#include "safelight/base/byte_writer.h"
#include "safelight/base/simd.h"
#include "safelight/bytes/new_file.h"
#include "safelight/index/flat_index.h"

namespace safelight::api {
namespace {

constexpr std::string_view kMagic = "SLINDEX\n";
constexpr uint32_t kByteOrder = 0x0102'0304;
constexpr size_t kHeaderBytes = 64;
constexpr size_t kHeaderSumOffset = 56;
constexpr uint64_t kAlignment = 64;
constexpr size_t kSumBytes = sizeof(uint64_t);
/// More than any file system holds, and than any layout of kMaxRows has.
constexpr uint64_t kMaxLayoutBytes = uint64_t{1} << 56;
/// Where a multi-index says its number of rows: docs/formats/multi_index.md.
constexpr uint64_t kRowsInLayout = 16;

uint64_t sum_of(std::span<const std::byte> bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

struct Header {
  IndexKind kind = IndexKind::flat;
  PdqMode mode = PdqMode::reference;
  bool has_ids = false;
  uint32_t layout_version = 0;
  uint64_t rows = 0;
  uint64_t layout_bytes = 0;
  uint64_t file_bytes = 0;
  uint64_t table_sum = 0;  ///< Of the table of block sums.

  [[nodiscard]] uint64_t ids_bytes() const { return has_ids ? rows * sizeof(uint64_t) : 0; }
  [[nodiscard]] uint64_t layout_blocks() const { return BlockCheck::blocks_of(layout_bytes); }
  [[nodiscard]] uint64_t ids_blocks() const { return BlockCheck::blocks_of(ids_bytes()); }
};

uint32_t layout_version_of(IndexKind kind) {
  return kind == IndexKind::flat ? FlatIndex::kLayoutVersion : MultiIndex::kLayoutVersion;
}

std::vector<std::byte> encode(const Header& header) {
  ByteWriter out;
  out.text(kMagic);
  out.u32_le(StoredIndex::kFileVersion);
  out.u32_le(kByteOrder);
  out.u8(header.kind == IndexKind::flat ? 0 : 1);
  out.u8(header.mode == PdqMode::reference ? 0 : 1);
  out.u8(header.has_ids ? 1 : 0);
  out.u8(0);
  out.u32_le(header.layout_version);
  out.u64_le(header.rows);
  out.u64_le(header.layout_bytes);
  out.u64_le(header.file_bytes);
  out.u64_le(header.table_sum);
  out.u64_le(sum_of(out.view()));
  return std::move(out).take();
}

/// Where the parts of a file stand, all of which follow from the header.
struct Places {
  uint64_t ids = 0;
  uint64_t table = 0;
  uint64_t end = 0;
};

uint64_t aligned_up(uint64_t offset) { return (offset + kAlignment - 1) / kAlignment * kAlignment; }

/// Of a header whose rows are at most kMaxRows and whose layout is at most kMaxLayoutBytes: no sum
/// is near what 64 bits hold.
Places places_of(const Header& header) {
  Places places;
  places.ids = aligned_up(kHeaderBytes + header.layout_bytes);
  places.table = aligned_up(places.ids + header.ids_bytes());
  places.end = places.table + (header.layout_blocks() + header.ids_blocks()) * kSumBytes;
  return places;
}

Result<void> check_reserved(ByteReader& in) {
  SAFELIGHT_TRY(const uint8_t reserved, in.u8());
  if (reserved != 0) return Error::at(ErrorCode::malformed, "index_file.reserved", 19);
  return {};
}

/// A byte that may be 0 or 1.
Result<bool> parse_choice(ByteReader& in, std::string_view rule) {
  const Error refusal = in.error(ErrorCode::malformed, rule);
  SAFELIGHT_TRY(const uint8_t value, in.u8());
  if (value > 1) return refusal;
  return value == 1;
}

/// What tells that this is such a file, and one that this version and machine can read.
Result<void> parse_identity(ByteReader& in) {
  SAFELIGHT_TRY(const std::string_view magic, in.text(kMagic.size()));
  if (magic != kMagic) return Error::at(ErrorCode::malformed, "index_file.magic", 0);
  const Error other_version = in.error(ErrorCode::unsupported, "index_file.version");
  SAFELIGHT_TRY(const uint32_t version, in.u32_le());
  const Error other_order = in.error(ErrorCode::unsupported, "index_file.byte-order");
  SAFELIGHT_TRY(const uint32_t order, in.u32_le());
  if (order != kByteOrder) return other_order;
  if (version != StoredIndex::kFileVersion) return other_version;
  return {};
}

Result<Header> parse_header(std::span<const std::byte> file) {
  ByteReader in(file);
  SAFELIGHT_CHECK(parse_identity(in));
  if (file.size() < kHeaderBytes) {
    return Error::at(ErrorCode::truncated, "index_file.header", file.size());
  }
  ByteReader sum(file.subspan(kHeaderSumOffset), kHeaderSumOffset);
  SAFELIGHT_TRY(const uint64_t header_sum, sum.u64_le());
  if (header_sum != sum_of(file.first(kHeaderSumOffset))) {
    return Error::at(ErrorCode::integrity_mismatch, "index_file.header-sum", kHeaderSumOffset);
  }
  Header header;
  SAFELIGHT_TRY(const bool is_multi, parse_choice(in, "index_file.kind"));
  header.kind = is_multi ? IndexKind::multi : IndexKind::flat;
  SAFELIGHT_TRY(const bool is_full, parse_choice(in, "index_file.mode"));
  header.mode = is_full ? PdqMode::full : PdqMode::reference;
  SAFELIGHT_TRY(header.has_ids, parse_choice(in, "index_file.ids"));
  SAFELIGHT_CHECK(check_reserved(in));
  const Error other_layout = in.error(ErrorCode::unsupported, "index_file.layout-version");
  SAFELIGHT_TRY(header.layout_version, in.u32_le());
  if (header.layout_version != layout_version_of(header.kind)) return other_layout;
  const Error too_many = in.error(ErrorCode::limit_exceeded, "index_file.rows");
  SAFELIGHT_TRY(header.rows, in.u64_le());
  if (header.rows > StoredIndex::kMaxRows) return too_many;
  const Error too_long = in.error(ErrorCode::limit_exceeded, "index_file.layout-bytes");
  SAFELIGHT_TRY(header.layout_bytes, in.u64_le());
  if (header.layout_bytes > kMaxLayoutBytes) return too_long;
  SAFELIGHT_TRY(header.file_bytes, in.u64_le());
  SAFELIGHT_TRY(header.table_sum, in.u64_le());
  return header;
}

Result<Places> check_length(const Header& header, uint64_t file_bytes) {
  const Places places = places_of(header);
  if (places.end != header.file_bytes) {
    return Error::at(ErrorCode::malformed, "index_file.length", 40);
  }
  if (file_bytes < places.end) {
    return Error::at(ErrorCode::truncated, "index_file.length", file_bytes);
  }
  if (file_bytes > places.end) {
    return Error::at(ErrorCode::malformed, "index_file.trailing", places.end);
  }
  return places;
}

Result<void> check_padding(std::span<const std::byte> file, uint64_t begin, uint64_t end) {
  for (uint64_t offset = begin; offset < end; ++offset) {
    if (file[offset] != std::byte{0}) {
      return Error::at(ErrorCode::malformed, "index_file.padding", offset);
    }
  }
  return {};
}

Error moved(Error error, uint64_t by) {
  if (error.offset_kind == OffsetKind::exact) error.offset_bytes += by;
  return error;
}

/// An error of the layout of an index as one of the file: a layout that ends early, in a file that
/// does not, is one that contradicts the header.
Error in_file(Error error) {
  if (error.code == ErrorCode::truncated) error.code = ErrorCode::malformed;
  return moved(error, kHeaderBytes);
}

}  // namespace

StoredIndex StoredIndex::build(std::span<const Fingerprint> fingerprints,
                               std::span<const uint64_t> ids, const StoredIndexOptions& options) {
  StoredIndex stored;
  stored.mode_ = options.mode;
  stored.kind_ = choose_index(fingerprints.size(), options.queries_per_call);
  if (stored.kind_ == IndexKind::flat) {
    stored.owned_layout_ = AlignedBytes(FlatIndex::layout_bytes(fingerprints.size()));
    FlatIndex::write_layout(fingerprints, stored.owned_layout_.bytes());
    stored.layout_ = stored.owned_layout_.bytes();
    stored.index_ =
        std::make_unique<FlatIndex>(*FlatIndex::view(stored.layout_, fingerprints.size()));
  } else {
    auto index = std::make_unique<MultiIndex>(
        MultiIndex::build(fingerprints, {options.radius_bits, options.threads, {}}));
    stored.layout_ = index->bytes();
    stored.index_ = std::move(index);
  }
  stored.owned_ids_.assign(ids.begin(), ids.end());
  stored.ids_ = stored.owned_ids_;
  return stored;
}

Result<void> StoredIndex::view_layout(uint64_t rows) {
  const SimdLevel level = detect_simd_level();
  if (kind_ == IndexKind::flat) {
    SAFELIGHT_TRY(FlatIndex index, FlatIndex::view(layout_, rows, level, layout_check_.get()));
    index_ = std::make_unique<FlatIndex>(std::move(index));
    return {};
  }
  SAFELIGHT_TRY(MultiIndex index, MultiIndex::view(layout_, level, layout_check_.get()));
  if (index.size() != rows)
    return Error::at(ErrorCode::malformed, "index_file.rows", kRowsInLayout);
  index_ = std::make_unique<MultiIndex>(std::move(index));
  return {};
}

Result<StoredIndex> StoredIndex::view(std::span<const std::byte> file) {
  SAFELIGHT_TRY(const Header header, parse_header(file));
  SAFELIGHT_TRY(const Places places, check_length(header, file.size()));
  SAFELIGHT_CHECK(check_padding(file, kHeaderBytes + header.layout_bytes, places.ids));
  SAFELIGHT_CHECK(check_padding(file, places.ids + header.ids_bytes(), places.table));
  if (sum_of(file.subspan(places.table)) != header.table_sum) {
    return Error::at(ErrorCode::integrity_mismatch, "index_file.table-sum", places.table);
  }
  // Numbers are viewed where they stand: the parts are aligned, since the file is, and
  // little-endian, as the indexes insist on.
  const auto numbers_at = [&](uint64_t offset, uint64_t count) {
    return std::span(reinterpret_cast<const uint64_t*>(file.data() + offset), count);
  };
  const auto sums = numbers_at(places.table, header.layout_blocks() + header.ids_blocks());
  StoredIndex stored;
  stored.kind_ = header.kind;
  stored.mode_ = header.mode;
  stored.layout_ = file.subspan(kHeaderBytes, header.layout_bytes);
  stored.layout_check_ = std::make_unique<BlockCheck>(
      stored.layout_, sums.first(header.layout_blocks()), "the layout in the file of the index");
  if (const auto viewed = stored.view_layout(header.rows); !viewed) return in_file(viewed.error());
  if (header.has_ids) {
    stored.ids_ = numbers_at(places.ids, header.rows);
    stored.ids_check_ = std::make_unique<BlockCheck>(std::as_bytes(stored.ids_),
                                                     sums.subspan(header.layout_blocks()),
                                                     "the ids in the file of the index");
  }
  return stored;
}

Result<StoredIndex> StoredIndex::open(const std::filesystem::path& path) {
  SAFELIGHT_TRY(const FileSource source, FileSource::open(AT_FDCWD, path.c_str()));
  FileMapping mapping;
  // A file without a byte cannot be mapped, and is as truncated as any.
  if (source.size_bytes() > 0) {
    SAFELIGHT_TRY(mapping, FileMapping::map(source.descriptor()));
  }
  SAFELIGHT_TRY(StoredIndex stored, view(mapping.bytes()));
  stored.mapping_ = std::move(mapping);
  return stored;
}

Result<void> StoredIndex::verify() const {
  if (layout_check_) {
    const Result<void> layout = layout_check_->check_all();
    if (!layout) return moved(layout.error(), kHeaderBytes);
  }
  if (ids_check_) {
    const Result<void> ids = ids_check_->check_all();
    if (!ids) return moved(ids.error(), aligned_up(kHeaderBytes + layout_.size()));
  }
  return {};
}

void StoredIndex::save(const std::filesystem::path& path) const {
  // Damage must not get sums that fit it.
  if (layout_check_) layout_check_->touch(layout_.data(), layout_.size());
  const auto ids = std::as_bytes(ids_);
  if (ids_check_) ids_check_->touch(ids.data(), ids.size());

  std::vector<uint64_t> sums = BlockCheck::sums_of(layout_);
  const std::vector<uint64_t> ids_sums = BlockCheck::sums_of(ids);
  sums.insert(sums.end(), ids_sums.begin(), ids_sums.end());
  const auto table = std::as_bytes(std::span(sums));

  Header header;
  header.kind = kind_;
  header.mode = mode_;
  header.has_ids = has_ids();
  header.layout_version = layout_version_of(kind_);
  header.rows = index_->size();
  header.layout_bytes = layout_.size();
  const Places places = places_of(header);
  header.file_bytes = places.end;
  header.table_sum = sum_of(table);

  const std::array<std::byte, kAlignment> zeros{};
  NewFile file(path);
  file.write(encode(header));
  file.write(layout_);
  file.write(std::span(zeros).first(places.ids - kHeaderBytes - layout_.size()));
  file.write(ids);
  file.write(std::span(zeros).first(places.table - places.ids - ids.size()));
  file.write(table);
  file.commit();
}

uint32_t StoredIndex::radius_bits() const {
  if (kind_ == IndexKind::flat) return FlatIndex::kMaxFilterRadiusBits;
  return static_cast<const MultiIndex&>(*index_).radius_bits();
}

}  // namespace safelight::api
