#include "safelight/scan/list_matching.h"

#include <nlohmann/json.hpp>
#include <numeric>

namespace safelight::scan {
namespace {

uint64_t fingerprints_in(const std::vector<const CompiledList*>& lists) {
  return std::accumulate(
      lists.begin(), lists.end(), uint64_t{0},
      [](uint64_t sum, const CompiledList* list) { return sum + list->info().pdq; });
}

size_t orientation_count(OrientationChoice choice, const std::vector<const CompiledList*>& lists) {
  const bool all =
      choice == OrientationChoice::all ||
      (choice == OrientationChoice::automatic && fingerprints_in(lists) <= kAllOrientationsUpTo);
  return all ? kOrientations : 1;
}

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

ListMatching::ListMatching(std::vector<const CompiledList*> lists, uint32_t radius_bits,
                           OrientationChoice orientations)
    : lists_(std::move(lists)),
      matcher_(lists_),
      radius_bits_(radius_bits),
      orientations_(orientation_count(orientations, lists_)) {}

void ListMatching::add_oriented(const std::vector<PdqHashes>& fingerprints,
                                std::vector<OrientedHash>& oriented) const {
  for (const PdqHashes& hashes : fingerprints) {
    for (size_t i = 0; i < orientations_; ++i) {
      oriented.push_back({PdqHash{hashes.fingerprints[i], hashes.mode, hashes.quality},
                          static_cast<Orientation>(i)});
    }
  }
}

std::vector<std::vector<Hit>> ListMatching::match(
    const std::vector<casefile::ExaminedContent>& contents) const {
  std::vector<std::vector<OrientedHash>> oriented(contents.size());
  std::vector<ListQuery> queries;
  queries.reserve(contents.size());
  for (size_t i = 0; i < contents.size(); ++i) {
    add_oriented(contents[i].examination.fingerprints, oriented[i]);
    queries.push_back(digest_query(contents[i].content));
    queries.back().fingerprints = oriented[i];
  }
  return match(queries);
}

std::vector<Hit> ListMatching::match(const casefile::Content& content,
                                     const std::vector<PdqHashes>& fingerprints) const {
  std::vector<OrientedHash> oriented;
  add_oriented(fingerprints, oriented);
  ListQuery query = digest_query(content);
  query.fingerprints = oriented;
  return matcher_.match(query, radius_bits_);
}

std::string ListMatching::content_id_of(std::string_view list_name) const {
  for (const CompiledList* list : lists_) {
    if (list->name() == list_name) return to_hex(list->content_id());
  }
  return {};
}

casefile::ListUse list_use(const CompiledList& list) {
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

}  // namespace safelight::scan
