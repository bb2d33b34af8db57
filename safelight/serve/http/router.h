#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "safelight/serve/http/method.h"
#include "safelight/serve/http/named_texts.h"
#include "safelight/serve/http/request.h"
#include "safelight/serve/http/response.h"

namespace safelight::serve {

/// Answers a request, on a thread of the worker pool, several at once. May take the request apart.
/// A Fault or any other exception becomes a 500 that says nothing.
using Handler = std::function<Response(Request&)>;

/// Says before the body of a request is read whether it may come: a refusal ends the connection, so
/// that nobody sends much who may not. The request has no body yet, and its handler is asked later
/// all the same. Runs as a handler of the class 0 does.
using BodyGate = std::function<std::optional<Response>(const Request&)>;

/// What the routes of one class may ask for, all of them together but for the body.
struct RouteLimits {
  uint64_t max_body_bytes = 64 << 10;  ///< Of one request.
  uint32_t max_running = 64;           ///< Handlers at once; those of the worker pool if fewer.
  uint32_t max_waiting = 256;          ///< Requests that wait for one: more are answered 429.
  /// All bodies of the class, of those of the server (HttpLimits::max_bodies_bytes), so that they
  /// leave some to other classes: 429.
  uint64_t max_bodies_bytes = std::numeric_limits<uint64_t>::max();
};

/// Names a class of one router.
struct RouteClass {
  size_t index = 0;
};

struct Route {
  Method method;
  std::string pattern;
  Handler handler;
  RouteClass route_class;
  BodyGate gate;  ///< None where every body may come.
};

/// Which handler answers which method and path. Built once, then only read, from many threads.
class Router {
 public:
  /// Adds a class of limits. Class 0 is there from the start, with the defaults.
  RouteClass add_class(const RouteLimits& limits);
  /// Adds a route. A pattern is a path whose segments are literal or `{name}`, which stands for any
  /// one segment; "/" is the path without any. Of two patterns that fit, the one that is literal
  /// where they first differ is taken. A GET handler answers HEAD, too. The same pattern and method
  /// twice is a mistake of the program, and asserted.
  Router& add(Method method, std::string_view pattern, Handler handler, RouteClass route_class = {},
              BodyGate gate = {});

  struct Found {
    size_t route = 0;  ///< Its place in routes().
    NamedTexts parameters;
  };
  struct NotFound {};
  struct MethodNotAllowed {
    std::string allow;  ///< The value of the header Allow.
  };
  using Match = std::variant<Found, NotFound, MethodNotAllowed>;
  [[nodiscard]] Match match(Method method, std::span<const std::string> segments) const;

  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }
  [[nodiscard]] const std::vector<RouteLimits>& classes() const { return classes_; }

 private:
  struct Segment {
    enum class Kind : uint8_t { literal, parameter } kind = Kind::literal;
    std::string text;
    friend auto operator<=>(const Segment&, const Segment&) = default;
  };
  struct Path {
    std::vector<Segment> segments;
    std::vector<size_t> routes;
  };

  std::vector<Route> routes_;
  std::vector<RouteLimits> classes_{1};
  std::vector<Path> paths_;  ///< Sorted, so that a literal comes before a parameter.
};

}  // namespace safelight::serve
