#include "apps/safelight/examine_path.h"

#include <fcntl.h>
#include <filesystem>

#include "apps/safelight/session.h"

namespace safelight::app {

NamedFile open_named(const std::string& path) {
  std::error_code failed;
  auto resolved = std::filesystem::canonical(path, failed);
  if (failed) throw UsageError(path + ": there is no such file");
  auto source = FileSource::open(AT_FDCWD, resolved.c_str());
  if (!source) throw UsageError(path + ": " + to_sentence(source.error()));
  return {std::move(resolved), std::move(*source)};
}

Result<ExaminedFile> examine_path(scan::Examiner& examiner, const std::string& path,
                                  const scan::Asked& asked) {
  std::error_code failed;
  const auto resolved = std::filesystem::canonical(path, failed);
  if (failed) return Error{ErrorCode::not_found, "file.open"};
  SAFELIGHT_TRY(const auto file, FileSource::open(AT_FDCWD, resolved.c_str()));
  ExaminedFile examined;
  SAFELIGHT_TRY(examined.digested, examiner.digest(file));
  examined.contents = examiner.examine(file, examined.digested, asked,
                                       [](const casefile::ContentKey&) { return nullptr; });
  SAFELIGHT_CHECK(file.check_unchanged());
  return examined;
}

}  // namespace safelight::app
