#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "safelight/audit/heads/head_publisher.h"
#include "safelight/base/clock.h"
#include "safelight/base/log.h"

namespace safelight::serve {

/// The key with which a server signs: `signing-key.pem` in its folder, made the first time, and
/// beside it `signing-key.pub` for whoever checks. Throws Fault where it cannot be used.
audit::SigningKey server_key(const std::filesystem::path& folder);

/// Signs the heads of one log while a server runs: into `heads` in the server's folder, and into
/// each file elsewhere. One that cannot be written to is told in the log, and tried again. Used
/// from one thread at a time.
class HeadKeeper {
 public:
  /// `log_name` as audit::is_log_name() has it. `clock` and `log` outlive it. Throws Fault.
  HeadKeeper(const std::string& log_name, const std::filesystem::path& folder,
             const std::vector<std::filesystem::path>& elsewhere, const Clock& clock, LogSink& log);

  /// Where one is due.
  void offer(const audit::TreeHead& head) { tell(publisher_.offer(head)); }
  /// At the end.
  void publish(const audit::TreeHead& head) { tell(publisher_.publish(head)); }

 private:
  void tell(const std::vector<audit::PublishFailure>& failures);

  audit::HeadPublisher publisher_;
  LogSink& log_;
};

}  // namespace safelight::serve
