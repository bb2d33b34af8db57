#include "safelight/scan/handlers/request_parts.h"

namespace safelight::scan {

Result<std::span<const std::byte>> requested_part(const FileMapping& file, uint64_t offset_bytes,
                                                  uint64_t length_bytes, std::string_view rule) {
  const auto bytes = file.bytes();
  if (offset_bytes > bytes.size() || length_bytes > bytes.size() - offset_bytes)
    return Error{ErrorCode::changed, rule};
  return bytes.subspan(offset_bytes, length_bytes);
}

Result<void> send(sandbox::ReplyWriter& reply, const EvidenceList& evidence) {
  for (const Finding& finding : evidence.findings) SAFELIGHT_CHECK(reply.record(encode(finding)));
  for (const PromptText& prompt : evidence.prompts) SAFELIGHT_CHECK(reply.record(encode(prompt)));
  return {};
}

}  // namespace safelight::scan
