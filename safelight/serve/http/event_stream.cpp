#include "safelight/serve/http/event_stream.h"

#include <utility>

namespace safelight::serve {
namespace {

/// A line for each line of `data`, whichever of the three ends they have.
void append_data_lines(std::string& out, std::string_view data) {
  for (;;) {
    const size_t end = data.find_first_of("\r\n");
    out.append("data: ").append(data.substr(0, end)).append("\n");
    if (end == std::string_view::npos) return;
    data.remove_prefix(end + (data.substr(end, 2) == "\r\n" ? 2 : 1));
  }
}

std::string wire_text(const Event& event) {
  std::string out;
  if (event.id) out.append("id: ").append(std::to_string(*event.id)).append("\n");
  out.append("event: ").append(event.name.text()).append("\n");
  append_data_lines(out, event.data);
  return out.append("\n");
}

}  // namespace

EventStream::Sent EventStream::send(const Event& event) {
  const std::string text = wire_text(event);
  const std::lock_guard lock(mutex_);
  if (!is_open_) return Sent::closed;
  if (events_ == limits_.max_waiting_events ||
      bytes_.size() + text.size() > limits_.max_waiting_bytes) {
    is_open_ = false;
    is_dropped_ = true;
    std::exchange(bytes_, {});
  } else {
    bytes_ += text;
    ++events_;
  }
  if (wake_) wake_();
  return is_open_ ? Sent::waiting : Sent::closed;
}

void EventStream::close() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(is_open_, false) && wake_) wake_();
}

bool EventStream::is_open() const {
  const std::lock_guard lock(mutex_);
  return is_open_;
}

bool EventStream::is_dropped() const {
  const std::lock_guard lock(mutex_);
  return is_dropped_;
}

void EventStream::attach(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

EventStream::Waiting EventStream::take() {
  const std::lock_guard lock(mutex_);
  events_ = 0;
  return {std::exchange(bytes_, {}), !is_open_};
}

void EventStream::detach() {
  const std::lock_guard lock(mutex_);
  is_open_ = false;
  wake_ = nullptr;
}

}  // namespace safelight::serve
