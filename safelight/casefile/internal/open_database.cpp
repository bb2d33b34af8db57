#include "safelight/casefile/internal/open_database.h"

#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/casefile/internal/place.h"

namespace safelight::casefile {

database::Connection open_for_reading(const std::filesystem::path& directory) {
  const auto file = directory / kDatabaseName;
  std::error_code status;
  if (!std::filesystem::is_regular_file(file, status)) {
    throw Fault("there is no case in " + directory.string());
  }
  // Readers of a write-ahead log need a shared file beside it. Where none can be made there is no
  // writer either, and a case that was closed needs neither.
  const auto log = std::filesystem::file_size(file.string() + "-wal", status);
  const bool closed = status || log == 0;
  const bool read_only = access(directory.c_str(), W_OK) != 0;
  return database::Connection::open(kWhat, file.string(),
                                    closed && read_only
                                        ? database::Connection::Access::read_immutable
                                        : database::Connection::Access::read);
}

}  // namespace safelight::casefile
