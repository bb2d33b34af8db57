#pragma once

#include <string>
#include <utility>
#include <vector>

namespace safelight {
class JsonWriter;
}

namespace safelight::audit {

/// What a record says beside its kind and time: texts by name, each name once.
using Details = std::vector<std::pair<std::string, std::string>>;

/// What somebody did, or was shown: the kind of the record says what it was, its time when.
struct Deed {
  std::string person;  ///< By the name with which the person logs in.
  std::string item;    ///< With what: an item's id, a person's name ...
  std::string from;    ///< From where: an address, a device.
  Details more = {};   ///< Under other names than "person", "item" and "from".
};

/// The details "person", "item" and "from", those left out that are "", and the others; by name.
Details details_of(const Deed& deed);

/// Writes details as a JSON object in canonical form: sorted by name.
void write_details(JsonWriter& json, Details details);
/// The same, as a record's body.
std::string to_json(const Details& details);

}  // namespace safelight::audit
