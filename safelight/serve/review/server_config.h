#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"

namespace safelight::serve {

/// A team's server, as its file of configuration says (docs/formats/serve_config.md).
struct ServerConfig {
  struct Listen {
    std::string address;  ///< Numeric; "" for a Unix socket.
    uint16_t port = 0;
    std::filesystem::path unix_socket;
    std::filesystem::path certificate;  ///< Chain and key in PEM; both empty for one that is made.
    std::filesystem::path key;
    std::filesystem::path client_authorities;
  };
  struct Case {
    std::string name;
    std::filesystem::path folder;
    std::vector<std::string> people;  ///< Logins; empty for everybody whose role may review.
  };

  /// Screening of uploads, where the server does that.
  struct Screening {
    std::vector<std::string> lists;     ///< By name, in the list store.
    std::filesystem::path case_folder;  ///< Whose items held uploads become; made where it is not.
    std::filesystem::path held;         ///< Where their bytes lie, encrypted.
    std::filesystem::path held_key;     ///< The key of that store; made where it is not.
    uint32_t bucket_ms = 250;           ///< See ScreeningPolicy::upload_bucket.
    uint64_t max_upload_bytes = 64 << 20;
    uint32_t uploads_at_once = 2;
    /// The id of the key for which HMA's routes stand when they are asked over a Unix socket.
    std::optional<int64_t> unix_key;
    // Until two persons agree on others:
    uint32_t radius_bits = 31;          ///< See ListsOptions.
    std::string holds_from = "review";  ///< See ScreenerOptions; "unknown", "review" or "known".
  };

  std::filesystem::path state;  ///< Accounts, settings, keys and the server's log.
  std::vector<std::string> hosts;
  std::vector<Listen> listen;
  std::vector<Case> cases;
  /// Where heads of the audit logs go beside the state, best on another machine.
  std::vector<std::filesystem::path> heads;
  std::optional<Screening> screening;
  std::filesystem::path exports;  ///< Where originals may be written to; "" where nowhere.
};

/// Reads a file of configuration; relative paths in it are below `folder`. Errors: malformed,
/// "config.json" for what is no such object, "config.name" for a case's name that an address cannot
/// hold, "config.twice" for one that comes twice, "config.listen" and
/// "config.screening" where nothing or too little is said.
Result<ServerConfig> config_from_json(std::string_view text, const std::filesystem::path& folder);

}  // namespace safelight::serve
