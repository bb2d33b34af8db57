#include "safelight/serve/accounts/login.h"

#include <string>
#include <utility>

namespace safelight::serve {
namespace {

/// One person, one name: otherwise capitals would be further attempts. What is no login name is
/// slowed too, under what was given.
std::string throttle_name(std::string_view login) {
  const auto folded = login_from_text(login);
  return folded ? *folded : std::string(login);
}

LoginAnswer wait_for(int64_t wait_ns) { return {LoginOutcome::wait, wait_ns, std::nullopt}; }

}  // namespace

LoginAnswer Login::renewed(const Session& session, std::string_view address) {
  auto renewed = sessions_.renew(session.id);
  if (!renewed) return {};
  throttle_.succeeded(session.person.login, address);
  return {LoginOutcome::open, 0, std::move(renewed)};
}

LoginAnswer Login::with_password(std::string_view login, std::string_view password,
                                 std::string_view address) {
  const std::string name = throttle_name(login);
  if (const int64_t wait_ns = throttle_.begin(name, address); wait_ns > 0) return wait_for(wait_ns);
  const auto person = people_.check_password(login, password);
  if (!person) return {};
  const bool asks_code = person->second_factor == SecondFactor::on;
  auto session =
      sessions_.open(person->id, asks_code ? SessionStage::second_factor : SessionStage::open);
  if (!session) return {};
  if (!asks_code) throttle_.succeeded(name, address);
  return {asks_code ? LoginOutcome::second_factor : LoginOutcome::open, 0, std::move(session)};
}

LoginAnswer Login::with_code(std::string_view token, std::string_view code,
                             std::string_view address) {
  const auto session = sessions_.find(token);
  if (!session || session->stage != SessionStage::second_factor) return {};
  const int64_t wait_ns = throttle_.begin(session->person.login, address);
  if (wait_ns > 0) return wait_for(wait_ns);
  if (!sessions_.count_code_attempt(session->id) || !people_.use_code(session->person.id, code)) {
    return {};
  }
  return renewed(*session, address);
}

LoginAnswer Login::again(std::string_view token, std::string_view password, std::string_view code,
                         std::string_view address) {
  const auto session = sessions_.find(token);
  if (!session || session->stage != SessionStage::open) return {};
  const int64_t wait_ns = throttle_.begin(session->person.login, address);
  if (wait_ns > 0) return wait_for(wait_ns);
  const auto person = people_.check_password(session->person.login, password);
  if (!person) return {};
  if (person->second_factor == SecondFactor::on && !people_.use_code(person->id, code)) return {};
  return renewed(*session, address);
}

}  // namespace safelight::serve
