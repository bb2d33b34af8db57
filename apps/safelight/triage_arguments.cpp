#include "apps/safelight/triage_arguments.h"

#include <CLI/CLI.hpp>

#include "apps/safelight/session.h"

#include "safelight/index/multi_plan.h"

namespace safelight::app {

void TriageArguments::add_to(CLI::App& command) {
  command.add_option("--sample", sample,
                     "Known files (by digest) that are checked all the same; the others are set "
                     "aside");
  command.add_option("--device-make", make, "Make of the seized device, as its pictures name it");
  command.add_option("--device-model", model, "Model of the seized device");
  command.add_option("--device-serial", serial, "Serial number of the seized device");
  command
      .add_option("--seized-on", seized_on,
                  "Day of the seizure, from which \"recent\" counts back; by default that on "
                  "which the case was made")
      ->type_name("YYYY-MM-DD");
  command.add_option("--recent-days", recent_days, "Days before the seizure that are recent");
  command.add_option("--beside-minutes", beside_minutes,
                     "Captured or written so near to known material is beside it");
  command
      .add_option("--radius", radius_bits,
                  "Largest PDQ distance from a group's centre, inclusive, in bits")
      ->check(CLI::Range(0u, MultiPlan::kMaxRadiusBits));
}

triage::TriageOptions TriageArguments::over(triage::TriageOptions stored) const {
  const auto take = [](const auto& given, auto& option) {
    if (given) option = *given;
  };
  take(sample, stored.sample);
  take(recent_days, stored.recent_days);
  take(beside_minutes, stored.beside_minutes);
  take(radius_bits, stored.radius_bits);
  take(make, stored.device.make);
  take(model, stored.device.model);
  take(serial, stored.device.serial);
  if (seized_on) {
    if (!seized_on->empty() && !triage::parse_day(*seized_on)) {
      throw UsageError("--seized-on " + *seized_on + ": no such day; 2026-11-29 is one");
    }
    stored.seized_on = *seized_on;
  }
  return stored;
}

}  // namespace safelight::app
