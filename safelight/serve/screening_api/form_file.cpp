#include "safelight/serve/screening_api/form_file.h"

#include <algorithm>
#include <optional>
#include <string>

namespace safelight::serve {
namespace {

constexpr std::string_view kMediaType = "multipart/form-data";
constexpr size_t kMaxBoundaryBytes = 70;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool starts_with_in_any_case(std::string_view text, std::string_view with) {
  return text.size() >= with.size() && std::equal(with.begin(), with.end(), text.begin(),
                                                  [](char a, char b) { return a == lower(b); });
}

/// The value of `name` among parameters such as `; name="photo"; filename="a;b"`. Quoted values end
/// at the next quote; what is escaped within them is not taken apart.
std::optional<std::string_view> parameter(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    if (text.front() != ';') return std::nullopt;
    text.remove_prefix(1);
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string_view key = text.substr(0, equals);
    text.remove_prefix(equals + 1);
    const bool is_quoted = text.starts_with('"');
    if (is_quoted) text.remove_prefix(1);
    const size_t end = is_quoted ? text.find('"') : std::min(text.find(';'), text.size());
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view value = text.substr(0, end);
    text.remove_prefix(end + (is_quoted ? 1 : 0));
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    if (key.size() == name.size() && starts_with_in_any_case(key, name)) return value;
  }
  return std::nullopt;
}

std::optional<std::string_view> field_name(std::string_view head) {
  constexpr std::string_view kDisposition = "content-disposition:";
  while (!head.empty()) {
    const size_t end = std::min(head.find("\r\n"), head.size());
    std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    if (!starts_with_in_any_case(line, kDisposition)) continue;
    line.remove_prefix(kDisposition.size());
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (!starts_with_in_any_case(line, "form-data")) return std::nullopt;
    line.remove_prefix(std::string_view("form-data").size());
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    return parameter(line, "name");
  }
  return std::nullopt;
}

}  // namespace

Result<FormFile> file_of_form(std::string_view content_type, std::span<const std::byte> body) {
  if (!starts_with_in_any_case(content_type, kMediaType)) {
    return Error{ErrorCode::unsupported, "form.type"};
  }
  const auto boundary = parameter(content_type.substr(kMediaType.size()), "boundary");
  if (!boundary || boundary->empty() || boundary->size() > kMaxBoundaryBytes) {
    return Error{ErrorCode::malformed, "form.boundary"};
  }
  const std::string_view text(reinterpret_cast<const char*>(body.data()), body.size());
  const std::string opening = "--" + std::string(*boundary) + "\r\n";
  if (!text.starts_with(opening)) return Error::at(ErrorCode::malformed, "form.part", 0);
  const std::string_view part = text.substr(opening.size());
  const size_t head_end = part.substr(0, kMaxPartHeadBytes).find("\r\n\r\n");
  if (head_end == std::string_view::npos) {
    if (part.size() >= kMaxPartHeadBytes) {
      return Error::at(ErrorCode::limit_exceeded, "form.head", opening.size());
    }
    return Error::at(ErrorCode::truncated, "form.end", text.size());
  }
  const auto name = field_name(part.substr(0, head_end));
  if (!name) return Error::at(ErrorCode::malformed, "form.name", opening.size());
  const size_t begin = opening.size() + head_end + 4;
  const size_t end = text.find("\r\n--" + std::string(*boundary), begin);
  if (end == std::string_view::npos) {
    return Error::at(ErrorCode::truncated, "form.end", text.size());
  }
  const size_t after = end + 4 + boundary->size();
  const std::string_view rest = text.substr(after);
  if (rest.size() < 2) return Error::at(ErrorCode::truncated, "form.end", text.size());
  if (rest.starts_with("\r\n")) return Error::at(ErrorCode::malformed, "form.parts", after);
  if (rest != "--" && rest != "--\r\n") return Error::at(ErrorCode::malformed, "form.part", after);
  return FormFile{*name, body.subspan(begin, end - begin)};
}

}  // namespace safelight::serve
