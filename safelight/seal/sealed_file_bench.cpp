// How fast a sealed file is opened into locked memory, next to copying as many bytes.

#include <algorithm>
#include <benchmark/benchmark.h>
#include <cstring>
#include <sys/mman.h>
#include <vector>

#include "safelight/bytes/file.h"
#include "safelight/seal/sealed_file.h"

namespace safelight {
namespace {

constexpr size_t kPlainBytes = size_t{512} << 20;

std::vector<std::byte> plain_bytes() {
  std::vector<std::byte> plain(kPlainBytes);
  for (size_t i = 0; i < plain.size(); ++i) plain[i] = static_cast<std::byte>(i * 37 >> 5);
  return plain;
}

void unseal_file(benchmark::State& state) {
  const SealKey key(std::array<std::byte, SealKey::kBytes>{});
  Descriptor descriptor(::memfd_create("sealed", MFD_CLOEXEC));
  const auto plain = plain_bytes();
  const auto threads = static_cast<unsigned>(state.range(0));
  seal(plain, key, random_seal_salt(), descriptor.get(), threads);
  const auto file = FileSource::from_descriptor(std::move(descriptor));
  for (auto _ : state) {
    const auto opened = unseal(*file, key, threads);
    if (!opened || !std::equal(plain.end() - 4096, plain.end(), opened->bytes().end() - 4096)) {
      state.SkipWithError("it does not open");
    }
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * kPlainBytes));
}
BENCHMARK(unseal_file)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

void copy(benchmark::State& state) {
  const auto plain = plain_bytes();
  for (auto _ : state) {
    SecretBytes secret(kPlainBytes);
    std::memcpy(secret.bytes().data(), plain.data(), plain.size());
    benchmark::DoNotOptimize(secret.bytes().data());
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * kPlainBytes));
}
BENCHMARK(copy)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace safelight
