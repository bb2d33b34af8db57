#include "safelight/serve/http/router.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace safelight::serve {

RouteClass Router::add_class(const RouteLimits& limits) {
  classes_.push_back(limits);
  return {classes_.size() - 1};
}

Router& Router::add(Method method, std::string_view pattern, Handler handler,
                    RouteClass route_class, BodyGate gate) {
  assert(pattern.starts_with('/') && route_class.index < classes_.size());
  std::vector<Segment> segments;
  for (std::string_view rest = pattern; rest.size() > 1;) {
    rest.remove_prefix(1);
    const std::string_view text = rest.substr(0, rest.find('/'));
    const bool is_parameter = text.starts_with('{') && text.ends_with('}');
    if (is_parameter) {
      segments.push_back({Segment::Kind::parameter, std::string(text.substr(1, text.size() - 2))});
    } else {
      segments.push_back({Segment::Kind::literal, std::string(text)});
    }
    rest.remove_prefix(text.size());
  }
  auto path = std::ranges::lower_bound(paths_, segments, {}, &Path::segments);
  if (path == paths_.end() || path->segments != segments) {
    path = paths_.insert(path, {std::move(segments), {}});
  }
  assert(std::ranges::none_of(path->routes,
                              [&](size_t route) { return routes_[route].method == method; }));
  path->routes.push_back(routes_.size());
  routes_.push_back(
      {method, std::string(pattern), std::move(handler), route_class, std::move(gate)});
  return *this;
}

Router::Match Router::match(Method method, std::span<const std::string> segments) const {
  const auto fits = [](const Segment& segment, const std::string& text) {
    return segment.kind == Segment::Kind::parameter || segment.text == text;
  };
  const auto path = std::ranges::find_if(paths_, [&](const Path& candidate) {
    return std::ranges::equal(candidate.segments, segments, fits);
  });
  if (path == paths_.end()) return NotFound{};

  const auto route_of = [&](Method wanted) -> const size_t* {
    const auto found = std::ranges::find_if(
        path->routes, [&](size_t route) { return routes_[route].method == wanted; });
    return found == path->routes.end() ? nullptr : &*found;
  };
  const size_t* route = route_of(method);
  if (route == nullptr && method == Method::head) route = route_of(Method::get);
  if (route == nullptr) {
    std::string allow;
    for (const size_t other : path->routes) {
      if (!allow.empty()) allow += ", ";
      allow += to_text(routes_[other].method);
      if (routes_[other].method == Method::get && route_of(Method::head) == nullptr) {
        allow += ", HEAD";
      }
    }
    return MethodNotAllowed{std::move(allow)};
  }
  Found found{*route, {}};
  for (size_t i = 0; i < segments.size(); ++i) {
    const Segment& segment = path->segments[i];
    if (segment.kind == Segment::Kind::parameter) found.parameters.add(segment.text, segments[i]);
  }
  return found;
}

}  // namespace safelight::serve
