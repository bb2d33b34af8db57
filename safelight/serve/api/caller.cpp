#include "safelight/serve/api/caller.h"

#include "safelight/serve/accounts/secrets/token.h"

namespace safelight::serve {
namespace {

bool changes_something(Method method) { return method != Method::get && method != Method::head; }

/// Whether a browser says that the request comes from a page of ours, or nothing of it. Source:
/// Fetch Metadata Request Headers, section 2.4.
bool is_from_here(const Request& request) {
  const auto site = request.headers.find("sec-fetch-site");
  return !site || *site == "same-origin" || *site == "none";
}

bool has_type(const Request& request, std::string_view wanted) {
  const auto type = request.headers.find("content-type");
  return type && type->starts_with(wanted) &&
         (type->size() == wanted.size() || (*type)[wanted.size()] == ';');
}

}  // namespace

std::string cookie_name(const Request& request) {
  if (request.peer.transport == Transport::tls) return "__Host-safelight";
  const std::string_view host = request.headers.find("host").value_or("");
  const size_t colon = host.rfind(':');
  const bool has_port = colon != std::string_view::npos && host.find(']', colon) == host.npos;
  return "safelight-" + std::string(has_port ? host.substr(colon + 1) : "80");
}

std::string session_cookie(const Request& request, std::string_view token) {
  std::string out = cookie_name(request) + "=" + std::string(token);
  out += "; Path=/; HttpOnly; SameSite=Strict";
  if (request.peer.transport == Transport::tls) out += "; Secure";
  if (token.empty()) out += "; Max-Age=0";
  return out;
}

std::variant<Caller, Response> admit(const Request& request, const Access& access,
                                     Sessions& sessions, std::string_view body_type) {
  Caller caller;
  if (const auto token = request.cookies.find(cookie_name(request))) {
    caller.session = sessions.find(*token);
    if (caller.session) caller.token = *token;
  }
  const bool is_open = caller.session && caller.session->stage == SessionStage::open;
  if (access.kind == Access::Kind::second_factor
          ? !caller.session
          : access.kind != Access::Kind::anyone && !is_open) {
    return Response::problem(Status::unauthorised, "no-session", "Nobody is logged in.");
  }
  if (changes_something(request.method)) {
    const auto given = request.headers.find("x-safelight-csrf").value_or("");
    const bool is_ours = caller.session && access.kind != Access::Kind::anyone
                             ? csrf_matches(caller.token, given)
                             : is_from_here(request);
    if (!is_ours) {
      return Response::problem(Status::forbidden, "wrong-csrf",
                               "The request does not come from a page of this server.");
    }
    if (request.body.size_bytes() != 0 && !has_type(request, body_type)) {
      if (body_type == "application/json") {
        return Response::problem(Status::unsupported_media_type, "not-json",
                                 "The body of this request is JSON, as application/json.");
      }
      return Response::problem(Status::unsupported_media_type, "wrong-type",
                               "The body of this request is of another media type.");
    }
  }
  if (access.kind == Access::Kind::permission && !caller.may_any(access.any_of)) {
    return Response::problem(Status::forbidden, "not-permitted",
                             "Your role does not include this.");
  }
  return caller;
}

}  // namespace safelight::serve
