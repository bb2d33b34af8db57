#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "safelight/bytes/file.h"
#include "safelight/scan/examiner.h"

namespace safelight::app {

/// A file named on the command line, opened.
struct NamedFile {
  std::filesystem::path path;  ///< Links resolved.
  FileSource source;
};

/// Opens a file that a command cannot do without. Throws UsageError.
NamedFile open_named(const std::string& path);

/// A file named on the command line, opened and examined.
struct ExaminedFile {
  scan::DigestedFile digested;
  scan::ExaminedContents contents;  ///< Its further stills, and last the file itself.

  [[nodiscard]] const casefile::ExaminedContent& main() const { return contents.back(); }
};

/// Opens a file that the user named (links in its path are followed) and digests and examines it.
/// An archive is digested, not expanded. Errors: not_found, unreadable, unsupported (no file),
/// changed.
Result<ExaminedFile> examine_path(scan::Examiner& examiner, const std::string& path,
                                  const scan::Asked& asked);

}  // namespace safelight::app
