#pragma once

#include "safelight/sandbox/serve.h"

namespace safelight::scan {

/// The archive worker's side of archive_message.h: reads the archive in the request's first
/// descriptor and sends its members, or the one that is wanted, as they come.
class ArchiveHandler final : public sandbox::Handler {
 public:
  void prepare() override;
  Result<void> handle(sandbox::IncomingRequest& request, sandbox::ReplyWriter& reply) override;
};

}  // namespace safelight::scan
