#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/bytes/file.h"
#include "safelight/evidence/origin.h"
#include "safelight/hash/digests.h"
#include "safelight/scan/open_item.h"

namespace safelight::serve {

/// An original that was written.
struct ExportedOriginal {
  Sha256 sha256;  ///< Of its bytes, and its file's name.
  uint64_t bytes = 0;
  std::optional<uint32_t>
      still;  ///< Which still of the file the item is, where it is one of several.
};

/// A folder that originals are written to, mode 0700, each in a file named by its SHA-256, mode
/// 0600, on the disk when the call returns. Until all is there its name ends in kUnfinished.
class ExportFolder {
 public:
  /// Makes the folder, and those above it. Throws Fault; also where anything of either name is
  /// there.
  explicit ExportFolder(std::filesystem::path folder);

  /// Copies the bytes of an item that was opened, and compares their digest once more as they are
  /// copied. `on_record` is called before the file has its name. Errors: changed,
  /// "original.digest", and timed_out, "original.stopped", and nothing is written; those of
  /// reading. Throws Fault where the disk fails, and whatever `on_record` throws.
  [[nodiscard]] Result<ExportedOriginal> write(
      const scan::OpenedItem& opened, const std::function<void(const ExportedOriginal&)>& on_record,
      const std::stop_token& stop = {});

  void write_manifest(std::string_view text);
  /// Gives the folder its own name, now that all is in it. Throws Fault, and it stays unfinished.
  void finish();

  /// Once it is finished.
  [[nodiscard]] const std::filesystem::path& path() const { return folder_; }
  /// Until then.
  [[nodiscard]] const std::filesystem::path& unfinished_path() const { return unfinished_; }

  static constexpr const char* kManifestName = "manifest.json";
  static constexpr std::string_view kUnfinished = ".unfinished";

 private:
  const std::filesystem::path folder_;
  const std::filesystem::path unfinished_;
  Descriptor above_;  ///< The folder that it lies in.
};

}  // namespace safelight::serve
