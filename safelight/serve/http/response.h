#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "safelight/base/error.h"
#include "safelight/serve/http/event_stream.h"
#include "safelight/serve/http/named_texts.h"
#include "safelight/serve/http/static_text.h"
#include "safelight/serve/http/status.h"

namespace safelight::serve {

/// Bytes that many responses share and nobody changes, with what keeps them alive (nothing, where
/// they stand in the program itself).
struct Blob {
  std::shared_ptr<const void> owner;
  std::span<const std::byte> bytes;
};

/// Whether a client may keep a response. `immutable` is for assets whose name changes with their
/// content; everything else is asked for each time and stored nowhere.
enum class Caching : uint8_t { no_store, immutable };

/// What a handler answers. The server adds the headers of security, length and date.
class Response {
 public:
  using Content = std::variant<std::string, Blob, std::shared_ptr<EventStream>>;

  static Response empty(Status status = Status::no_content) { return Response(status); }
  static Response bytes(Status status, std::string_view content_type, std::string bytes);
  static Response blob(Status status, std::string_view content_type, Blob blob);
  /// `text` is one JSON value, as JsonWriter writes it.
  static Response json(Status status, std::string text);
  static Response events(std::shared_ptr<EventStream> stream);
  /// A problem of RFC 9457: a stable code for programs, a detail for people.
  static Response problem(Status status, StaticText code, StaticText detail = "");
  /// The problem that an input had: the status follows from the error's code, and the rule is the
  /// code. An `unreadable` and what else is not the client's doing is a 500.
  static Response problem(const Error& error);

  /// Adds a header; the name in lower case. A value that HTTP cannot carry makes the server answer
  /// 500 instead.
  Response& header(StaticText name, std::string value) &;
  Response&& header(StaticText name, std::string value) &&;
  Response& caching(Caching caching) &;
  Response&& caching(Caching caching) &&;

  /// Holds the answer back, and no thread with it, until a whole number of `bucket`s, and at least
  /// one, has passed since the request was there as a whole: what a handler did shows no finer. Not
  /// for events.
  Response& padded(std::chrono::milliseconds bucket) &;
  Response&& padded(std::chrono::milliseconds bucket) &&;

  [[nodiscard]] Status status() const { return status_; }
  [[nodiscard]] const std::vector<NamedText>& headers() const { return headers_; }
  [[nodiscard]] Caching caching() const { return caching_; }
  /// 0 where it is not held back.
  [[nodiscard]] std::chrono::milliseconds bucket() const { return bucket_; }
  [[nodiscard]] const Content& content() const { return content_; }
  /// The content's bytes; none for an event stream.
  [[nodiscard]] std::span<const std::byte> content_bytes() const;

 private:
  explicit Response(Status status) : status_(status) {}
  Response(Status status, std::string_view content_type, Content content);

  Status status_;
  std::vector<NamedText> headers_;
  Caching caching_ = Caching::no_store;
  std::chrono::milliseconds bucket_{0};
  Content content_;
};

}  // namespace safelight::serve
