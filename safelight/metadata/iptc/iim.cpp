#include "safelight/metadata/iptc/iim.h"

#include <algorithm>

#include "safelight/base/byte_reader.h"

namespace safelight::metadata {
namespace {

constexpr uint8_t kTagMarker = 0x1c;
constexpr IimField kCodedCharacterSet{1, 90};
constexpr std::string_view kUtf8Escape = "\x1b%G";

Result<IimDataset> next_dataset(ByteReader& in) {
  const uint64_t offset = in.offset_bytes();
  SAFELIGHT_TRY(const uint8_t marker, in.u8());
  if (marker != kTagMarker) return Error::at(ErrorCode::malformed, "iim.tag-marker", offset);
  IimDataset out;
  SAFELIGHT_TRY(out.field.record, in.u8());
  SAFELIGHT_TRY(out.field.dataset, in.u8());
  SAFELIGHT_TRY(uint64_t length, in.u16_be());
  if ((length & 0x8000) != 0) {  // an extended dataset: the length of the length
    const uint64_t bytes = length & 0x7fff;
    if (bytes > 8) return Error::at(ErrorCode::malformed, "iim.length", offset);
    length = 0;
    for (uint64_t i = 0; i < bytes; ++i) {
      SAFELIGHT_TRY(const uint8_t byte, in.u8());
      length = length << 8 | byte;
    }
  }
  out.place = {in.offset_bytes(), length};
  if (!in.skip(length)) return Error::at(ErrorCode::truncated, "iim.dataset", offset);
  return out;
}

}  // namespace

std::string_view Iim::value(IimField field) const {
  const auto found = std::find_if(datasets.begin(), datasets.end(), [&](const IimDataset& dataset) {
    return dataset.field == field;
  });
  return found == datasets.end() ? std::string_view() : found->value;
}

Iim read_iim(std::span<const std::byte> file, ByteRange place, const MetadataLimits& limits) {
  Iim out;
  size_t text_bytes_left = limits.max_text_bytes;
  ByteReader in(bytes_at(file, place), place.offset_bytes);
  while (!in.at_end()) {
    const uint64_t offset = in.offset_bytes();
    if (out.datasets.size() >= limits.max_segments) {
      out.damage = in.error(ErrorCode::limit_exceeded, "max_segments");
      break;
    }
    auto dataset = next_dataset(in);
    if (!dataset) {
      const bool padding = are_zero(bytes_at(file, {offset, place.end_bytes() - offset}));
      if (!padding) out.damage = dataset.error();
      break;
    }
    const uint64_t cost = dataset->place.length_bytes + sizeof(IimDataset);
    if (cost > text_bytes_left) {
      out.damage = Error::at(ErrorCode::limit_exceeded, "max_text_bytes", offset);
      break;
    }
    text_bytes_left -= cost;
    dataset->value = text_at(file, dataset->place);
    if (dataset->field == kCodedCharacterSet) out.utf8 = dataset->value == kUtf8Escape;
    out.datasets.push_back(std::move(*dataset));
  }
  return out;
}

}  // namespace safelight::metadata
