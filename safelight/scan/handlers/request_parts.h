#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "safelight/bytes/file.h"
#include "safelight/sandbox/serve.h"
#include "safelight/scan/messages/evidence_message.h"

/// What handlers of files have in common: the part of a file that a request is about, and evidence
/// as the reply to it.
namespace safelight::scan {

/// The part of a mapped file that a request names. Errors: changed, with that rule, where it does
/// not lie in the file.
Result<std::span<const std::byte>> requested_part(const FileMapping& file, uint64_t offset_bytes,
                                                  uint64_t length_bytes, std::string_view rule);

/// Sends findings, then prompts, each in a record of its own. Errors: those of ReplyWriter.
Result<void> send(sandbox::ReplyWriter& reply, const EvidenceList& evidence);

}  // namespace safelight::scan
