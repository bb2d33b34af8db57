#pragma once

#include "safelight/sandbox/serve.h"
#include "safelight/scan/messages/evidence_message.h"

namespace safelight::scan {

/// Sends findings, then prompts, each in a record of its own. Errors: those of ReplyWriter.
Result<void> send(sandbox::ReplyWriter& reply, const EvidenceList& evidence);

}  // namespace safelight::scan
