#include "safelight/lists/entry.h"

namespace safelight {

void ListEntry::clear() {
  md5.reset();
  sha1.reset();
  sha256.reset();
  fingerprint.reset();
  quality.reset();
  photodna.clear();
  entry_id.clear();
  category.clear();
  size_bytes.reset();
  distributed = victim_identified = offender_identified = Stated::not_stated;
  record_number = 0;
}

}  // namespace safelight
