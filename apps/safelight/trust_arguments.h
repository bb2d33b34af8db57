#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apps/safelight/session.h"

#include "safelight/scan/credential_check.h"

namespace CLI {
class App;
}

namespace safelight::app {

/// How the user wants Content Credentials judged.
struct TrustArguments {
  std::vector<std::string> signers;
  std::vector<std::string> time_stampers;
  std::vector<std::string> allowed_signers;
  std::vector<std::string> usages;
  std::string clock;
  bool clock_given = false;  ///< Also with an empty text, which is no time.

  void add_to(CLI::App& command);
};

/// Reads the trust files that the arguments name; where they name none, those of the user's trust
/// folder. Throws UsageError for a file or folder that cannot be read, for a file that holds no
/// certificate, and for a clock that is none.
std::shared_ptr<const scan::CredentialCheck> open_trust(const TrustArguments& arguments,
                                                        Session& session);

/// "signers anchors.pem, file of 2026-11-01, SHA-256 ..." for each file.
std::vector<std::string> describe(const scan::CredentialCheck& check);

}  // namespace safelight::app
