#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "safelight/base/json_writer.h"
#include "safelight/sandbox/memory_file.h"
#include "safelight/serve/screening_api/answers.h"
#include "safelight/serve/screening_api/form_file.h"
#include "safelight/serve/screening_api/routes/route_groups.h"

/// What Hasher-Matcher-Actioner 1.1.7 answers to consoles that look something up there. Its "pdq"
/// is PDQ at full resolution.
namespace safelight::serve {
namespace {

constexpr std::string_view kPhoto = "photo";
/// Stands for every list where the key may not see which one it was.
constexpr std::string_view kAnyBank = "MATCH";
/// How deep HMA's routes below /c go: /c/exchanges/api/{api}/schema.
constexpr size_t kMaxListSegments = 5;

/// Fingerprints of a photo are full; a list of the other mode is asked all the same, rather than
/// left out unseen: the modes differ by some 8 bits on one picture.
constexpr std::array kModes = {PdqMode::full, PdqMode::reference};

Response no_such_field() {
  return Response::problem(Status::bad_request, "hma.content-type",
                           "The one file of the form is in a field of the name photo.");
}

/// Banks of a matched item, an object.
void write_banks(JsonWriter& json, KeyCall& call, const MatchedItem& item) {
  json.begin_object();
  if (!call.may(Permission::see_list)) {
    if (is_found(call.services.screener, item)) {
      json.key(kAnyBank).begin_array().begin_object().field("bank_content_id", 0);
      json.field("distance", "0").end_object().end_array();
    }
    json.end_object();
    return;
  }
  // Hits are sorted by list.
  for (size_t i = 0; i < item.hits.size();) {
    const std::string& list = item.hits[i].list;
    json.key(list).begin_array();
    for (; i < item.hits.size() && item.hits[i].list == list; ++i) {
      const Hit& hit = item.hits[i];
      const bool tells = call.may(Permission::see_distance);
      json.begin_object().field("bank_content_id", hit.source_record);
      json.field("distance", std::to_string(tells ? told_distance_bits(hit) : 0)).end_object();
    }
    json.end_array();
  }
  json.end_object();
  about_to_tell(call, item.hits.size());
}

MatchedItem look_up(KeyCall& call, const ListQuery& query) {
  call.services.activity.add(call.key.id.value, &KeyCounts::looked_up);
  const auto lists = call.services.screener.lists().now();
  return std::move(lists->match(std::span<const ListQuery>(&query, 1))[0]);
}

/// The photo of a form, examined; or the refusal.
std::variant<casefile::ExaminedContent, Response> photo_of(KeyCall& call) {
  Request& request = call.request;
  const auto form =
      file_of_form(request.headers.find("content-type").value_or(""), request.body.bytes());
  if (!form) return Response::problem(form.error());
  if (form->field != kPhoto) return no_such_field();
  auto file = FileSource::from_descriptor(sandbox::MemoryFile::copy_of(form->bytes).release());
  if (!file) return Response::problem(file.error());
  auto examined = call.services.screener.fingerprints(*file, call.key.tenant,
                                                      {.reference = true, .full = true});
  if (!examined) return Response::problem(examined.error());
  if (examined->examination.coverage == Coverage::none) {
    return Response::problem(Status::unprocessable_content, "hma.undecodable",
                             "The photo could not be decoded.");
  }
  return std::move(*examined);
}

const PdqHashes* hashes_of(const casefile::ExaminedContent& content, PdqMode mode) {
  const auto& all = content.examination.fingerprints;
  const auto found = std::ranges::find(all, mode, &PdqHashes::mode);
  return found != all.end() && found->quality >= kMinPdqQuality ? &*found : nullptr;
}

Response hash(KeyCall& call) {
  auto photo = photo_of(call);
  if (auto* refusal = std::get_if<Response>(&photo)) return std::move(*refusal);
  const PdqHashes* const hashes = hashes_of(std::get<0>(photo), PdqMode::full);
  std::string out;
  JsonWriter json(out);
  // HMA gives "" for a picture whose fingerprint says too little.
  json.begin_object().field("pdq", hashes ? to_hex(hashes->fingerprints[0]) : "").end_object();
  return Response::json(Status::ok, std::move(out));
}

Response look_up_photo(KeyCall& call) {
  auto photo = photo_of(call);
  if (auto* refusal = std::get_if<Response>(&photo)) return std::move(*refusal);
  std::vector<OrientedHash> hashes;
  for (const PdqMode mode : kModes) {
    if (const PdqHashes* found = hashes_of(std::get<0>(photo), mode)) {
      hashes.push_back({{found->fingerprints[0], mode, found->quality}, Orientation::original});
    }
  }
  ListQuery query;
  query.fingerprints = hashes;
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("pdq");
  write_banks(json, call, look_up(call, query));
  json.end_object();
  return Response::json(Status::ok, std::move(out));
}

Response look_up_signal(KeyCall& call) {
  const NamedTexts& asked = call.request.query;
  if (asked.find("url")) {
    return Response::problem(Status::not_implemented, "hma.url",
                             "Nothing is fetched from addresses here: send the file.");
  }
  const auto type = asked.find("signal_type");
  const auto signal = asked.find("signal");
  if (!type || !signal) {
    return Response::problem(Status::bad_request, "hma.signal",
                             "signal_type and signal are needed.");
  }
  if (const int64_t wait_ns = call.services.queries.take(call.key.id.value); wait_ns > 0) {
    return over_rate(call.services, call.key.id, wait_ns);
  }
  ListQuery query;
  std::vector<OrientedHash> hashes;
  if (*type == "pdq") {
    const auto fingerprint = parse_fingerprint(*signal);
    if (!fingerprint) return Response::problem(Error{ErrorCode::malformed, "lookup.fingerprint"});
    for (const PdqMode mode : kModes) {
      hashes.push_back({{*fingerprint, mode, kStatedQuality}, Orientation::original});
    }
    query.fingerprints = hashes;
  } else if (*type == "video_md5") {
    const auto md5 = parse_hex<Md5>(*signal);
    if (!md5) return Response::problem(Error{ErrorCode::malformed, "lookup.digest"});
    query.md5 = *md5;
  } else {
    return Response::problem(Status::bad_request, "hma.signal-type",
                             "signal_type is pdq or video_md5.");
  }
  std::string out;
  JsonWriter json(out);
  write_banks(json, call, look_up(call, query));
  return Response::json(Status::ok, std::move(out));
}

Response status(KeyCall& call) {
  const bool is_stale = call.services.screener.lists().is_stale();
  return Response::bytes(is_stale ? Status::service_unavailable : Status::ok, "text/plain",
                         is_stale ? "INDEX-STALE" : "I-AM-ALIVE");
}

Response hash_of_address(KeyCall& /*call*/) {
  return Response::problem(Status::not_implemented, "hma.url",
                           "Nothing is fetched from addresses here: send the file.");
}

Response no_list_writing(KeyCall& /*call*/) {
  return Response::problem(Status::not_implemented, "hma.lists",
                           "Lists are not read or changed by way of HMA's interface here: see "
                           "`safelight list`.");
}

Response no_raw_lookup(KeyCall& /*call*/) {
  return Response::problem(Status::not_implemented, "hma.raw-lookup",
                           "Exact distances are told to nobody. See /m/lookup.");
}

}  // namespace

void add_hma_routes(KeyRouteTable& table) {
  const auto add = [&](Method method, std::string pattern, std::string_view id,
                       std::string_view summary, std::string_view asks, std::string_view answers,
                       const auto& handle, KeyRoute::Load load) {
    table.add({method, std::move(pattern), Permission::lookup, KeyChannel::trusted, id, summary,
               asks, answers, handle, load});
  };
  using Load = KeyRoute::Load;
  add(Method::get, "/status", "hmaStatus", "Whether lists are up to date", "", "text/plain", status,
      Load::light);
  add(Method::post, "/h/hash", "hmaHash", "The fingerprint of a photo", "multipart/form-data",
      "HmaHashes", hash, Load::upload);
  add(Method::get, "/h/hash", "hmaHashOfAddress", "Refused: nothing is fetched", "", "",
      hash_of_address, Load::light);
  add(Method::get, "/m/lookup", "hmaLookUp", "Banks with a signal near this one", "", "HmaMatches",
      look_up_signal, Load::light);
  add(Method::post, "/m/lookup", "hmaLookUpPhoto", "Banks with a signal near a photo's",
      "multipart/form-data", "HmaMatches", look_up_photo, Load::upload);
  add(Method::get, "/m/raw_lookup", "hmaRawLookUp", "Refused: would tell distances", "", "",
      no_raw_lookup, Load::light);
  std::string pattern = "/c";
  for (size_t depth = 1; depth <= kMaxListSegments; ++depth) {
    pattern += "/{part" + std::to_string(depth) + "}";
    for (const Method method : {Method::get, Method::post, Method::put, Method::del}) {
      add(method, pattern, "hmaLists", "Refused: lists are changed elsewhere", "", "",
          no_list_writing, Load::light);
    }
  }
}

}  // namespace safelight::serve
