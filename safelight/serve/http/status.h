#pragma once

#include <cstdint>
#include <string_view>

namespace safelight::serve {

/// The status codes in use (RFC 9110 section 15, RFC 6585).
enum class Status : uint16_t {
  ok = 200,
  created = 201,
  accepted = 202,
  no_content = 204,
  see_other = 303,
  not_modified = 304,
  bad_request = 400,
  unauthorised = 401,
  forbidden = 403,
  not_found = 404,
  method_not_allowed = 405,
  not_acceptable = 406,
  request_timeout = 408,
  conflict = 409,
  gone = 410,
  length_required = 411,
  precondition_failed = 412,
  content_too_large = 413,
  uri_too_long = 414,
  unsupported_media_type = 415,
  expectation_failed = 417,
  misdirected_request = 421,
  unprocessable_content = 422,
  locked = 423,
  precondition_required = 428,
  too_many_requests = 429,
  header_fields_too_large = 431,
  internal_server_error = 500,
  not_implemented = 501,
  bad_gateway = 502,
  service_unavailable = 503,
  http_version_not_supported = 505,
  insufficient_storage = 507,
};

/// The reason phrase, such as "Not Found".
std::string_view to_text(Status status);

/// Whether a response of this status has no content whatever its handler gave (RFC 9110 section
/// 6.4.1).
constexpr bool is_without_content(Status status) {
  return status == Status::no_content || status == Status::not_modified;
}

}  // namespace safelight::serve
