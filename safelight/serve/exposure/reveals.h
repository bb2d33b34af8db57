#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/evidence/origin.h"
#include "safelight/serve/accounts/secrets/random_source.h"

namespace safelight::serve {

/// That a person may be shown a picture, once.
struct Reveal {
  std::string person;
  std::string from;  ///< The address that asked.
  ItemId item;
  std::string rendition;  ///< "grey", "colour" or "original".
  std::string reason;     ///< "" where none was asked for.
  int64_t granted_ns = 0;
  int64_t began_ns = 0;  ///< When the picture left the server; 0 before.
  friend bool operator==(const Reveal&, const Reveal&) = default;
};

/// A reveal that is over.
struct EndedReveal {
  Reveal reveal;
  uint32_t shown_ms = 0;
};

/// The reveals that are granted and not over. What a browser says of how long it showed a picture
/// counts as far as it can be: no longer than since the picture left, and no longer than is
/// allowed; where it says nothing, the picture counts as shown for as long as is allowed. A person
/// has one reveal at a time. Safe from many threads.
class Reveals {
 public:
  explicit Reveals(RandomSource& random) : random_(random) {}

  struct Granted {
    std::string key;                   ///< Names the reveal; nobody can guess it.
    std::optional<EndedReveal> ended;  ///< The person's reveal before, if it had begun.
  };
  Granted grant(Reveal reveal, uint32_t max_ms);

  /// The reveal, whose picture leaves now. Nothing where the key is not that person's, is used, or
  /// was granted too long ago.
  std::optional<Reveal> begin(std::string_view key, std::string_view person, int64_t now_ns);
  /// Takes back a reveal whose picture could not be made after all.
  void forget(std::string_view key);
  /// Nothing where there is no such reveal that began.
  std::optional<EndedReveal> end(std::string_view key, std::string_view person, uint64_t shown_ms,
                                 int64_t now_ns);
  /// Ends those of which nothing was heard for longer than they may last, and forgets those that
  /// nobody fetched.
  std::vector<EndedReveal> expire(int64_t now_ns);
  /// Ends all that began, as when the server stops.
  std::vector<EndedReveal> end_all(int64_t now_ns);

 private:
  struct Open {
    Reveal reveal;
    uint32_t max_ms = 0;
  };
  static EndedReveal ended(const Open& open, uint64_t shown_ms, int64_t now_ns);

  RandomSource& random_;
  mutable std::mutex mutex_;
  std::map<std::string, Open, std::less<>> open_;
};

}  // namespace safelight::serve
