#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "safelight/audit/merkle_tree.h"
#include "safelight/casefile/case_info.h"
#include "safelight/serve/originals/export_folder.h"
#include "safelight/serve/reports/signed_text.h"

namespace safelight::serve {

/// What was exported of a case, and what was not: docs/formats/originals.md.
struct OriginalsManifest {
  std::string case_id;
  casefile::CaseInfo info;
  int64_t approval = 0;
  std::string asked_by;
  std::string approved_by;
  std::string reason;
  int64_t written_ns = 0;
  std::string tool_version;
  audit::TreeHead head;  ///< Of the case's audit log when all of it was on record.
  struct Written {
    ItemId item;
    std::string path;
    ExportedOriginal original;
  };
  std::vector<Written> originals;
  struct Missing {
    ItemId item;
    std::string path;
    Error error;
  };
  std::vector<Missing> missing;
};

/// A thousand items, each in containers as deep as Limits has them, of names as long, whose bytes
/// are none of UTF-8 and take five characters.
inline constexpr size_t kMaxManifestBytes = 256 << 20;

inline constexpr SignedKind kSignedManifest{"manifest",        "safelight originals 1\n",
                                            kMaxManifestBytes, "originals.json",
                                            "originals.key",   "originals.signature"};

/// One JSON object.
std::string to_json(const OriginalsManifest& manifest);

}  // namespace safelight::serve
