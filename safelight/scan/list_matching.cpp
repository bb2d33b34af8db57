#include "safelight/scan/list_matching.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "safelight/base/fault.h"

namespace safelight::scan {
namespace {

uint64_t fingerprints_in(const ListSnapshot& lists) {
  return std::accumulate(lists.begin(), lists.end(), uint64_t{0},
                         [](uint64_t sum, const auto& list) { return sum + list->info().pdq; });
}

constexpr uint64_t kNoPixels = std::numeric_limits<uint64_t>::max();

ListQuery digest_query(const casefile::Content& content) {
  ListQuery query;
  query.md5 = content.md5;
  query.sha1 = content.sha1;
  query.sha256 = content.sha256;
  query.size_bytes = content.size_bytes;
  return query;
}

}  // namespace

Result<OrientationChoice> orientation_choice_from_text(std::string_view text) {
  if (text == "auto") return OrientationChoice::automatic;
  if (text == "original") return OrientationChoice::original;
  if (text == "all") return OrientationChoice::all;
  return Error{ErrorCode::malformed, "orientations.name"};
}

uint64_t all_orientations_from_pixels(OrientationChoice choice, uint64_t fingerprints) {
  if (choice == OrientationChoice::all) return 0;
  if (choice == OrientationChoice::original) return kNoPixels;
  return fingerprints <= kAllOrientationsUpTo ? 0 : fingerprints / kFingerprintsPerPixel;
}

ListMatching::ListMatching(std::unique_ptr<LiveLists> lists, uint32_t radius_bits,
                           OrientationChoice orientations)
    : live_(std::move(lists)),
      snapshot_(live_->snapshot()),
      matcher_(*snapshot_),
      radius_bits_(radius_bits),
      all_orientations_from_pixels_(
          all_orientations_from_pixels(orientations, fingerprints_in(*snapshot_))) {}

bool ListMatching::refresh() {
  const Result<bool> changed = live_->refresh();
  if (!changed) {
    throw Fault("a list was changed and cannot be used: " + std::string(changed.error().rule));
  }
  if (!*changed) return false;
  snapshot_ = live_->snapshot();
  matcher_ = Matcher(*snapshot_);
  return true;
}

bool ListMatching::looks_up_all_orientations(const casefile::Examination& picture) const {
  return uint64_t{picture.width} * picture.height >= all_orientations_from_pixels_;
}

std::string ListMatching::orientations_text() const {
  if (all_orientations_from_pixels_ == 0) return "all";
  if (all_orientations_from_pixels_ == kNoPixels) return "original";
  return "all from " + std::to_string(all_orientations_from_pixels_) + " pixels";
}

std::vector<OrientedHash> ListMatching::oriented(const casefile::Examination& picture) const {
  const size_t orientations = looks_up_all_orientations(picture) ? kOrientations : 1;
  std::vector<OrientedHash> out;
  for (const PdqHashes& hashes : picture.fingerprints) {
    for (size_t i = 0; i < orientations; ++i) {
      out.push_back({PdqHash{hashes.fingerprints[i], hashes.mode, hashes.quality},
                     static_cast<Orientation>(i)});
    }
  }
  return out;
}

std::vector<MatchedItem> ListMatching::match(
    std::span<const casefile::ExaminedContent> contents) const {
  std::vector<std::vector<OrientedHash>> fingerprints;
  std::vector<ListQuery> queries;
  fingerprints.reserve(contents.size());
  queries.reserve(contents.size());
  for (const casefile::ExaminedContent& content : contents) {
    fingerprints.push_back(oriented(content.examination));
    queries.push_back(digest_query(content.content));
    queries.back().fingerprints = fingerprints.back();
  }
  return match(queries);
}

std::string ListMatching::content_id_of(std::string_view list_name) const {
  for (const auto& list : *snapshot_) {
    if (list->name() == list_name) return to_hex(list->content_id());
  }
  return {};
}

casefile::ListUse list_use(const HashList& list) {
  nlohmann::json mapping = nlohmann::json::object();
  mapping["default"] = to_text(list.info().default_disposition);
  nlohmann::json codes = nlohmann::json::object();
  for (const auto& [code, disposition] : list.info().mapping.codes())
    codes[code] = to_text(disposition);
  mapping["codes"] = std::move(codes);
  return {list.name(), to_hex(list.content_id()),
          mapping.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace),
          list.info().entries};
}

void use_lists(casefile::Writer& writer, const ListMatching& matching) {
  for (const auto& list : matching.lists()) writer.use_list(list_use(*list));
}

bool refresh_lists(casefile::Writer& writer, ListMatching& matching) {
  if (!matching.refresh()) return false;
  use_lists(writer, matching);
  return true;
}

}  // namespace safelight::scan
