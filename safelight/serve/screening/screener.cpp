#include "safelight/serve/screening/screener.h"

#include <algorithm>
#include <utility>

#include "safelight/scan/cut_matches.h"

namespace safelight::serve {
namespace {

struct Examined {
  scan::DigestedFile digested;
  scan::ExaminedContents contents;
};

Result<Examined> examine(ExaminerPool& examiners, const FileSource& file, std::string_view tenant,
                         const scan::PdqModes& modes) {
  auto lease = examiners.lease(tenant);
  scan::Examiner& examiner = lease.examiner();
  Examined examined;
  SAFELIGHT_TRY(examined.digested, examiner.digest(file));
  const auto handling = codec::handling_of(examined.digested.format);
  if (handling != codec::Handling::still_worker && handling != codec::Handling::heif_worker) {
    return Error{ErrorCode::unsupported, "screen.type"};
  }
  const auto none_known = [](const casefile::ContentKey&) { return nullptr; };
  examined.contents = examiner.examine(file, examined.digested, {modes}, none_known);
  return examined;
}

bool has_good_fingerprint(const casefile::Examination& picture) {
  return std::ranges::any_of(picture.fingerprints, [](const PdqHashes& hashes) {
    return hashes.quality >= kMinPdqQuality;
  });
}

}  // namespace

std::string_view to_text(HoldReason reason) {
  switch (reason) {
    case HoldReason::digest:
      return "digest";
    case HoldReason::fingerprint:
      return "fingerprint";
    case HoldReason::not_examined:
      return "not_examined";
    case HoldReason::partly_examined:
      return "partly_examined";
    case HoldReason::unmatchable:
      return "unmatchable";
    case HoldReason::near_queries:
      break;
  }
  return "near_queries";
}

Limits upload_limits() {
  Limits limits;
  // Over what nearly all cameras make, and decoded in a few seconds.
  limits.max_pixels = 128'000'000;
  limits.max_decode_memory_bytes = 600'000'000;
  limits.max_container_depth = 2;  // A picture, and the stills in it that are files of their own.
  limits.item_timeout_ms = 20'000;
  return limits;
}

std::optional<Fingerprint> Screened::fingerprint() const {
  if (contents.empty() || contents.back().examination.fingerprints.empty()) return std::nullopt;
  return contents.back().examination.fingerprints[0].fingerprints[0];
}

void Screened::hold(HoldReason reason) {
  verdict = UploadVerdict::hold;
  const auto place = std::ranges::lower_bound(reasons, reason);
  if (place == reasons.end() || *place != reason) reasons.insert(place, reason);
}

bool Screener::holds(Disposition disposition) const {
  return disposition >= std::max(holds_from_.load(), Disposition::unknown);
}

void Screener::judge(Screened& screened) const {
  for (const MatchedItem& matched : screened.matches) {
    // Of what the matcher's limit leaves out one of the gravest is always there.
    for (const Hit& hit : matched.hits) {
      if (!holds(hit.disposition)) continue;
      screened.hold(hit.kind == MatchKind::pdq ? HoldReason::fingerprint : HoldReason::digest);
    }
  }
  for (const casefile::ExaminedContent& content : screened.contents) {
    const Coverage coverage = content.examination.coverage;
    if (coverage == Coverage::none) {
      const bool is_file = &content == &screened.contents.back();
      screened.hold(is_file ? HoldReason::not_examined : HoldReason::partly_examined);
    } else if (coverage != Coverage::full) {
      screened.hold(HoldReason::partly_examined);
    }
  }
  if (unmatchable_holds_ && !has_good_fingerprint(screened.contents.back().examination)) {
    screened.hold(HoldReason::unmatchable);
  }
}

Result<Screened> Screener::screen(const FileSource& file, std::string_view tenant) {
  Screened screened;
  screened.lists = lists_.now();
  const bool needs_full = screened.lists->needs(PdqMode::full);
  const scan::PdqModes modes{.reference = screened.lists->needs(PdqMode::reference) || !needs_full,
                             .full = needs_full};
  SAFELIGHT_TRY(auto examined, examine(examiners_, file, tenant, modes));
  screened.digested = examined.digested;
  screened.contents = std::move(examined.contents);
  screened.matches = screened.lists->match(screened.contents);
  for (size_t i = 0; i < screened.contents.size(); ++i) {
    scan::state_cut_matches(screened.contents[i].examination, screened.matches[i].cut,
                            [](std::string_view) { return true; });
  }
  screened.verdict = UploadVerdict::accept;
  judge(screened);
  return screened;
}

Result<casefile::ExaminedContent> Screener::fingerprints(const FileSource& file,
                                                         std::string_view tenant,
                                                         const scan::PdqModes& modes) {
  SAFELIGHT_TRY(auto examined, examine(examiners_, file, tenant, modes));
  return std::move(examined.contents.back());
}

}  // namespace safelight::serve
