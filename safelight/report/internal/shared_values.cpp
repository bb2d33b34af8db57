#include "safelight/report/internal/shared_values.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "safelight/digest/sha256_stream.h"

namespace safelight::report {
namespace {

/// Longer values are given by their digest (provenance/marks), so a longer one is not of these.
constexpr size_t kMaxValueBytes = 300;

uint64_t first_bytes(const Sha256& digest) {
  uint64_t value = 0;
  std::memcpy(&value, digest.bytes.data(), sizeof(value));
  return value;
}

struct LinkableValue {
  std::string_view name;
  std::string_view value;
  friend auto operator<=>(const LinkableValue&, const LinkableValue&) = default;
};

uint64_t id_of(const LinkableValue& one) {
  std::string text(one.name);
  text += '\0';
  text += one.value;
  return first_bytes(sha256_of(std::as_bytes(std::span(text))));
}

size_t place_of(std::string_view name) {
  const auto& names = linkable_fields();
  return static_cast<size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

/// Each once, however many marks of the content repeat it.
std::vector<LinkableValue> values_of(const casefile::StoredItem& stored) {
  std::vector<LinkableValue> values;
  if (!stored.content || !stored.content->examination) return values;
  for (const Finding& finding : stored.content->examination->findings) {
    if (finding.kind != "generator_mark" && finding.kind != "declared_origin") continue;
    for (const auto& [name, value] : finding.fields) {
      if (value.empty() || value.size() > kMaxValueBytes) continue;
      if (place_of(name) < linkable_fields().size()) values.push_back({name, value});
    }
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

}  // namespace

const std::vector<std::string_view>& linkable_fields() {
  static const std::vector<std::string_view> kNames = {
      "job_id",     "prompt_sha256", "workflow_sha256", "graph_sha256", "lora_hash",
      "model_hash", "lora",          "model",           "seed"};
  return kNames;
}

void SharedValueFinder::add(const casefile::StoredItem& stored) {
  const auto values = values_of(stored);
  if (values.empty()) return;
  const uint64_t content = first_bytes(stored.content->content.key.value);
  for (const LinkableValue& value : values) {
    if (occurrences_.size() < limits_.max_compared) {
      occurrences_.push_back({id_of(value), content});
    } else {
      ++not_compared_;
    }
  }
}

SharedValues SharedValueFinder::finish(const casefile::Reader& reader, const RankIndex& ranks) {
  struct Shared {
    uint64_t id = 0;
    uint64_t contents = 0;
    uint64_t items = 0;
  };
  std::sort(occurrences_.begin(), occurrences_.end());
  SharedValues result;
  result.not_compared = not_compared_;
  std::vector<Shared> most;  // a heap, the least shared in front, as soon as it is full
  const auto before = [](const Shared& a, const Shared& b) {
    return std::tuple(b.contents, b.items, a.id) < std::tuple(a.contents, a.items, b.id);
  };
  for (size_t i = 0; i < occurrences_.size();) {
    Shared shared{occurrences_[i].value, 0, 0};
    const size_t begin = i;
    for (; i < occurrences_.size() && occurrences_[i].value == shared.id; ++i) {
      if (i == begin || occurrences_[i].content != occurrences_[i - 1].content) ++shared.contents;
      ++shared.items;
    }
    if (shared.contents < 2) continue;
    most.push_back(shared);
    std::push_heap(most.begin(), most.end(), before);
    if (most.size() <= limits_.max_values) continue;
    std::pop_heap(most.begin(), most.end(), before);
    most.pop_back();
    ++result.left_out;
  }
  occurrences_ = {};
  if (most.empty()) return result;

  std::unordered_map<uint64_t, SharedValue> listed;
  for (const Shared& shared : most) {
    SharedValue& one = listed[shared.id];
    one.contents = shared.contents;
    one.items = shared.items;
  }
  reader.for_each_item([&](const casefile::StoredItem& stored) {
    for (const LinkableValue& value : values_of(stored)) {
      const auto found = listed.find(id_of(value));
      if (found == listed.end()) continue;
      SharedValue& one = found->second;
      if (one.kind.empty()) {
        one.kind = value.name;
        one.value = value.value;
      }
      if (one.kind != value.name || one.value != value.value) continue;
      const uint64_t rank = ranks.find(stored.item.id).place.rank;
      one.ranks.insert(std::upper_bound(one.ranks.begin(), one.ranks.end(), rank), rank);
      if (one.ranks.size() > limits_.max_ranks) one.ranks.pop_back();
    }
  });
  for (auto& [id, one] : listed) result.values.push_back(std::move(one));
  std::sort(result.values.begin(), result.values.end(),
            [](const SharedValue& a, const SharedValue& b) {
              const size_t a_place = place_of(a.kind);
              const size_t b_place = place_of(b.kind);
              return std::tie(b.contents, b.items, a_place, a.value) <
                     std::tie(a.contents, a.items, b_place, b.value);
            });
  return result;
}

}  // namespace safelight::report
