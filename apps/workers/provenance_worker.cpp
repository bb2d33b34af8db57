#include <cstdio>
#include <cstring>
#include <openssl/crypto.h>

#include "safelight/scan/handlers/provenance_handler.h"

/// The worker program for signed provenance. Links no decoder of pictures, so that one that was
/// taken over cannot vouch for a signature, and no GPL library.
int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0) {
    std::printf("%s\n", OpenSSL_version(OPENSSL_VERSION));
    return 0;
  }
  safelight::scan::ProvenanceHandler handler;
  return safelight::sandbox::serve(handler);
}
