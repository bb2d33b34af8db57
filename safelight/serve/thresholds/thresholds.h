#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>

#include "safelight/base/json/json_object.h"
#include "safelight/base/json_writer.h"
#include "safelight/base/result.h"
#include "safelight/evidence/hit.h"
#include "safelight/hash/fingerprint.h"
#include "safelight/serve/screening/screener.h"

namespace safelight::serve {

/// From where on an upload is held.
struct Thresholds {
  uint32_t radius_bits = kDefaultRadiusBits;     ///< Of fingerprints; inclusive.
  Disposition holds_from = Disposition::review;  ///< As ScreenerOptions.
  friend bool operator==(const Thresholds&, const Thresholds&) = default;
};

/// Over it pictures match that have nothing to do with each other.
inline constexpr uint32_t kMaxThresholdBits = 63;

/// As members of an object that is being written, or read: it may hold more. Where they are none,
/// the object has failed.
void write(JsonWriter& json, const Thresholds& thresholds);
Thresholds read_thresholds(JsonObject& object);

/// One JSON object.
std::string to_json(const Thresholds& thresholds);
/// Reads what to_json() writes. Errors: malformed, "thresholds.json".
Result<Thresholds> thresholds_from_json(std::string_view text);

/// The thresholds of a server that screens: in force at once when they are set, and again when it
/// starts anew. Safe from many threads.
class KeptThresholds {
 public:
  /// Puts those in force that were set last, which `thresholds.json` in the server's folder says;
  /// or `usual`, where none were. The references outlive it. Throws Fault where the file cannot be
  /// understood.
  KeptThresholds(const std::filesystem::path& state_folder, const Thresholds& usual,
                 Screener& screener);

  [[nodiscard]] Thresholds now() const;
  /// Gives those before. Throws Fault where they cannot be kept, and those before stay in force.
  Thresholds set(const Thresholds& thresholds);

 private:
  void put_in_force(const Thresholds& thresholds);

  const std::filesystem::path file_;
  Screener& screener_;
  mutable std::mutex mutex_;
  Thresholds now_;
};

}  // namespace safelight::serve
