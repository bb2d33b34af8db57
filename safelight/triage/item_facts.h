#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "safelight/casefile/item.h"
#include "safelight/evidence/finding.h"
#include "safelight/evidence/hit.h"

namespace safelight::triage {

/// The device that was seized, as the make, model and serial number in a picture's metadata would
/// name it. What is empty is not compared; letter case does not matter.
struct Device {
  std::string make;
  std::string model;
  std::string serial;
  friend bool operator==(const Device&, const Device&) = default;
};

/// What the lab says of a case, on which the order depends.
struct RankOptions {
  Device device;
  /// Nanoseconds since 1970, UTC: "recent" is counted back from here.
  int64_t seized_ns = 0;
  uint32_t recent_days = 90;
  uint32_t beside_minutes = 10;  ///< Written or captured so near to known material is beside it.
  uint32_t sample = 20;          ///< Known contents that are looked at all the same.
  std::string sample_seed;       ///< Which they are: the same seed, the same ones. The case's id.
};

/// How well a picture's metadata name the seized device, the best first.
enum class DeviceMatch : uint8_t { serial, model, make, none };

/// By what a picture was made recently, the best first.
enum class Recency : uint8_t {
  captured,  ///< Its metadata say when it was taken.
  written,   ///< They do not; its file was written then.
  none,
};

/// What an item's hits come to.
enum class HitClass : uint8_t {
  review,     ///< By digest: an entry for review, or a known one whose victim is not identified.
  known,      ///< By digest: known material, and nothing else is asked for.
  resembles,  ///< By fingerprint alone: an entry that is known or for review.
  ordinary,   ///< By SHA-1 or SHA-256, and nothing graver.
  none,
};

inline constexpr int64_t kNoTime = std::numeric_limits<int64_t>::min();

/// What the order of review looks at of an item, by itself. 64 bytes, so that a case of millions
/// fits into memory; texts are read again where reasons are made.
struct ItemFacts {
  uint64_t folder = 0;   ///< Stands for its folder: of equal ones, the same folder.
  uint64_t archive = 0;  ///< Likewise for the innermost archive that holds it; 0 for none.
  int64_t written_s = kNoTime;
  int64_t captured_s = kNoTime;
  uint32_t pixels = 0;  ///< Capped.
  uint16_t source = 0;  ///< Number of the source.
  uint16_t depth = 0;   ///< Steps from the source to it.
  HitClass hit = HitClass::none;
  uint8_t distance_bits = 0;  ///< Of the nearest hit by fingerprint, for `resembles`.
  Stated victim_identified = Stated::not_stated;
  Coverage coverage = Coverage::none;
  Grade camera = Grade::fact;  ///< Of the strongest evidence of a camera.
  DeviceMatch device = DeviceMatch::none;
  Recency recency = Recency::none;
  uint8_t quality = 0;       ///< The best PDQ quality of any mode.
  uint8_t last_step = 0;     ///< StepKind of the last step.
  bool may_picture = false;  ///< A picture or video, or nothing is known that says otherwise.
};

/// Looks at one item. Evidence of synthesis is not looked at.
ItemFacts facts_of(const casefile::StoredItem& stored, const RankOptions& options);

/// The hit that decides its class, if one does.
const Hit* deciding_hit(const casefile::StoredItem& stored);
/// The hit of those that are known or for review whose record says that the victim is not
/// identified, if there is one.
const Hit* hit_without_victim(const casefile::StoredItem& stored);

DeviceMatch device_match(const Device& device, const Finding& camera_finding);
/// The finding whose camera is the seized device, if one is.
const Finding* device_finding(const casefile::StoredItem& stored, const Device& device);
/// The finding whose field `taken` says when the picture was captured.
const Finding* capture_finding(const casefile::StoredItem& stored);

/// Of an EXIF time such as "2026:11:29 21:40:00": seconds since 1970 on the clock that wrote it.
std::optional<int64_t> exif_seconds(std::string_view text);

/// The folder of an item as reports show it: its path up to the last name.
std::string folder_of(const Origin& origin);

}  // namespace safelight::triage
