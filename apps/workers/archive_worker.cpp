#include <archive.h>
#include <cstdio>
#include <cstring>

#include "safelight/scan/handlers/archive_handler.h"

/// The worker program for archives.
int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0) {
    std::printf("%s\n", archive_version_details());
    return 0;
  }
  safelight::scan::ArchiveHandler handler;
  return safelight::sandbox::serve(handler);
}
