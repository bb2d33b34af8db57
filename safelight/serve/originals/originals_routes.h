#pragma once

#include <filesystem>
#include <functional>

#include "safelight/scan/open_item.h"
#include "safelight/serve/approvals/approvals.h"
#include "safelight/serve/screening/examiner_pool.h"

namespace safelight::serve {

/// What originals are exported with. Outlives the server.
struct OriginalsServices {
  std::filesystem::path exports;  ///< Folders of originals are made below it; "" where none may be.
  ExaminerPool& examiners;
  /// Opens what that case holds of uploads.
  std::function<scan::OpenUpload(const std::filesystem::path& case_directory)> open_upload;
};

/// Adds the route by which somebody asks that originals leave a case, and how they do when another
/// person agrees.
void add_originals_routes(RouteTable& table, Approvals& approvals, OriginalsServices& services);

}  // namespace safelight::serve
