#include "safelight/serve/http/response.h"

#include <utility>

#include "safelight/base/json_writer.h"

namespace safelight::serve {
namespace {

Status status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::truncated:
    case ErrorCode::malformed:
      return Status::bad_request;
    case ErrorCode::unsupported:
    case ErrorCode::encrypted:
    case ErrorCode::integrity_mismatch:
      return Status::unprocessable_content;
    case ErrorCode::limit_exceeded:
      return Status::content_too_large;
    case ErrorCode::changed:
      return Status::conflict;
    case ErrorCode::not_found:
      return Status::not_found;
    case ErrorCode::unreadable:
    case ErrorCode::timed_out:
    case ErrorCode::worker_crashed:
      return Status::internal_server_error;
  }
  return Status::internal_server_error;
}

}  // namespace

Response::Response(Status status, std::string_view content_type, Content content)
    : status_(status), content_(std::move(content)) {
  headers_.push_back({"content-type", std::string(content_type)});
}

Response Response::bytes(Status status, std::string_view content_type, std::string bytes) {
  return {status, content_type, std::move(bytes)};
}

Response Response::blob(Status status, std::string_view content_type, Blob blob) {
  return {status, content_type, std::move(blob)};
}

Response Response::json(Status status, std::string text) {
  return {status, "application/json", std::move(text)};
}

Response Response::events(std::shared_ptr<EventStream> stream) {
  return {Status::ok, "text/event-stream", std::move(stream)};
}

Response Response::problem(Status status, StaticText code, StaticText detail) {
  std::string text;
  JsonWriter json(text);
  json.begin_object()
      .field("type", "about:blank")
      .field("title", to_text(status))
      .field("status", static_cast<uint16_t>(status))
      .field("code", code.text());
  if (!detail.text().empty()) json.field("detail", detail.text());
  json.end_object();
  return {status, "application/problem+json", std::move(text)};
}

Response Response::problem(const Error& error) {
  return problem(status_of(error.code), StaticText(error));
}

Response& Response::header(StaticText name, std::string value) & {
  headers_.push_back({std::string(name.text()), std::move(value)});
  return *this;
}

Response&& Response::header(StaticText name, std::string value) && {
  return std::move(header(name, std::move(value)));
}

Response& Response::caching(Caching caching) & {
  caching_ = caching;
  return *this;
}

Response&& Response::caching(Caching caching) && {
  caching_ = caching;
  return std::move(*this);
}

Response& Response::padded(std::chrono::milliseconds bucket) & {
  bucket_ = bucket;
  return *this;
}

Response&& Response::padded(std::chrono::milliseconds bucket) && {
  return std::move(padded(bucket));
}

std::span<const std::byte> Response::content_bytes() const {
  if (const auto* bytes = std::get_if<std::string>(&content_)) {
    return std::as_bytes(std::span(*bytes));
  }
  if (const auto* blob = std::get_if<Blob>(&content_)) return blob->bytes;
  return {};
}

}  // namespace safelight::serve
