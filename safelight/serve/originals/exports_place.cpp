#include "safelight/serve/originals/exports_place.h"

#include <system_error>

#include "safelight/casefile/reader.h"

namespace safelight::serve {
namespace {

/// Absolute, without links as far as it is there.
std::filesystem::path resolved(const std::filesystem::path& path) {
  std::error_code failed;
  auto out = std::filesystem::weakly_canonical(path, failed);
  if (failed) out = std::filesystem::absolute(path).lexically_normal();
  return out.has_filename() ? out : out.parent_path();
}

/// Whether `inner` is `outer` or lies within, by name or by what the system says of what is there.
bool is_within(const std::filesystem::path& inner, const std::filesystem::path& outer) {
  const auto wanted = resolved(outer);
  for (auto at = resolved(inner);; at = at.parent_path()) {
    std::error_code failed;  // Of one that is not there.
    if (at == wanted || std::filesystem::equivalent(at, outer, failed)) return true;
    if (at == at.parent_path()) return false;
  }
}

}  // namespace

std::vector<OtherPlace> evidence_of(const std::string& case_name,
                                    const std::filesystem::path& case_directory) {
  std::vector<OtherPlace> out;
  std::error_code none;
  if (!std::filesystem::exists(case_directory, none)) return out;
  for (const auto& source : casefile::Reader::open(case_directory).sources()) {
    std::error_code failed;
    const std::filesystem::path path = source.description.given_path;
    if (!std::filesystem::is_directory(path, failed)) continue;
    out.push_back({"the evidence " + source.source_id + " of the case " + case_name, path,
                   OtherPlace::Kind::evidence});
  }
  return out;
}

std::string exports_problem(const std::filesystem::path& exports,
                            std::span<const OtherPlace> places) {
  const auto within = [](const std::string& inner, const std::filesystem::path& inner_path,
                         const std::string& outer, const std::filesystem::path& outer_path) {
    return inner + ", " + inner_path.string() + ", lies within " + outer + ", " +
           outer_path.string();
  };
  const std::string ours = "the folder for originals";
  for (const OtherPlace& place : places) {
    if (is_within(exports, place.path)) return within(ours, exports, place.what, place.path);
    if (place.kind == OtherPlace::Kind::kept && is_within(place.path, exports)) {
      return within(place.what, place.path, ours, exports);
    }
  }
  return "";
}

}  // namespace safelight::serve
