#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "safelight/base/clock.h"
#include "safelight/serve/accounts/account_store.h"
#include "safelight/serve/accounts/person.h"
#include "safelight/serve/accounts/secrets/random_source.h"
#include "safelight/serve/accounts/secrets/secret_text.h"

namespace safelight::serve {

/// Names a session in lists; says nothing of its token.
struct SessionId {
  int64_t value = 0;
  friend auto operator<=>(SessionId, SessionId) = default;
};

enum class SessionStage : uint8_t {
  second_factor,  ///< The password was right, a code is wanted: good for nothing else.
  open,
};

struct Session {
  SessionId id;
  Person person;  ///< As of now: a role that changed is seen at once.
  SessionStage stage = SessionStage::open;
  int64_t created_ns = 0;
  int64_t last_used_ns = 0;      ///< To within SessionPolicy::touch_ns.
  int64_t authenticated_ns = 0;  ///< When the person last proved who it is.
};

struct NewSession {
  SecretText token;  ///< For the cookie; the store keeps its digest alone.
  Session session;
};

struct SessionPolicy {
  int64_t idle_ns = 30 * int64_t{60'000'000'000};
  int64_t absolute_ns = 12 * int64_t{3'600'000'000'000};
  int64_t second_factor_ns = 5 * int64_t{60'000'000'000};
  /// Sensitive acts want a proof that is no older.
  int64_t recent_ns = 10 * int64_t{60'000'000'000};
  /// Use is noted no more often, so that a request rarely writes.
  int64_t touch_ns = int64_t{60'000'000'000};
  /// A session from further ahead than this was opened before the clock was set back: it is
  /// refused, since nobody knows how old it is.
  int64_t clock_tolerance_ns = 5 * int64_t{60'000'000'000};
  uint32_t max_per_person = 16;    ///< Over it the one least lately used ends.
  uint32_t max_code_attempts = 5;  ///< Then the password is asked for again.
};

/// The sessions of a server. Safe from many threads. Every member throws Fault where the store
/// fails or is damaged.
class Sessions {
 public:
  Sessions(AccountStore& store, const Clock& clock, RandomSource& random,
           const SessionPolicy& policy = {})
      : store_(store), clock_(clock), random_(random), policy_(policy) {}

  /// Nothing where the person is not there or disabled.
  [[nodiscard]] std::optional<NewSession> open(PersonId person, SessionStage stage);

  /// The session with this token, which counts as used now; nothing where there is none, it expired
  /// or its person was disabled.
  [[nodiscard]] std::optional<Session> find(std::string_view token);

  /// Counts an attempt at a code; false, and the session ends, where there were too many, or it
  /// waits for none.
  [[nodiscard]] bool count_code_attempt(SessionId id);

  /// Notes that the person proved again who it is. The session gets another token, so that one that
  /// was known before is worth nothing after; its stage becomes open.
  [[nodiscard]] std::optional<NewSession> renew(SessionId id);
  /// Whether that is recent enough for a sensitive act.
  [[nodiscard]] bool is_recent(const Session& session) const;

  /// By id.
  [[nodiscard]] std::vector<Session> of(PersonId person) const;
  void end(SessionId id);
  void end_all(PersonId person);
  /// Removes those that expired; for a timer. How many.
  int64_t purge();

 private:
  [[nodiscard]] bool is_alive(const Session& session, int64_t now_ns) const;

  AccountStore& store_;
  const Clock& clock_;
  RandomSource& random_;
  SessionPolicy policy_;
};

}  // namespace safelight::serve
