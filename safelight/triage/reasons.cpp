#include "safelight/triage/reasons.h"

#include <algorithm>
#include <array>

#include "safelight/evidence/origin_grades.h"
#include "safelight/triage/origin_evidence.h"

namespace safelight::triage {
namespace {

using casefile::StoredItem;
using Data = std::vector<std::pair<std::string, std::string>>;

std::string_view value_of(const Data& data, std::string_view name) {
  for (const auto& [field, value] : data) {
    if (field == name) return value;
  }
  return {};
}

std::string_view digest_name(MatchKind kind) {
  switch (kind) {
    case MatchKind::md5:
      return "MD5";
    case MatchKind::sha1:
      return "SHA-1";
    case MatchKind::sha256:
      return "SHA-256";
    case MatchKind::pdq:
      break;
  }
  return "fingerprint";
}

Data hit_data(const Hit& hit) {
  Data data = {{"list", hit.list},
               {"entry", hit.entry_id},
               {"disposition", std::string(to_text(hit.disposition))},
               {"by", std::string(digest_name(hit.kind))}};
  if (hit.source_record != 0) data.emplace_back("record", std::to_string(hit.source_record));
  if (hit.kind == MatchKind::pdq) data.emplace_back("bits", std::to_string(hit.distance_bits));
  return data;
}

/// Makes the reasons of one item.
class Maker {
 public:
  Maker(const StoredItem& stored, const Ranked& ranked, const RankOptions& options,
        std::span<const ItemId> ids)
      : stored_(stored), ranked_(ranked), options_(options), ids_(ids) {}

  std::vector<Reason> make() {
    of_class();
    of_place();
    if (ranked_.rank_class != RankClass::ordinary) {
      of_victim();
      of_device();
      of_origin();
      of_capture();
    }
    of_group();
    return std::move(reasons_);
  }

 private:
  void add(std::string code, Data data = {}) {
    reasons_.push_back({std::move(code), std::move(data)});
  }
  [[nodiscard]] std::string id_text(ItemNumber item) const { return to_hex(ids_[item].value); }

  void of_class() {
    const Hit* const hit = deciding_hit(stored_);
    switch (ranked_.rank_class) {
      case RankClass::resembles_known:
        if (hit != nullptr) return add("resembles_entry", hit_data(*hit));
        break;
      case RankClass::review:
        if (hit != nullptr) return add("is_entry_for_review", hit_data(*hit));
        break;
      case RankClass::known_sample:
        if (hit != nullptr) {
          add("is_known_entry", hit_data(*hit));
          return add("in_sample", {{"sample", std::to_string(options_.sample)}});
        }
        break;
      case RankClass::known:
        if (hit != nullptr) return add("is_known_entry", hit_data(*hit));
        break;
      case RankClass::ordinary:
        if (hit != nullptr) return add("is_ordinary_entry", hit_data(*hit));
        break;
      case RankClass::beside_known:
      case RankClass::not_examined:
      case RankClass::partly_examined:
      case RankClass::unmatched:
        break;
    }
    if (ranked_.copy_of != kNobody) add("same_bytes", {{"item", id_text(ranked_.copy_of)}});
    if (ranked_.near_known != kNobody) {
      add("looks_like_hit",
          {{"item", id_text(ranked_.near_known)}, {"bits", std::to_string(ranked_.near_bits)}});
    }
  }

  void of_place() {
    const auto count = [&](std::string code, uint32_t items, Data more = {}) {
      if (items == 0) return;
      more.insert(more.begin(), {"items", std::to_string(items)});
      add(std::move(code), std::move(more));
    };
    const Data minutes = {{"minutes", std::to_string(options_.beside_minutes)}};
    count("same_folder", ranked_.beside.folder);
    count("same_archive", ranked_.beside.archive);
    count("captured_with", ranked_.beside.captured, minutes);
    count("written_with", ranked_.beside.written, minutes);
    if (is_set_aside(ranked_.rank_class)) return;
    const bool has_hit = ranked_.rank_class < RankClass::beside_known;
    if (stored_.item.coverage == Coverage::none) {
      add("not_examined");
    } else if (stored_.item.coverage == Coverage::partial) {
      add("partly_examined");
    } else if (!has_hit) {
      add("no_match");
    }
  }

  void of_victim() {
    if (const Hit* hit = hit_without_victim(stored_)) {
      add("victim_not_identified", {{"list", hit->list}, {"entry", hit->entry_id}});
    }
  }

  void of_device() {
    const Finding* const finding = device_finding(stored_, options_.device);
    if (finding == nullptr) return;
    switch (device_match(options_.device, *finding)) {
      case DeviceMatch::serial:
        return add("seized_device_serial", {{"serial", options_.device.serial}});
      case DeviceMatch::model:
        return add("seized_device_model",
                   {{"make", options_.device.make}, {"model", options_.device.model}});
      case DeviceMatch::make:
        return add("seized_device_make", {{"make", options_.device.make}});
      case DeviceMatch::none:
        break;
    }
  }

  void of_origin() {
    const auto* const examination =
        stored_.content && stored_.content->examination ? &*stored_.content->examination : nullptr;
    const OriginEvidence evidence = weigh_origin(
        stored_.item.findings,
        examination == nullptr ? std::span<const Finding>{} : std::span(examination->findings));
    if (evidence.camera.finding != nullptr) {
      add("camera_evidence", {{"grade", std::string(to_text(evidence.camera.grade()))},
                              {"says", camera_words(*evidence.camera.finding)}});
    }
    if (evidence.synthesis.finding != nullptr) {
      add("synthesis_moves_nothing", {{"grade", std::string(to_text(evidence.synthesis.grade()))}});
    }
  }

  void of_capture() {
    const ItemFacts facts = facts_of(stored_, options_);
    const Data data = {{"days", std::to_string(options_.recent_days)}};
    if (facts.recency == Recency::captured) add("captured_recently", data);
    if (facts.recency == Recency::written) add("written_recently", data);
  }

  void of_group() {
    if (ranked_.shown_with != kNobody) add("shown_with", {{"item", id_text(ranked_.shown_with)}});
    if (ranked_.placed_by != kNobody) add("placed_by", {{"item", id_text(ranked_.placed_by)}});
  }

  const StoredItem& stored_;
  const Ranked& ranked_;
  const RankOptions& options_;
  const std::span<const ItemId> ids_;
  std::vector<Reason> reasons_;
};

/// What stands for a list's entry in a sentence.
std::string entry_words(const Data& data) {
  std::string words = " in list \"" + std::string(value_of(data, "list")) + "\" by " +
                      std::string(value_of(data, "by"));
  if (const auto bits = value_of(data, "bits"); !bits.empty()) {
    words += " at a distance of " + std::string(bits) + " bits";
  }
  return words + ".";
}

std::string entry_kind(const Data& data) {
  return value_of(data, "disposition") == "known" ? "known material" : "an entry to be reviewed";
}

std::string items_with_hits(const Data& data) {
  const std::string_view items = value_of(data, "items");
  return std::string(items) + (items == "1" ? " item that has a hit" : " items that have hits");
}

struct Sentence {
  std::string_view code;
  std::string (*make)(const Data&);
};

std::string text(const Data& data, std::string_view name) {
  return std::string(value_of(data, name));
}

constexpr std::array<Sentence, 24> kSentences = {{
    {"resembles_entry",
     [](const Data& data) {
       return "Looks like " + entry_kind(data) + entry_words(data) + " It is not that very file.";
     }},
    {"is_entry_for_review",
     [](const Data& data) {
       return (value_of(data, "disposition") == "known" ? std::string("Is known material")
                                                        : "Is an entry to be reviewed") +
              entry_words(data);
     }},
    {"is_known_entry", [](const Data& data) { return "Is known material" + entry_words(data); }},
    {"in_sample",
     [](const Data& data) {
       return "One of the " + text(data, "sample") + " known files that are checked by sample.";
     }},
    {"is_ordinary_entry",
     [](const Data& data) { return "Stands as ordinary" + entry_words(data); }},
    {"same_bytes",
     [](const Data& data) { return "Has the same bytes as item " + text(data, "item") + "."; }},
    {"looks_like_hit",
     [](const Data& data) {
       return "Looks like item " + text(data, "item") + ", which matches a list.";
     }},
    {"same_folder",
     [](const Data& data) { return "In one folder with " + items_with_hits(data) + "."; }},
    {"same_archive",
     [](const Data& data) { return "In one archive with " + items_with_hits(data) + "."; }},
    {"captured_with",
     [](const Data& data) {
       return "Captured within " + text(data, "minutes") + " minutes of " + items_with_hits(data) +
              ".";
     }},
    {"written_with",
     [](const Data& data) {
       return "Written within " + text(data, "minutes") + " minutes of " + items_with_hits(data) +
              ".";
     }},
    {"not_examined",
     [](const Data&) {
       return std::string("Could not be examined: nothing is known of its content.");
     }},
    {"partly_examined",
     [](const Data&) { return std::string("Only part of its content was examined."); }},
    {"no_match", [](const Data&) { return std::string("Examined; no list says anything of it."); }},
    {"victim_not_identified",
     [](const Data& data) {
       return "List \"" + text(data, "list") + "\" says that the victim is not identified.";
     }},
    {"seized_device_serial",
     [](const Data& data) {
       return "Its metadata name the serial number of the seized device, \"" +
              text(data, "serial") + "\" (anybody can write it).";
     }},
    {"seized_device_model",
     [](const Data& data) {
       return "Its metadata name the model of the seized device, \"" + text(data, "model") +
              "\" (anybody can write it).";
     }},
    {"seized_device_make",
     [](const Data& data) {
       return "Its metadata name the make of the seized device, \"" + text(data, "make") +
              "\" (anybody can write it).";
     }},
    {"camera_evidence",
     [](const Data& data) {
       const Grade grade = grade_from_text(value_of(data, "grade"));
       return "Evidence of a camera: " + text(data, "says") + " (" + text(data, "grade") + ": " +
              std::string(short_meaning_of(grade)) + ").";
     }},
    {"synthesis_moves_nothing",
     [](const Data& data) {
       return "Evidence of synthesis (" + text(data, "grade") +
              ") does not lower it: pictures of real people can be edited, or declared so, too.";
     }},
    {"captured_recently",
     [](const Data& data) {
       return "Its metadata say that it was captured in the " + text(data, "days") +
              " days before the seizure.";
     }},
    {"written_recently",
     [](const Data& data) {
       return "Its file was written in the " + text(data, "days") + " days before the seizure.";
     }},
    {"shown_with",
     [](const Data& data) { return "Item " + text(data, "item") + " stands for it."; }},
    {"placed_by",
     [](const Data& data) {
       return "Stands here for item " + text(data, "item") + " of its group, which says more.";
     }},
}};

}  // namespace

std::vector<Reason> reasons_of(const StoredItem& stored, const Ranked& ranked,
                               const RankOptions& options, std::span<const ItemId> ids) {
  return Maker(stored, ranked, options, ids).make();
}

std::string sentence_of(const Reason& reason) {
  for (const Sentence& sentence : kSentences) {
    if (sentence.code == reason.code) return sentence.make(reason.data);
  }
  std::string words = reason.code;
  for (const auto& [name, value] : reason.data) words += ", " + name + " " + value;
  return words + ".";
}

std::string sentences_of(std::span<const Reason> reasons) {
  std::string words;
  for (const Reason& reason : reasons) {
    if (!words.empty()) words += ' ';
    words += sentence_of(reason);
  }
  return words;
}

}  // namespace safelight::triage
