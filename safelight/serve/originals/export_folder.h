#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "safelight/base/result.h"
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
/// 0600, on the disk when the call returns.
class ExportFolder {
 public:
  /// Makes the folder, and those above it. Throws Fault; also where anything of that name is there.
  explicit ExportFolder(std::filesystem::path folder);

  /// Copies the bytes of an item that was opened, and compares their digest once more as they are
  /// copied. `on_record` is called before the file has its name. Errors: changed,
  /// "original.digest", and nothing is written; those of reading. Throws Fault where the disk
  /// fails, and whatever `on_record` throws.
  [[nodiscard]] Result<ExportedOriginal> write(
      const scan::OpenedItem& opened,
      const std::function<void(const ExportedOriginal&)>& on_record);

  void write_manifest(std::string_view text);
  [[nodiscard]] const std::filesystem::path& path() const { return folder_; }

  static constexpr const char* kManifestName = "manifest.json";

 private:
  const std::filesystem::path folder_;
};

}  // namespace safelight::serve
