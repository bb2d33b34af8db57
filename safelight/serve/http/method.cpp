#include "safelight/serve/http/method.h"

#include <array>
#include <utility>

namespace safelight::serve {
namespace {

constexpr std::array<std::pair<Method, std::string_view>, 7> kMethods{
    {{Method::get, "GET"},
     {Method::head, "HEAD"},
     {Method::post, "POST"},
     {Method::put, "PUT"},
     {Method::patch, "PATCH"},
     {Method::del, "DELETE"},
     {Method::options, "OPTIONS"}}};

}  // namespace

std::string_view to_text(Method method) {
  for (const auto& [known, text] : kMethods) {
    if (known == method) return text;
  }
  return "";
}

std::optional<Method> method_from_text(std::string_view text) {
  for (const auto& [method, known] : kMethods) {
    if (known == text) return method;
  }
  return std::nullopt;
}

}  // namespace safelight::serve
