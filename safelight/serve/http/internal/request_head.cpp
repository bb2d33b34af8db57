#include "safelight/serve/http/internal/request_head.h"

#include <algorithm>
#include <charconv>

#include "safelight/serve/http/internal/tokens.h"

namespace safelight::serve {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

Error malformed(std::string_view rule, size_t offset_bytes) {
  return Error::at(ErrorCode::malformed, rule, offset_bytes);
}

Result<void> parse_request_line(std::string_view line, const HttpLimits& limits,
                                RequestHead& head) {
  const size_t method_end = line.find(' ');
  if (method_end == std::string_view::npos || !is_token(line.substr(0, method_end))) {
    return malformed("http.request-line", 0);
  }
  head.method = method_from_text(line.substr(0, method_end));
  const size_t target_begin = method_end + 1;
  const size_t target_end = line.find(' ', target_begin);
  if (target_end == std::string_view::npos || target_end == target_begin) {
    return malformed("http.request-line", target_begin);
  }
  if (target_end - target_begin > limits.max_target_bytes) {
    return Error::at(ErrorCode::limit_exceeded, "http.target-bytes", target_begin);
  }
  head.target = line.substr(target_begin, target_end - target_begin);
  const std::string_view version = line.substr(target_end + 1);
  constexpr std::string_view kProtocol = "HTTP/";
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (version.size() != kProtocol.size() + 3 || !version.starts_with(kProtocol) ||
      !is_digit(version[5]) || version[6] != '.' || !is_digit(version[7])) {
    return malformed("http.request-line", target_end + 1);
  }
  head.is_http_1_1 = version.ends_with("1.1");
  return {};
}

Result<void> parse_header(std::string_view line, size_t offset_bytes, const HttpLimits& limits,
                          NamedTexts& headers) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    return malformed("http.header-name", offset_bytes);
  }
  const std::string_view value = line.substr(colon + 1);
  const auto bad = std::ranges::find_if_not(value, is_value_character);
  if (bad != value.end()) {
    return malformed("http.header-value",
                     offset_bytes + colon + 1 + static_cast<size_t>(bad - value.begin()));
  }
  if (headers.entries().size() == limits.max_headers) {
    return Error::at(ErrorCode::limit_exceeded, "http.headers", offset_bytes);
  }
  if (!headers.add(lower_case(line.substr(0, colon)), std::string(trimmed(value)))) {
    return malformed("http.header-repeated", offset_bytes);
  }
  return {};
}

Result<void> read_framing(RequestHead& head, size_t end_bytes) {
  const auto length = head.headers.find("content-length");
  const auto coding = head.headers.find("transfer-encoding");
  if (length && coding) return malformed("http.framing", end_bytes);
  if (length) {
    const char* end = length->data() + length->size();
    const auto [stop, error] = std::from_chars(length->data(), end, head.content_length);
    if (error != std::errc() || stop != end) return malformed("http.content-length", end_bytes);
  }
  if (coding) {
    if (lower_case(*coding) != "chunked") {
      return Error::at(ErrorCode::unsupported, "http.transfer-encoding", end_bytes);
    }
    head.is_chunked = true;
  }
  return {};
}

bool asks_to_close(std::string_view connection) {
  for (size_t begin = 0; begin <= connection.size();) {
    const size_t end = std::min(connection.find(',', begin), connection.size());
    if (lower_case(trimmed(connection.substr(begin, end - begin))) == "close") return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace

std::optional<size_t> find_head(std::string_view text, size_t searched) {
  const size_t from = searched < kHeadEnd.size() ? 0 : searched - (kHeadEnd.size() - 1);
  const size_t end = text.find(kHeadEnd, from);
  if (end == std::string_view::npos) return std::nullopt;
  return end + kHeadEnd.size();
}

Result<RequestHead> parse_request_head(std::string_view text, const HttpLimits& limits) {
  RequestHead head;
  const size_t line_end = std::min(text.find(kLineEnd), text.size());
  SAFELIGHT_CHECK(parse_request_line(text.substr(0, line_end), limits, head));
  size_t begin = line_end + kLineEnd.size();
  for (;;) {
    const size_t end = text.find(kLineEnd, begin);
    if (end == std::string_view::npos) return malformed("http.head-end", text.size());
    if (end == begin) break;
    SAFELIGHT_CHECK(parse_header(text.substr(begin, end - begin), begin, limits, head.headers));
    begin = end + kLineEnd.size();
  }
  SAFELIGHT_CHECK(read_framing(head, begin));
  head.is_last = asks_to_close(head.headers.find("connection").value_or(""));
  return head;
}

}  // namespace safelight::serve
