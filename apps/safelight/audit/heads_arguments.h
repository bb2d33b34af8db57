#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apps/safelight/session.h"

#include "safelight/audit/heads/head_publisher.h"
#include "safelight/audit/heads/heads_file.h"

namespace CLI {
class App;
}

namespace safelight::app {

/// What a log is held against, as verify commands take it.
struct HeadsArguments {
  std::string head;
  std::string heads;
  std::vector<std::string> keys;

  void add_to(CLI::App& command);

  /// The head and the heads of the log of that name. Throws UsageError for a file or key that
  /// cannot be used. Lines that cannot be are warned of. Says so on standard output, and that the
  /// command is incomplete, where heads contradict each other, one is signed wrongly, or none is of
  /// this log.
  [[nodiscard]] audit::NotedHeads read(std::string_view log, Session& session) const;

  [[nodiscard]] bool given() const { return !head.empty() || !heads.empty() || !keys.empty(); }
};

/// Which records the heads vouch for, as a sentence for a log that fits them, with a line feed.
std::string vouched_text(uint64_t heads_fitting, uint64_t vouched, uint64_t records);

/// A pair of keys in `file` and `file`.pub. Says so on standard output. Throws Fault.
void make_key_files(const std::string& file);

/// Throws UsageError where the file holds none that can be used.
audit::SigningKey read_signing_key(const std::string& file);

/// With what a head is signed, and where it is kept.
struct SignArguments {
  std::string key;
  std::vector<std::string> files;

  /// As options that must be given.
  void add_to(CLI::App& command);
  /// As options of a command that signs as it goes, named so as not to stand in the way of others.
  void add_optional_to(CLI::App& command);

  [[nodiscard]] bool given() const { return !files.empty(); }

  /// What signs a log's head into each file every so often. Throws UsageError for a key that cannot
  /// be used or a log that heads cannot name.
  [[nodiscard]] audit::HeadPublisher publisher(const std::string& log, int64_t every_ns,
                                               const Session& session) const;

  /// What was signed before with this key into the files that are there. Throws UsageError for one
  /// that cannot be read.
  [[nodiscard]] audit::NotedHeads earlier_heads(std::string_view log,
                                                const audit::PublicKey& public_key) const;

  /// Signs a head, appends it to each file and says so on standard output. Throws UsageError where
  /// heads cannot name the log; Fault where a file does not take it, the others having been served.
  void sign(const std::string& log, const audit::TreeHead& head, const Session& session) const;
};

}  // namespace safelight::app
