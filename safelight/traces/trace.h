#pragma once

#include <cstdint>
#include <string_view>

namespace safelight::traces {

enum class Presence : uint8_t {
  present,
  not_found,       ///< The statistic stays under the threshold. The trace may be too weak to show.
  not_assessable,  ///< The input cannot show such a trace, whether or not it had one.
};

/// What one examination of pixels or coefficients gave. It says how the samples were processed, not
/// by whom or why, and nothing about what they show.
struct Trace {
  Presence presence = Presence::not_assessable;
  std::string_view reason;  ///< Why it is not assessable, of static storage duration; else empty.
  double statistic = 0;
  double threshold = 0;  ///< The statistic from which the trace counts as present.
};

inline Trace not_assessable(std::string_view reason) {
  return {Presence::not_assessable, reason, 0, 0};
}
inline Trace decided(double statistic, double threshold) {
  return {
      statistic >= threshold ? Presence::present : Presence::not_found, {}, statistic, threshold};
}

}  // namespace safelight::traces
