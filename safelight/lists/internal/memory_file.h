#pragma once

#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/bytes/file.h"

namespace safelight::lists {

/// A file that lies in memory alone, for tests and fuzz targets.
inline FileSource memory_file(std::string_view content) {
  Descriptor descriptor(::memfd_create("test", MFD_CLOEXEC));
  size_t done = 0;
  while (descriptor.is_open() && done < content.size()) {
    const ssize_t count = ::write(descriptor.get(), content.data() + done, content.size() - done);
    if (count <= 0) break;
    done += static_cast<size_t>(count);
  }
  Result<FileSource> file = FileSource::from_descriptor(std::move(descriptor));
  if (!file || done != content.size()) throw Fault("cannot make a file in memory");
  return std::move(*file);
}

}  // namespace safelight::lists
