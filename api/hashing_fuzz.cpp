#include <cstdlib>
#include <cstring>
#include <initializer_list>

#include "api/safelight.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

sl_hasher* hasher() {
  static sl_hasher* const made = [] {
    sl_hasher* out = nullptr;
    require(sl_hasher_create(&out, nullptr) == SL_OK);
    return out;
  }();
  return made;
}

}  // namespace

/// Any bytes are a picture with fingerprints of one mode and quality, or are refused for what is
/// wrong with them; a buffer that was used for others gives the same.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  sl_limits limits = SL_LIMITS_INIT;
  limits.max_pixels = 100'000;
  limits.max_memory_bytes = 10'000'000;
  for (const int32_t mode : {SL_MODE_REFERENCE, SL_MODE_FULL}) {
    sl_picture pictures[2] = {};
    sl_error error;
    for (sl_picture& picture : pictures) {
      const sl_status status = sl_hash_bytes(hasher(), data, size, mode, &limits, &picture, &error);
      require(status == error.status && status <= SL_NOT_FOUND);
      if (status != SL_OK) {
        require(error.rule[0] != '\0');
        continue;
      }
      require(picture.width >= 5 && picture.height >= 5);
      for (const sl_hash& hash : picture.hashes) {
        require(hash.mode == mode && hash.quality >= 0 && hash.quality <= 100);
      }
    }
    require(std::memcmp(&pictures[0], &pictures[1], sizeof pictures[0]) == 0);
  }
  return 0;
}
