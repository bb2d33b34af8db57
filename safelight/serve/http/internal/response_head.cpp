#include "safelight/serve/http/internal/response_head.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "safelight/serve/http/internal/tokens.h"

namespace safelight::serve {
namespace {

constexpr std::string_view kStrictTransport = "strict-transport-security: max-age=31536000\r\n";
constexpr std::array<std::string_view, 6> kOwnHeaders{
    "connection", "content-length", "date", "server", "cache-control", "transfer-encoding"};

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

bool can_be_sent(const NamedText& header) {
  return is_token(header.name) &&
         std::ranges::none_of(header.name, [](char c) { return c >= 'A' && c <= 'Z'; }) &&
         std::ranges::all_of(header.value, is_value_character) &&
         std::ranges::find(kOwnHeaders, header.name) == kOwnHeaders.end();
}

/// RFC 9110 section 5.6.7, in English whatever the locale.
std::string date_text(int64_t now_ns) {
  static constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed",
                                                    "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr int64_t kNsPerSecond = 1'000'000'000;
  const auto seconds = static_cast<time_t>(now_ns / kNsPerSecond);
  tm utc{};
  ::gmtime_r(&seconds, &utc);
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT",
                kDays[static_cast<size_t>(utc.tm_wday)], utc.tm_mday,
                kMonths[static_cast<size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour,
                utc.tm_min, utc.tm_sec);
  return text;
}

}  // namespace

ResponseHeads::ResponseHeads(std::string_view content_security_policy) {
  append_header(security_headers_, "content-security-policy", content_security_policy);
  append_header(security_headers_, "x-content-type-options", "nosniff");
  append_header(security_headers_, "referrer-policy", "no-referrer");
  append_header(security_headers_, "cross-origin-opener-policy", "same-origin");
  append_header(security_headers_, "cross-origin-resource-policy", "same-origin");
  append_header(security_headers_, "cross-origin-embedder-policy", "require-corp");
}

std::optional<std::string> ResponseHeads::head(const Response& response, Transport transport,
                                               Persistence persistence, int64_t now_ns) const {
  if (!std::ranges::all_of(response.headers(), can_be_sent)) return std::nullopt;
  std::string out = "HTTP/1.1 ";
  out.append(std::to_string(static_cast<unsigned>(response.status())));
  out.append(" ").append(to_text(response.status())).append("\r\n");
  append_header(out, "date", date_text(now_ns));
  const bool is_stream = std::holds_alternative<std::shared_ptr<EventStream>>(response.content());
  if (!is_stream && !is_without_content(response.status())) {
    append_header(out, "content-length", std::to_string(response.content_bytes().size()));
  }
  if (persistence == Persistence::close) append_header(out, "connection", "close");
  append_header(out, "cache-control",
                response.caching() == Caching::immutable ? "public, max-age=31536000, immutable"
                                                         : "no-store");
  for (const auto& [name, value] : response.headers()) append_header(out, name, value);
  out.append(security_headers_);
  if (transport == Transport::tls) out.append(kStrictTransport);
  return out.append("\r\n");
}

}  // namespace safelight::serve
