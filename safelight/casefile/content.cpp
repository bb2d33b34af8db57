#include "safelight/casefile/content.h"

#include <algorithm>

#include "safelight/base/byte_writer.h"
#include "safelight/digest/sha256_stream.h"

namespace safelight::casefile {

ContentKey content_key(const Sha256& sha256) { return {sha256}; }

ContentKey member_key(const Sha256& file_sha256, uint32_t member_index) {
  ByteWriter out;
  out.text("SLM1");
  out.bytes(std::as_bytes(std::span(file_sha256.bytes)));
  out.u32_le(member_index);
  return {sha256_of(out.view())};
}

StoredError stored(const Error& error) {
  return {error.code, std::string(error.rule), error.offset_bytes, error.offset_kind};
}

bool was_asked_for(const Examination& examination, PdqMode mode) {
  return std::find(examination.modes.begin(), examination.modes.end(), mode) !=
         examination.modes.end();
}

std::optional<Disposition> gravest(const std::vector<StoredHit>& hits) {
  std::optional<Disposition> gravest;
  for (const StoredHit& stored : hits) {
    gravest = std::max(gravest.value_or(stored.hit.disposition), stored.hit.disposition);
  }
  return gravest;
}

}  // namespace safelight::casefile
