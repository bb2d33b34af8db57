#include "safelight/scan/internal/picture_job.h"

#include <algorithm>

#include "safelight/scan/picture_examination.h"

namespace safelight::scan {
namespace {

/// Whether a file that no picture worker opens may say of itself where it comes from.
bool may_hold_metadata(codec::Format format) {
  switch (format) {
    case codec::Format::raw_photo:
    case codec::Format::video_iso:
    case codec::Format::video_riff:
    case codec::Format::audio:
      return true;
    default:
      return false;
  }
}

}  // namespace

casefile::Content content_of(const DigestSet& digests) {
  return {casefile::content_key(digests.sha256), digests.sha256, digests.sha1, digests.md5,
          digests.size_bytes};
}

ExaminedContents PictureJob::run(const DigestedFile& digested) && {
  add(digested, 0, 0);
  return std::move(contents_);
}

void PictureJob::add(const DigestedFile& digested, uint64_t offset_bytes, uint32_t depth) {
  const auto handling = codec::handling_of(digested.format);
  casefile::ExaminedContent examined{content_of(digested.digests), {}};
  const Extent extent{offset_bytes, digested.digests.size_bytes};
  if (handling == codec::Handling::still_worker || handling == codec::Handling::heif_worker) {
    examined.examination = picture(digested, extent, depth);
  } else {
    examined.examination = unopened_examination(digested.format, asked_);
    if (may_hold_metadata(digested.format) || store_at(depth) != nullptr) {
      add_provenance(examined.examination, extent, {.metadata = true, .credentials = true}, depth);
    }
  }
  contents_.push_back(std::move(examined));
}

casefile::Examination PictureJob::picture(const DigestedFile& digested, const Extent& extent,
                                          uint32_t depth) {
  PictureRequest request;
  request.format = digested.format;
  request.offset_bytes = extent.offset_bytes;
  request.length_bytes = extent.length_bytes;
  request.asked = asked_;
  request.limits = workers_.limits();
  PictureSink sink(size_t{workers_.limits().max_picture_members} + 1);
  const auto called = workers_.examine_picture(file_, request, sink);
  if (sink.records.empty()) {
    const Error error =
        called ? Error{ErrorCode::worker_crashed, "worker.no-record"} : called.error();
    casefile::Examination examination = failed_examination(request.format, asked_, error);
    // What kills a decoder may still say where it comes from.
    add_provenance(examination, extent, {.metadata = true, .credentials = true}, depth);
    return examination;
  }
  casefile::Examination examination = picture_examination(request.format, request, sink.records[0]);
  if (!called) {
    // The worker died among the further stills: those that it did not come to are not examined.
    lower(examination, Coverage::partial, "further stills", called.error());
  }
  if (sink.records[0].content_credentials || store_at(depth) != nullptr)
    add_provenance(examination, extent, {.credentials = true}, depth);
  if (asked_.origin == OriginScope::pixels && workers_.options().estimates)
    add_estimates(examination, extent, request.format);
  for (size_t i = 1; i < sink.records.size(); ++i)
    add_member(examination, digested.digests.sha256, request, sink.records[i], depth);
  return examination;
}

void PictureJob::add_provenance(casefile::Examination& examination, const Extent& extent,
                                const ProvenanceParts& parts, uint32_t depth) {
  if (asked_.origin == OriginScope::none) return;
  auto evidence = workers_.examine_provenance(file_, extent, parts, store_at(depth));
  if (evidence) {
    add_evidence(examination, std::move(evidence->findings));
  } else {
    add_evidence(examination,
                 {coverage_finding(Coverage::partial, "evidence of origin", evidence.error())});
  }
}

void PictureJob::add_estimates(casefile::Examination& examination, const Extent& extent,
                               codec::Format format) {
  auto findings = workers_.estimate(file_, extent, format);
  add_evidence(examination, findings ? std::move(*findings)
                                     : std::vector{coverage_finding(Coverage::partial,
                                                                    "what detectors say of the "
                                                                    "pixels",
                                                                    findings.error())});
}

void PictureJob::add_member(casefile::Examination& examination, const Sha256& file_sha256,
                            const PictureRequest& request, const PictureRecord& record,
                            uint32_t depth) {
  const codec::Member& member = *record.member;
  if (member.length_bytes == 0) {
    const auto key = casefile::member_key(file_sha256, member.index);
    examination.members.push_back({member_step(member), key});
    contents_.push_back(
        {{key, {}, {}, {}, {}}, picture_examination(request.format, request, record)});
    return;
  }
  // The worker's word for where the member stands is checked by SubSource, which cuts it to the
  // file.
  const SubSource part(file_, request.offset_bytes + member.offset_bytes, member.length_bytes);
  const auto digested = examiner_.digest(part);
  if (!digested) {
    examination.coverage = std::max(examination.coverage, Coverage::partial);
    examination.findings.push_back(
        coverage_finding(Coverage::partial, member_step(member).name, digested.error()));
    return;
  }
  const auto key = casefile::content_key(digested->digests.sha256);
  if (key == casefile::content_key(file_sha256)) return;  // The whole file is no member of itself.
  examination.members.push_back({member_step(member), key});
  const auto examined =
      member_content(*digested, key, request.offset_bytes + member.offset_bytes, depth);
  if (member.kind != codec::Member::Kind::thumbnail) return;
  if (auto difference = thumbnail_difference(examination, *examined))
    examination.findings.push_back(std::move(*difference));
}

std::shared_ptr<const casefile::Examination> PictureJob::member_content(
    const DigestedFile& digested, const casefile::ContentKey& key, uint64_t offset_bytes,
    uint32_t depth) {
  if (auto examined = find(key)) return examined;
  if (depth + 1 >= workers_.limits().max_container_depth) {
    const Error too_deep{ErrorCode::limit_exceeded, "max_container_depth"};
    contents_.push_back(
        {content_of(digested.digests), failed_examination(digested.format, asked_, too_deep)});
  } else {
    add(digested, offset_bytes, depth + 1);
  }
  return std::make_shared<const casefile::Examination>(contents_.back().examination);
}

std::shared_ptr<const casefile::Examination> PictureJob::find(
    const casefile::ContentKey& key) const {
  const auto here = std::find_if(
      contents_.begin(), contents_.end(),
      [&](const casefile::ExaminedContent& examined) { return examined.content.key == key; });
  if (here == contents_.end()) return known_(key);
  return std::make_shared<const casefile::Examination>(here->examination);
}

}  // namespace safelight::scan
