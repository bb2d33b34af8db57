#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <sys/mman.h>
#include <vector>

#include "safelight/bytes/file.h"
#include "safelight/seal/sealed_file.h"

namespace {

using namespace safelight;

SealKey fixed_key() { return SealKey(std::array<std::byte, SealKey::kBytes>{}); }

/// Any bytes are refused.
void refuse(std::span<const std::byte> bytes) {
  // Nobody who lacks the key makes a file that opens; that of no bytes needs no tag.
  const auto opened = unseal(MemorySource({bytes.begin(), bytes.end()}), fixed_key(), 1);
  if (opened && !opened->bytes().empty()) std::abort();
}

/// A sealed file of which the input says one byte to change opens only if nothing was changed.
void change_one(std::span<const std::byte> input) {
  if (input.size() < 3) return;
  Descriptor descriptor(::memfd_create("sealed", MFD_CLOEXEC));
  const auto plain = input.subspan(3);
  seal(plain, fixed_key(), SealSalt{}, descriptor.get(), 1);
  const auto file = FileSource::from_descriptor(std::move(descriptor));
  std::vector<std::byte> bytes(file->size_bytes());
  if (file->read_at(0, bytes).value() != bytes.size()) std::abort();
  const size_t place =
      (std::to_integer<size_t>(input[0]) * 256 + std::to_integer<size_t>(input[1])) % bytes.size();
  bytes[place] ^= input[2];
  const auto opened = unseal(MemorySource(std::move(bytes)), fixed_key(), 1);
  if (opened.has_value() != (input[2] == std::byte{0})) std::abort();
  if (opened &&
      !std::equal(plain.begin(), plain.end(), opened->bytes().begin(), opened->bytes().end())) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  refuse(bytes);
  change_one(bytes);
  return 0;
}
