#include <cstdlib>
#include <string>
#include <string_view>

#include "safelight/base/json/json_object.h"

namespace {

using safelight::JsonObject;

void require(bool holds) {
  if (!holds) std::abort();
}

constexpr size_t kMaxBytes = 16;
constexpr uint64_t kMaxNumber = 99;
constexpr size_t kMaxEntries = 3;

/// Reads members as a request is read: limits hold whatever stands there.
void read_all(JsonObject& object, int depth) {
  require(object.text("text", kMaxBytes).size() <= kMaxBytes);
  require(object.number("number", kMaxNumber) <= kMaxNumber);
  object.boolean("flag");
  if (object.has("texts")) {
    const auto texts = object.texts("texts", kMaxEntries, kMaxBytes);
    require(texts.size() <= kMaxEntries);
    for (const std::string& text : texts) require(text.size() <= kMaxBytes);
  }
  if (depth == 0) return;
  if (object.has("object")) {
    JsonObject inner = object.object("object");
    read_all(inner, depth - 1);
  }
  if (object.has("objects")) {
    auto objects = object.objects("objects", kMaxEntries);
    require(objects.size() <= kMaxEntries);
    for (JsonObject& inner : objects) read_all(inner, depth - 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto object = JsonObject::parse(text, "fuzz");
  if (!object) {
    require(object.error().rule == "fuzz");
    return 0;
  }
  read_all(*object, 2);
  const auto whole = object->finish();
  require(whole || whole.error().rule == "fuzz");
  return 0;
}
