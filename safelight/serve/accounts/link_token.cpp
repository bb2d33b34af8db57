#include "safelight/serve/accounts/link_token.h"

#include <algorithm>

#include "safelight/serve/accounts/internal/person_row.h"
#include "safelight/serve/accounts/secrets/token.h"

namespace safelight::serve {

using database::Statement;
using State = AccountStore::State;

std::optional<SecretText> LinkTokens::issue(PersonId person, int64_t valid_ns) {
  Token token = make_token(random_, "");
  const int64_t now_ns = clock_.now_ns();
  State& state = store_.state();
  State::Change change(state);
  if (!find_person(state, person)) return std::nullopt;
  Statement drop(state.connection(), "DELETE FROM link_tokens WHERE person = ? OR expires_ns <= ?");
  drop.bind(0, person.value).bind(1, now_ns).step();
  Statement insert(state.connection(),
                   "INSERT INTO link_tokens(digest, person, created_ns, expires_ns) "
                   "VALUES(?, ?, ?, ?)");
  insert.bind_blob(0, bytes_of(token.digest)).bind(1, person.value).bind(2, now_ns);
  insert.bind(3, now_ns + std::min(valid_ns, kMaxLinkTokenNs)).step();
  change.commit();
  return std::move(token.text);
}

std::optional<PersonId> LinkTokens::redeem(std::string_view token) {
  const Sha256 digest = token_digest(token);
  const int64_t now_ns = clock_.now_ns();
  State& state = store_.state();
  State::Change change(state);
  Statement row(
      state.connection(),
      "DELETE FROM link_tokens WHERE digest = ? RETURNING person, created_ns, expires_ns");
  row.bind_blob(0, bytes_of(digest));
  if (!row.step()) return std::nullopt;
  const PersonId person{row.integer(0)};
  // One from the future was issued before the clock was set back.
  const bool good = row.integer(1) <= now_ns && now_ns < row.integer(2);
  row.reset();
  change.commit();
  if (!good) return std::nullopt;
  return person;
}

}  // namespace safelight::serve
