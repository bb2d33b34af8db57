#include "safelight/sandbox/worker.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <poll.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "safelight/base/fault.h"
#include "safelight/sandbox/internal/conversation.h"
#include "safelight/sandbox/internal/process.h"

namespace safelight::sandbox {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kFirstPause(8);
/// Processor time beyond any request's own need: that of the start.
constexpr uint32_t kSpareCpuSeconds = 30;
constexpr uint32_t kUsualTimeoutMs = 60'000;

Result<void> check(const Request& request, const Policy& policy) {
  if (request.message.size() > kMaxMessageBytes)
    return Error{ErrorCode::limit_exceeded, "worker.message-bytes"};
  if (request.descriptors.size() > std::min<size_t>(policy.max_descriptors, kMaxDescriptors))
    return Error{ErrorCode::limit_exceeded, "worker.descriptors"};
  if (request.sources.size() > kMaxSources)
    return Error{ErrorCode::limit_exceeded, "worker.sources"};
  for (const int descriptor : request.descriptors) {
    if (!is_read_only_file(descriptor)) return Error{ErrorCode::unsupported, "worker.descriptor"};
  }
  return {};
}

}  // namespace

class Worker::State {
 public:
  State(const std::filesystem::path& program, const Policy& policy,
        std::vector<std::string> arguments)
      : program_(std::filesystem::absolute(program)),
        policy_(policy),
        arguments_(std::move(arguments)) {}

  /// The processor time that a request may use: all processors for all of its time. A backstop
  /// behind the wall clock, so generous.
  [[nodiscard]] uint32_t cpu_seconds_for(uint32_t timeout_ms) const {
    const uint64_t seconds = (timeout_ms / 1'000 + 1) * uint64_t{processors_} + kSpareCpuSeconds;
    return static_cast<uint32_t>(std::min<uint64_t>(seconds, UINT32_MAX / 4));
  }

  /// Starts a process that may use `cpu_seconds`. Throws Fault.
  void start(uint32_t cpu_seconds);
  Result<void> call(const Request& request, ReplySink& sink, uint32_t timeout_ms);

  [[nodiscard]] const Report& report() const { return report_; }
  [[nodiscard]] uint64_t starts() const { return starts_; }
  [[nodiscard]] int process_id() const { return process_ ? process_->id() : -1; }
  [[nodiscard]] const std::string& last_standard_error() const { return standard_error_; }

 private:
  /// How a conversation with the present process goes; nothing if the process had died before.
  std::optional<Outcome> converse(const Request& request, ReplySink& sink, uint32_t timeout_ms);
  Result<void> conclude(const Outcome& outcome);
  void make_ready(uint32_t cpu_seconds);
  [[nodiscard]] bool is_worn_out() const;
  [[nodiscard]] bool grant_cpu_seconds(uint32_t needed);
  void pause_after_deaths() const;
  void count_death();
  /// What receive_hello() gives, or why there is none.
  Report receive_hello();
  [[noreturn]] void fail_to_start(std::string_view reason);
  /// Ends the process if there is one. Gives what it died of.
  Error end_process();
  void confirm_start();

  std::filesystem::path program_;
  Policy policy_;
  std::vector<std::string> arguments_;
  uint32_t processors_ = std::max(1u, std::thread::hardware_concurrency());
  Buffers buffers_;
  std::optional<Process> process_;
  Report report_;
  std::string standard_error_;
  uint64_t starts_ = 0;
  uint64_t granted_cpu_seconds_ = 0;
  uint32_t request_number_ = 0;
  uint32_t requests_of_process_ = 0;
  uint64_t files_bytes_of_process_ = 0;
  uint32_t deaths_in_a_row_ = 0;
  Clock::time_point last_death_;
};

void Worker::State::pause_after_deaths() const {
  if (deaths_in_a_row_ < 2) return;
  const auto doubled = kFirstPause * (1u << std::min(deaths_in_a_row_ - 2, 16u));
  const auto longest = std::chrono::milliseconds(policy_.max_pause_ms);
  std::this_thread::sleep_until(last_death_ +
                                std::min<std::chrono::milliseconds>(doubled, longest));
}

void Worker::State::count_death() {
  ++deaths_in_a_row_;
  last_death_ = Clock::now();
}

Error Worker::State::end_process() {
  if (!process_) return {ErrorCode::worker_crashed, "worker.lost"};
  const Error error = process_->end();
  standard_error_ = process_->read_standard_error();
  process_.reset();
  return error;
}

void Worker::State::fail_to_start(std::string_view reason) {
  const Error death = end_process();
  count_death();
  throw Fault(program_.string() +
              " cannot serve as a worker: " + std::string(reason.empty() ? death.rule : reason));
}

void Worker::State::start(uint32_t cpu_seconds) {
  pause_after_deaths();
  process_.emplace(Process::spawn(program_, arguments_, policy_.standard_error));
  ++starts_;
  requests_of_process_ = 0;
  files_bytes_of_process_ = 0;
  request_number_ = 0;
  granted_cpu_seconds_ = cpu_seconds;
  try {
    confirm_start();
  } catch (...) {
    end_process();
    throw;
  }
}

void Worker::State::confirm_start() {
  ByteWriter out;
  write(out, PacketHeader{PacketType::setup, 0, 0});
  write(out, Setup{static_cast<uint32_t>(::getpid()), static_cast<uint32_t>(granted_cpu_seconds_),
                   policy_});
  if (send_packet(process_->socket(), out.view(), {}, {}, Waiting::no) != Transfer::done)
    fail_to_start({});
  report_ = receive_hello();
  const std::string why = refusal(report_, policy_.degraded);
  if (!why.empty()) fail_to_start(why);
}

Report Worker::State::receive_hello() {
  Patience patience(policy_.start_timeout_ms);
  Received received;
  do {
    if (!patience.wait(process_->socket(), POLLIN)) fail_to_start("not ready in time");
    received = receive_packet(process_->socket(), buffers_.packet, Waiting::no);
  } while (received.transfer == Transfer::would_block);
  if (received.transfer == Transfer::closed) fail_to_start({});
  ByteReader in(received.bytes);
  const auto header = parse_header(in);
  if (received.transfer == Transfer::broken || !header || header->type != PacketType::hello)
    fail_to_start("its hello is none");
  auto report = parse_hello(in);
  if (!report) fail_to_start(report.error().rule);
  report->in_force.add(Mechanism::wall_clock);
  return *report;
}

bool Worker::State::is_worn_out() const {
  return requests_of_process_ >= policy_.recycle_after_requests ||
         files_bytes_of_process_ >= policy_.recycle_after_files_bytes;
}

bool Worker::State::grant_cpu_seconds(uint32_t needed) {
  if (!report_.in_force.has(Mechanism::cpu_rlimit)) return true;
  const auto used = process_->cpu_seconds();
  if (!used) return false;
  const auto wanted = static_cast<uint64_t>(std::ceil(*used)) + needed;
  if (wanted <= granted_cpu_seconds_) return true;
  const auto limit = static_cast<uint32_t>(std::min<uint64_t>(wanted + needed, UINT32_MAX));
  if (!process_->set_cpu_limit(limit)) return false;
  granted_cpu_seconds_ = limit;
  return true;
}

void Worker::State::make_ready(uint32_t cpu_seconds) {
  // Where the limit cannot be raised from outside, a new process brings a new budget.
  if (process_ && (is_worn_out() || !grant_cpu_seconds(cpu_seconds))) end_process();
  if (!process_) start(2 * cpu_seconds);
}

Result<void> Worker::State::call(const Request& request, ReplySink& sink, uint32_t timeout_ms) {
  SAFELIGHT_CHECK(check(request, policy_));
  make_ready(cpu_seconds_for(timeout_ms));
  auto outcome = converse(request, sink, timeout_ms);
  if (!outcome) {
    // It died while it had nothing to do, which is not this request's fault.
    end_process();
    make_ready(cpu_seconds_for(timeout_ms));
    outcome = converse(request, sink, timeout_ms);
  }
  return conclude(outcome.value_or(Outcome{Outcome::Kind::closed, std::nullopt}));
}

std::optional<Outcome> Worker::State::converse(const Request& request, ReplySink& sink,
                                               uint32_t timeout_ms) {
  ++requests_of_process_;
  Conversation conversation(process_->socket(), ++request_number_, policy_, buffers_, request, sink,
                            timeout_ms);
  try {
    const Transfer sent = conversation.send_request();
    if (sent == Transfer::closed) return std::nullopt;
    if (sent == Transfer::would_block)
      return Outcome{Outcome::Kind::stopped, Error{ErrorCode::timed_out, "worker.timeout"}};
    const Outcome outcome = conversation.receive_reply();
    files_bytes_of_process_ += conversation.files_bytes();
    return outcome;
  } catch (...) {
    // A sink or a source that throws must not leave half a reply for the next call.
    end_process();
    throw;
  }
}

Result<void> Worker::State::conclude(const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::finished:
      deaths_in_a_row_ = 0;
      break;
    case Outcome::Kind::retired:
      end_process();
      break;
    case Outcome::Kind::stopped:
      end_process();
      if (outcome.error->code == ErrorCode::worker_crashed) count_death();
      break;
    case Outcome::Kind::closed: {
      const Error death = end_process();
      count_death();
      return death;
    }
  }
  if (outcome.error) return *outcome.error;
  return {};
}

Worker::Worker(std::unique_ptr<State> state) : state_(std::move(state)) {}
Worker::Worker(Worker&&) noexcept = default;
Worker& Worker::operator=(Worker&&) noexcept = default;
Worker::~Worker() = default;

Worker Worker::start(const std::filesystem::path& program, const Policy& policy,
                     std::vector<std::string> arguments) {
  auto state = std::make_unique<State>(program, policy, std::move(arguments));
  state->start(2 * state->cpu_seconds_for(kUsualTimeoutMs));
  return Worker(std::move(state));
}

Result<void> Worker::call(const Request& request, ReplySink& sink, uint32_t timeout_ms) {
  return state_->call(request, sink, timeout_ms);
}

const Report& Worker::report() const { return state_->report(); }
uint64_t Worker::starts() const { return state_->starts(); }
int Worker::process_id() const { return state_->process_id(); }
const std::string& Worker::last_standard_error() const { return state_->last_standard_error(); }

}  // namespace safelight::sandbox
