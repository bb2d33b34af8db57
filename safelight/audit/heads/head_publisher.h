#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "safelight/audit/heads/head_destination.h"
#include "safelight/audit/heads/signed_head.h"
#include "safelight/base/clock.h"

namespace safelight::audit {

/// That a destination did not take a head.
struct PublishFailure {
  std::string destination;
  std::string what;
};

/// Signs the head of one log as it grows and gives it to destinations, each at most every so often.
/// A destination that fails gets the next head when it is due again; those in between are not made
/// up for, because a later head vouches for all that came before it. Used from one thread at a
/// time.
class HeadPublisher {
 public:
  struct Options {
    std::string log;                                 ///< The log's name; see is_log_name().
    int64_t every_ns = int64_t{60} * 1'000'000'000;  ///< Shortest time between two heads.
  };

  /// `clock` outlives it.
  HeadPublisher(SigningKey key, Options options,
                std::vector<std::unique_ptr<HeadDestination>> destinations, const Clock& clock);

  /// Publishes the head where one is due: where the log has grown since the last that the
  /// destination took, and enough time has passed since the last try. Gives what failed.
  [[nodiscard]] std::vector<PublishFailure> offer(const TreeHead& head);

  /// Publishes the head wherever it was not taken yet, due or not: at the end of a session. Gives
  /// what failed.
  [[nodiscard]] std::vector<PublishFailure> publish(const TreeHead& head);

  /// The records that the destination which is furthest behind vouches for, by what this publisher
  /// gave to it.
  [[nodiscard]] uint64_t published_size() const;

  [[nodiscard]] const PublicKey& public_key() const { return key_.public_key(); }

 private:
  struct Destination {
    std::unique_ptr<HeadDestination> to;
    std::optional<TreeHead> taken;       ///< The last head that it took.
    std::optional<int64_t> tried_at_ns;  ///< When it was last given one.
  };

  [[nodiscard]] bool is_due(const Destination& destination, int64_t now_ns) const;
  std::vector<PublishFailure> give(const TreeHead& head, int64_t now_ns,
                                   const std::vector<Destination*>& destinations);

  SigningKey key_;
  Options options_;
  std::vector<Destination> destinations_;
  const Clock& clock_;
};

}  // namespace safelight::audit
