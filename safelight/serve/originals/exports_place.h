#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace safelight::serve {

/// A place that originals are kept apart from.
struct OtherPlace {
  std::string what;  ///< Such as "the case 2026-17".
  std::filesystem::path path;
  /// Evidence may lie within the folder for originals: what was exported can be examined anew.
  enum class Kind : uint8_t { evidence, kept } kind = Kind::kept;
};

/// The evidence of a case that is there now: where each source was, as the case has it; none of a
/// case that is not there yet. Throws Fault where it cannot be read.
std::vector<OtherPlace> evidence_of(const std::string& case_name,
                                    const std::filesystem::path& case_directory);

/// Why originals must not be written below `exports`: it lies within one of the places, or one that
/// is no evidence lies within it, whichever names and links lead there. "" where they are apart.
std::string exports_problem(const std::filesystem::path& exports,
                            std::span<const OtherPlace> places);

}  // namespace safelight::serve
