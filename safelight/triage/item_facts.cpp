#include "safelight/triage/item_facts.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <functional>
#include <tuple>

#include "safelight/triage/origin_evidence.h"

namespace safelight::triage {
namespace {

constexpr int64_t kNsPerSecond = 1'000'000'000;
constexpr int64_t kSecondsPerDay = 86'400;

bool is_grave(const Hit& hit) { return hit.disposition >= Disposition::review; }
bool is_digest(const Hit& hit) { return hit.kind != MatchKind::pdq; }

/// MD5 alone sets nothing aside, since anybody can make two files of one MD5; nor does likeness.
bool is_harmless(const Hit& hit) {
  return hit.disposition == Disposition::ordinary &&
         (hit.kind == MatchKind::sha1 || hit.kind == MatchKind::sha256);
}

/// The class that a hit asks for by itself.
HitClass class_of(const Hit& hit) {
  if (is_harmless(hit)) return HitClass::ordinary;
  if (!is_grave(hit)) return HitClass::none;
  if (!is_digest(hit)) return HitClass::resembles;
  return hit.disposition == Disposition::review || hit.victim_identified == Stated::no
             ? HitClass::review
             : HitClass::known;
}

std::span<const casefile::StoredHit> hits_of(const casefile::StoredItem& stored) {
  if (!stored.content) return {};
  return stored.content->hits;
}

const casefile::Examination* examination_of(const casefile::StoredItem& stored) {
  return stored.content && stored.content->examination ? &*stored.content->examination : nullptr;
}

std::span<const Finding> content_findings(const casefile::StoredItem& stored) {
  const casefile::Examination* const examination = examination_of(stored);
  if (examination == nullptr) return {};
  return examination->findings;
}

std::string_view field(const Finding& finding, std::string_view name) {
  for (const auto& [field_name, value] : finding.fields) {
    if (field_name == name) return value;
  }
  return {};
}

bool same_text(std::string_view a, std::string_view b) {
  const auto trimmed = [](std::string_view text) {
    const size_t begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return std::string_view();
    return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
  };
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(trimmed(a), trimmed(b), {}, lower, lower);
}

/// Stands for the steps before the last, and of the last the folder in its name.
uint64_t folder_key(const Origin& origin) {
  std::string key = origin.source_id;
  for (size_t i = 0; i < origin.steps.size(); ++i) {
    const OriginStep& step = origin.steps[i];
    const bool last = i + 1 == origin.steps.size();
    const size_t slash = step.name.rfind('/');
    key += '\0';
    key += last ? (slash == std::string::npos ? "" : step.name.substr(0, slash)) : step.name;
    if (!last) key += '\1' + std::to_string(step.ordinal);
  }
  return std::hash<std::string>{}(key);
}

uint64_t archive_key(const Origin& origin) {
  size_t end = origin.steps.size();
  while (end > 0 && origin.steps[end - 1].kind != StepKind::archive_member) --end;
  if (end == 0) return 0;
  std::string key = origin.source_id;
  for (size_t i = 0; i + 1 < end; ++i) {
    key += '\0' + origin.steps[i].name + '\1' + std::to_string(origin.steps[i].ordinal);
  }
  return std::max<uint64_t>(1, std::hash<std::string>{}(key));
}

std::optional<int64_t> written_seconds(const casefile::ItemTimes& times) {
  for (const auto& time : {times.in_container, times.modified, times.born}) {
    if (time) return time->ns / kNsPerSecond;
  }
  return std::nullopt;
}

/// A picture, a video, or what could not be examined and may be either.
bool may_be_picture(const casefile::StoredItem& stored) {
  if (stored.item.kind != casefile::ItemKind::file) return false;
  const casefile::Examination* const examination = examination_of(stored);
  if (examination == nullptr || stored.item.coverage == Coverage::none) return true;
  return examination->media_type.starts_with("image/") ||
         examination->media_type.starts_with("video/");
}

uint16_t source_number(const std::string& source_id) {
  uint16_t number = 0;  // "S1" ...
  if (!source_id.empty()) {
    std::from_chars(source_id.data() + 1, source_id.data() + source_id.size(), number);
  }
  return number;
}

Recency recency_of(const ItemFacts& facts, const RankOptions& options) {
  // Clocks of cameras do not say their zone.
  const int64_t latest = options.seized_ns / kNsPerSecond + 2 * kSecondsPerDay;
  const int64_t earliest =
      options.seized_ns / kNsPerSecond - int64_t{options.recent_days} * kSecondsPerDay;
  const auto is_recent = [&](int64_t time) { return time >= earliest && time <= latest; };
  if (facts.captured_s != kNoTime) {
    return is_recent(facts.captured_s) ? Recency::captured : Recency::none;
  }
  if (facts.written_s != kNoTime && facts.may_picture && is_recent(facts.written_s)) {
    return Recency::written;
  }
  return Recency::none;
}

}  // namespace

const Hit* deciding_hit(const casefile::StoredItem& stored) {
  const Hit* best = nullptr;
  const auto key = [](const Hit& hit) {
    return std::tuple(class_of(hit), hit.distance_bits, -static_cast<int>(hit.disposition));
  };
  // Hits are in ascending order, so of equal ones the first is the same each time.
  for (const casefile::StoredHit& one : hits_of(stored)) {
    if (class_of(one.hit) == HitClass::none) continue;
    if (best == nullptr || key(one.hit) < key(*best)) best = &one.hit;
  }
  return best;
}

const Hit* hit_without_victim(const casefile::StoredItem& stored) {
  for (const casefile::StoredHit& one : hits_of(stored)) {
    if (is_grave(one.hit) && one.hit.victim_identified == Stated::no) return &one.hit;
  }
  return nullptr;
}

DeviceMatch device_match(const Device& device, const Finding& camera_finding) {
  const auto is = [&](const std::string& wanted, std::string_view name) {
    return !wanted.empty() && same_text(wanted, field(camera_finding, name));
  };
  if (is(device.serial, "serial")) return DeviceMatch::serial;
  const bool make = is(device.make, "make");
  if (is(device.model, "model") && (make || device.make.empty())) return DeviceMatch::model;
  return make && device.model.empty() ? DeviceMatch::make : DeviceMatch::none;
}

const Finding* device_finding(const casefile::StoredItem& stored, const Device& device) {
  const Finding* best = nullptr;
  DeviceMatch match = DeviceMatch::none;
  for (const auto findings :
       {std::span<const Finding>(stored.item.findings), content_findings(stored)}) {
    for (const Finding& finding : findings) {
      if (finding.kind != "camera_metadata") continue;
      const DeviceMatch one = device_match(device, finding);
      if (one >= match) continue;
      match = one;
      best = &finding;
    }
  }
  return best;
}

const Finding* capture_finding(const casefile::StoredItem& stored) {
  for (const Finding& finding : content_findings(stored)) {
    if (finding.kind == "camera_metadata" && exif_seconds(field(finding, "taken"))) return &finding;
  }
  return nullptr;
}

std::optional<int64_t> exif_seconds(std::string_view text) {
  constexpr std::string_view kShape = "0000:00:00 00:00:00";
  if (text.size() != kShape.size()) return std::nullopt;
  for (size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == '0' ? !digit : text[i] != kShape[i]) return std::nullopt;
  }
  const auto number = [&](size_t at, size_t digits) {
    int value = 0;
    std::from_chars(text.data() + at, text.data() + at + digits, value);
    return value;
  };
  using namespace std::chrono;
  const year_month_day day(year(number(0, 4)), month(static_cast<unsigned>(number(5, 2))),
                           std::chrono::day(static_cast<unsigned>(number(8, 2))));
  if (!day.ok() || number(11, 2) > 23 || number(14, 2) > 59 || number(17, 2) > 60) {
    return std::nullopt;
  }
  return int64_t{sys_days(day).time_since_epoch().count()} * kSecondsPerDay + number(11, 2) * 3600 +
         number(14, 2) * 60 + number(17, 2);
}

std::string folder_of(const Origin& origin) {
  if (origin.steps.empty()) return "";
  Origin folder = origin;
  std::string& name = folder.steps.back().name;
  const size_t slash = name.rfind('/');
  if (folder.steps.back().kind == StepKind::embedded_picture || slash == std::string::npos) {
    folder.steps.pop_back();
    return folder.steps.empty() ? "" : display_path(folder);
  }
  name.resize(slash);
  return display_path(folder);
}

ItemFacts facts_of(const casefile::StoredItem& stored, const RankOptions& options) {
  ItemFacts facts;
  const Origin& origin = stored.item.origin;
  facts.folder = folder_key(origin);
  facts.archive = archive_key(origin);
  facts.source = source_number(origin.source_id);
  facts.depth = static_cast<uint16_t>(std::min<size_t>(origin.steps.size(), UINT16_MAX));
  if (!origin.steps.empty()) facts.last_step = static_cast<uint8_t>(origin.steps.back().kind);
  facts.coverage = stored.item.coverage;
  facts.may_picture = may_be_picture(stored);
  if (const auto written = written_seconds(stored.item.times)) facts.written_s = *written;
  if (const Finding* capture = capture_finding(stored)) {
    facts.captured_s = *exif_seconds(field(*capture, "taken"));
  }
  if (const Hit* hit = deciding_hit(stored)) {
    facts.hit = class_of(*hit);
    facts.distance_bits = static_cast<uint8_t>(std::min<uint32_t>(hit->distance_bits, UINT8_MAX));
  }
  for (const casefile::StoredHit& one : hits_of(stored)) {
    if (!is_grave(one.hit) || facts.victim_identified == Stated::no) continue;
    if (one.hit.victim_identified != Stated::not_stated) {
      facts.victim_identified = one.hit.victim_identified;
    }
  }
  if (const casefile::Examination* examination = examination_of(stored)) {
    facts.pixels = static_cast<uint32_t>(
        std::min<uint64_t>(uint64_t{examination->width} * examination->height, UINT32_MAX));
    for (const PdqHashes& hashes : examination->fingerprints) {
      facts.quality = std::max(facts.quality, hashes.quality);
    }
  }
  facts.camera = weigh_origin(stored.item.findings, content_findings(stored)).camera.grade();
  if (const Finding* finding = device_finding(stored, options.device)) {
    facts.device = device_match(options.device, *finding);
  }
  facts.recency = recency_of(facts, options);
  return facts;
}

}  // namespace safelight::triage
