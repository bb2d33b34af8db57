#include "safelight/audit/details.h"

#include <algorithm>
#include <cassert>

#include "safelight/base/json_writer.h"

namespace safelight::audit {

Details details_of(const Deed& deed) {
  Details out = deed.more;
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) out.emplace_back(name, text);
  };
  add("person", deed.person);
  add("item", deed.item);
  add("from", deed.from);
  std::sort(out.begin(), out.end());
  return out;
}

void write_details(JsonWriter& json, Details details) {
  std::sort(details.begin(), details.end());
  assert(std::adjacent_find(details.begin(), details.end(), [](const auto& a, const auto& b) {
           return a.first == b.first;
         }) == details.end());
  json.begin_object();
  for (const auto& [name, text] : details) json.field(name, text);
  json.end_object();
}

std::string to_json(const Details& details) {
  std::string out;
  JsonWriter json(out);
  write_details(json, details);
  return out;
}

}  // namespace safelight::audit
