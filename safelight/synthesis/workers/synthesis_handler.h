#pragma once

#include <memory>
#include <string>
#include <vector>

#include "safelight/sandbox/serve.h"
#include "safelight/synthesis/detectors/detector.h"
#include "safelight/synthesis/workers/messages/synthesis_message.h"

namespace safelight::synthesis {

/// The detectors of one worker program.
struct LoadedDetectors {
  std::shared_ptr<const void> runtime;               ///< What the detectors run in, kept for them.
  std::vector<std::unique_ptr<Detector>> detectors;  ///< At most kMaxDetectors.
  /// In plain words, what could not be loaded and why.
  std::vector<std::string> remarks;
};

/// A synthesis worker's side of synthesis_message.h: decodes, processes, asks every detector. What
/// a detector gives that is no number counts as no score.
class SynthesisHandler final : public sandbox::Handler {
 public:
  explicit SynthesisHandler(LoadedDetectors loaded);
  Result<void> handle(sandbox::IncomingRequest& request, sandbox::ReplyWriter& reply) override;

 private:
  Result<void> describe(sandbox::ReplyWriter& reply) const;
  Result<void> assess(const AssessRequest& request, sandbox::IncomingRequest& incoming,
                      sandbox::ReplyWriter& reply);

  LoadedDetectors loaded_;
};

}  // namespace safelight::synthesis
