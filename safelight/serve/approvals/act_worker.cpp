#include "safelight/serve/approvals/act_worker.h"

#include <exception>
#include <utility>

#include "safelight/base/json_writer.h"

namespace safelight::serve {
namespace {

constexpr const char* kInterrupted = "interrupted";

audit::Details named(const Act& act) {
  return {{"approval", std::to_string(act.id.value)}, {"kind", std::string(to_text(act.kind))}};
}

/// Nothing of the inside.
NotDone failed() {
  return {Status::bad_gateway, "not-done",
          "It was approved and then failed; the server's operator can see why."};
}

NotDone not_taken(ActOutcome outcome) {
  if (outcome == ActOutcome::not_permitted) {
    return {Status::forbidden, "not-permitted", "The role of one of you does not include this."};
  }
  return {Status::conflict, "approval-over", "This request was settled before, or has expired."};
}

ActState state_of(const ActResult& result) {
  if (!result.not_done) return ActState::executed;
  return result.not_done->code == kInterrupted ? ActState::interrupted : ActState::failed;
}

std::string_view record_of(ActState state) {
  if (state == ActState::executed) return "approval.done";
  return state == ActState::failed ? "approval.failed" : "approval.interrupted";
}

}  // namespace

NotDone interrupted(std::string detail) {
  return {Status::service_unavailable, kInterrupted, std::move(detail)};
}

ActWorker::ActWorker(const Approvals& approvals, Services& services)
    : approvals_(approvals), services_(services) {
  for (const Act& act : services_.approvals.under_way()) {
    ActResult result{{}, interrupted("The server ended before it had.")};
    end(act, {}, result);
  }
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

ActResult ActWorker::do_now(const Act& approved, const Actor& by) {
  return carry_through(approved, by, {});
}

void ActWorker::do_later(const Act& approved, const Actor& by) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.emplace_back(approved, by);
  }
  wake_.notify_one();
}

void ActWorker::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void ActWorker::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (wake_.wait(lock, stop, [this] { return !waiting_.empty(); })) {
    const auto [act, by] = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    try {
      carry_through(act, by, stop);
    } catch (const std::exception& failure) {
      // The store says that it is under way, and the next server that it was interrupted.
      services_.log.log(Severity::error, failure.what());
    }
    lock.lock();
  }
}

ActResult ActWorker::carry_through(const Act& approved, const Actor& by,
                                   const std::stop_token& stop) {
  ActResult result;
  try {
    result = attempt(approved, by, stop);
  } catch (const std::exception& failure) {
    services_.log.log(Severity::error, failure.what());
    result = {{}, failed()};
  }
  end(approved, by, result);
  return result;
}

ActResult ActWorker::attempt(const Act& approved, const Actor& by, const std::stop_token& stop) {
  if (stop.stop_requested()) return {{}, interrupted("The server ended before it was begun.")};
  const auto taken = services_.approvals.take(approved.id);
  if (taken.outcome != ActOutcome::done) return {{}, not_taken(taken.outcome)};
  const ActDoer& doer = *approvals_.find(approved.kind);
  if (doer.takes == ActDoer::Takes::long_time) {
    services_.record.add("approval.begin", by, named(approved));
  }
  const auto asked_by = services_.people.find(approved.requested_by);
  return doer.carry_out(services_,
                        {*taken.act, asked_by ? asked_by->login : "", by.person, by.address, stop});
}

void ActWorker::end(const Act& act, const Actor& by, ActResult& result) {
  const ActDoer* doer = approvals_.find(act.kind);
  if (result.not_done) {
    audit::Details left = doer != nullptr ? doer->left_behind(act) : audit::Details();
    result.said.insert(result.said.end(), left.begin(), left.end());
    result.said.emplace_back("code", result.not_done->code);
  }
  const auto put_on_record = [&] {
    audit::Details said = named(act);
    said.insert(said.end(), result.said.begin(), result.said.end());
    services_.record.add(record_of(state_of(result)), by, said);
  };
  try {
    put_on_record();
  } catch (const std::exception& failure) {
    // What is not on record is not said to be done.
    services_.log.log(Severity::error, failure.what());
    if (!result.not_done) {
      result.not_done = failed();
      result.said.emplace_back("code", result.not_done->code);
    }
  }
  const ActState state = state_of(result);
  const std::string outcome = audit::to_json(result.said);
  services_.approvals.end(act.id, state, outcome);
  tell(act, state, outcome);
}

void ActWorker::tell(const Act& ended, ActState state, const std::string& outcome) const {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("approval", ended.id.value).field("kind", to_text(ended.kind));
  json.field("state", state_word(state)).key("outcome").embed(outcome).end_object();
  for (const auto& [name, served] : services_.cases) {
    for (const auto& present : served.room->audience().present()) {
      const auto person = services_.people.find(present.person);
      if (!person || !may_know(services_, approvals_, *person, ended)) continue;
      served.room->audience().tell(present.person, {.name = "approval", .data = text});
    }
  }
}

}  // namespace safelight::serve
