#include "safelight/scan/handlers/send_evidence.h"

namespace safelight::scan {

Result<void> send(sandbox::ReplyWriter& reply, const EvidenceList& evidence) {
  for (const Finding& finding : evidence.findings) SAFELIGHT_CHECK(reply.record(encode(finding)));
  for (const PromptText& prompt : evidence.prompts) SAFELIGHT_CHECK(reply.record(encode(prompt)));
  return {};
}

}  // namespace safelight::scan
