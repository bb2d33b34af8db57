#include "safelight/serve/thresholds/thresholds.h"

#include <fcntl.h>

#include "safelight/base/fault.h"
#include "safelight/bytes/file.h"
#include "safelight/bytes/new_file.h"

namespace safelight::serve {
namespace {

constexpr size_t kMaxWordBytes = 32;
constexpr uint64_t kMaxFileBytes = 4'096;

}  // namespace

void write(JsonWriter& json, const Thresholds& thresholds) {
  json.field("radius_bits", thresholds.radius_bits);
  json.field("holds_from", to_text(thresholds.holds_from));
}

Thresholds read_thresholds(JsonObject& object) {
  Thresholds out;
  out.radius_bits = static_cast<uint32_t>(object.number("radius_bits", kMaxThresholdBits));
  const auto holds_from = disposition_from_text(object.text("holds_from", kMaxWordBytes));
  // What is known to be harmless holds nothing.
  if (!holds_from || *holds_from == Disposition::ordinary) {
    object.fail();
  } else {
    out.holds_from = *holds_from;
  }
  return out;
}

std::string to_json(const Thresholds& thresholds) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  write(json, thresholds);
  json.end_object();
  return out;
}

Result<Thresholds> thresholds_from_json(std::string_view text) {
  SAFELIGHT_TRY(JsonObject object, JsonObject::parse(text, "thresholds.json"));
  const Thresholds out = read_thresholds(object);
  SAFELIGHT_CHECK(object.finish());
  return out;
}

KeptThresholds::KeptThresholds(const std::filesystem::path& state_folder, const Thresholds& usual,
                               Screener& screener)
    : file_(state_folder / "thresholds.json"), screener_(screener), now_(usual) {
  const auto file = FileSource::open(AT_FDCWD, file_.c_str());
  if (file || file.error().code != ErrorCode::not_found) {
    const auto bytes = file ? read_all(*file, kMaxFileBytes, "thresholds.json") : file.error();
    const auto kept =
        bytes ? thresholds_from_json({reinterpret_cast<const char*>(bytes->data()), bytes->size()})
              : bytes.error();
    if (!kept) throw Fault("cannot use " + file_.string() + ": " + std::string(kept.error().rule));
    now_ = *kept;
  }
  put_in_force(now_);
}

void KeptThresholds::put_in_force(const Thresholds& thresholds) {
  screener_.lists().set_radius(thresholds.radius_bits);
  screener_.set_holds_from(thresholds.holds_from);
  now_ = thresholds;
}

Thresholds KeptThresholds::now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

Thresholds KeptThresholds::set(const Thresholds& thresholds) {
  const std::lock_guard lock(mutex_);
  NewFile out(file_);
  out.write(to_json(thresholds) + "\n");
  out.commit();
  const Thresholds before = now_;
  put_in_force(thresholds);
  return before;
}

}  // namespace safelight::serve
