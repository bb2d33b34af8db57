#include "safelight/provenance/c2pa/binding/bmff_exclusions.h"

#include <algorithm>
#include <charconv>

#include "safelight/base/checked.h"
#include "safelight/provenance/c2pa/binding/asset_parts.h"
#include "safelight/provenance/c2pa/binding/covered.h"

namespace safelight::c2pa {
namespace {

using metadata::BmffBox;

constexpr size_t kMaxData = 16;
constexpr size_t kMaxDataBytes = 256;

Error malformed(const CborValue& at) {
  return Error::at(ErrorCode::malformed, "bmff-hash.exclusion", at.offset_bytes);
}

/// One step of a path such as `/moov/trak[2]`.
struct PathStep {
  std::string_view type;
  uint32_t ordinal = 0;  ///< From 1; 0 for every box of the type.
};

std::optional<std::vector<PathStep>> parse_path(std::string_view path) {
  constexpr size_t kMaxSteps = 16;
  std::vector<PathStep> steps;
  if (!path.starts_with('/')) return std::nullopt;
  while (!path.empty()) {
    path.remove_prefix(1);
    std::string_view text = path.substr(0, path.find('/'));
    path.remove_prefix(text.size());
    PathStep step;
    if (const size_t bracket = text.find('['); bracket != std::string_view::npos) {
      if (!text.ends_with(']')) return std::nullopt;
      const std::string_view digits = text.substr(bracket + 1, text.size() - bracket - 2);
      const auto end = digits.data() + digits.size();
      if (std::from_chars(digits.data(), end, step.ordinal).ptr != end || step.ordinal == 0) {
        return std::nullopt;
      }
      text = text.substr(0, bracket);
    }
    if (text.size() != 4 || steps.size() >= kMaxSteps) return std::nullopt;
    step.type = text;
    steps.push_back(step);
  }
  return steps;
}

/// One entry of the list, read.
struct Exclusion {
  std::vector<PathStep> path;
  std::optional<uint64_t> length;
  std::optional<uint64_t> version;
  std::optional<uint32_t> flags;
  bool exact_flags = true;
  std::vector<std::pair<uint64_t, std::span<const std::byte>>> data;
  std::vector<ByteRange> subset;
  bool has_subset = false;
};

std::optional<uint64_t> number_at(const CborValue& map, std::string_view key) {
  const CborValue* value = map.find(key);
  return value != nullptr ? value->unsigned_value() : std::nullopt;
}

Result<Exclusion> read_exclusion(const CborValue& item) {
  Exclusion exclusion;
  const CborValue* path = item.find("xpath");
  if (path == nullptr || !path->text()) return malformed(item);
  auto steps = parse_path(*path->text());
  if (!steps) return malformed(item);
  exclusion.path = std::move(*steps);
  exclusion.length = number_at(item, "length");
  exclusion.version = number_at(item, "version");
  if (const CborValue* flags = item.find("flags"); flags != nullptr && flags->bytes()) {
    uint32_t value = 0;
    const auto flag_bytes = *flags->bytes();
    for (const std::byte b : flag_bytes) value = value << 8 | std::to_integer<uint32_t>(b);
    exclusion.flags = value;
  }
  const CborValue* exact = item.find("exact");
  exclusion.exact_flags = exact == nullptr || exact->boolean().value_or(true);
  if (const CborValue* data = item.find("data"); data != nullptr && data->kind != CborKind::null) {
    if (data->kind != CborKind::array) return malformed(item);
    for (const CborValue& entry : data->items) {
      const CborValue* value = entry.find("value");
      const auto offset = number_at(entry, "offset");
      if (!offset || value == nullptr || !value->bytes()) return malformed(entry);
      // Whole boxes are not compared with: a uuid has 16 bytes.
      if (value->bytes()->size() > kMaxDataBytes || exclusion.data.size() >= kMaxData) {
        return malformed(entry);
      }
      exclusion.data.emplace_back(*offset, *value->bytes());
    }
  }
  const CborValue* subset = item.find("subset");
  exclusion.has_subset = subset != nullptr && subset->kind != CborKind::null;
  if (exclusion.has_subset) {
    if (subset->kind != CborKind::array) return malformed(item);
    for (const CborValue& entry : subset->items) {
      const auto offset = number_at(entry, "offset");
      const auto length = number_at(entry, "length");
      if (!offset || !length) return malformed(entry);
      exclusion.subset.push_back({*offset, *length});
    }
  }
  return exclusion;
}

class Finder {
 public:
  Finder(std::span<const std::byte> file, const std::vector<BmffBox>& top_level,
         const Limits& limits)
      : file_(file), top_level_(top_level), limits_(limits) {
    out_.whole_top_level.resize(top_level.size());
  }

  Result<void> take(const CborValue& item) {
    SAFELIGHT_TRY(const Exclusion exclusion, read_exclusion(item));
    out_.additional = out_.additional || !is_usual(exclusion);
    return walk(exclusion, 0, top_level_);
  }

  BmffExclusions finish() {
    out_.ranges = merged(std::move(out_.ranges), file_.size());
    return std::move(out_);
  }

 private:
  static bool is_usual(const Exclusion& exclusion) {
    if (exclusion.path.size() != 1) return false;
    const std::string_view type = exclusion.path.front().type;
    if (type == "ftyp" || type == "mfra") return true;
    if (type != "uuid") return false;
    return std::ranges::any_of(exclusion.data, [](const auto& data) {
      return std::ranges::equal(data.second, std::as_bytes(std::span(kC2paBoxUuid)));
    });
  }

  Result<void> walk(const Exclusion& exclusion, size_t depth, const std::vector<BmffBox>& level) {
    const PathStep& step = exclusion.path[depth];
    uint32_t ordinal = 0;
    for (size_t i = 0; i < level.size(); ++i) {
      if (++visits_ > limits_.max_box_visits) {
        return Error::at(ErrorCode::limit_exceeded, "max_box_visits", 0);
      }
      const BmffBox& box = level[i];
      if (box.type != step.type) continue;
      ++ordinal;
      if (step.ordinal != 0 && ordinal != step.ordinal) continue;
      if (depth + 1 < exclusion.path.size()) {
        const uint64_t skipped = box.type == "meta" ? 4 : 0;
        const auto children = metadata::bmff_children(file_, box, skipped, {});
        SAFELIGHT_CHECK(walk(exclusion, depth + 1, children.boxes));
      } else if (matches(exclusion, box)) {
        visits_ += exclusion.subset.size();
        exclude(exclusion, box, depth == 0 ? std::optional(i) : std::nullopt);
      }
    }
    return {};
  }

  [[nodiscard]] bool matches(const Exclusion& exclusion, const BmffBox& box) const {
    if (exclusion.length && *exclusion.length != box.whole.length_bytes) return false;
    const auto head = metadata::bytes_at(file_, {box.payload.offset_bytes, 4});
    if (exclusion.version || exclusion.flags) {
      if (head.size() < 4 || box.payload.length_bytes < 4) return false;
      if (exclusion.version && *exclusion.version != std::to_integer<uint64_t>(head[0])) {
        return false;
      }
      uint32_t flags = 0;
      for (size_t i = 1; i < 4; ++i) flags = flags << 8 | std::to_integer<uint32_t>(head[i]);
      const uint32_t wanted = exclusion.flags.value_or(flags);
      if (exclusion.exact_flags ? flags != wanted : (flags & wanted) != wanted) return false;
    }
    return std::ranges::all_of(exclusion.data, [&](const auto& data) {
      const auto& [offset, value] = data;
      const auto end = checked_add<uint64_t>(offset, value.size());
      if (!end || *end > box.whole.length_bytes) return false;
      return std::ranges::equal(
          metadata::bytes_at(file_, {box.whole.offset_bytes + offset, value.size()}), value);
    });
  }

  void exclude(const Exclusion& exclusion, const BmffBox& box, std::optional<size_t> top_level) {
    if (!exclusion.has_subset) {
      out_.ranges.push_back(box.whole);
      if (top_level) out_.whole_top_level[*top_level] = true;
      return;
    }
    for (const ByteRange& part : exclusion.subset) {
      if (part.offset_bytes >= box.whole.length_bytes) continue;
      const uint64_t rest = box.whole.length_bytes - part.offset_bytes;
      const uint64_t length = part.length_bytes == 0 ? rest : std::min(part.length_bytes, rest);
      out_.ranges.push_back({box.whole.offset_bytes + part.offset_bytes, length});
    }
  }

  std::span<const std::byte> file_;
  const std::vector<BmffBox>& top_level_;
  const Limits& limits_;
  uint64_t visits_ = 0;
  BmffExclusions out_;
};

}  // namespace

Result<BmffExclusions> find_exclusions(const CborValue* list, std::span<const std::byte> file,
                                       const std::vector<metadata::BmffBox>& top_level,
                                       const Limits& limits) {
  Finder finder(file, top_level, limits);
  if (list != nullptr && list->kind == CborKind::array) {
    if (list->items.size() > limits.max_exclusions) {
      return Error::at(ErrorCode::limit_exceeded, "max_exclusions", list->offset_bytes);
    }
    for (const CborValue& item : list->items) SAFELIGHT_CHECK(finder.take(item));
  }
  return finder.finish();
}

}  // namespace safelight::c2pa
