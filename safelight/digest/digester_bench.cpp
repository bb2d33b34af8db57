/// Three digests in one pass, against OpenSSL's own one-shot calls one after another over the same
/// bytes; and the cost of a small input, where setting up contexts shows. Thread CPU time.
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <openssl/evp.h>
#include <random>
#include <vector>

#include "safelight/digest/digester.h"

namespace safelight {
namespace {

std::vector<std::byte> random_bytes(size_t size) {
  std::mt19937_64 random(7);
  std::vector<std::byte> bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::byte>(random());
  return bytes;
}

DigestSet one_shot(std::span<const std::byte> bytes) {
  DigestSet set;
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), set.md5.bytes.data(), &size, EVP_md5(), nullptr);
  EVP_Digest(bytes.data(), bytes.size(), set.sha1.bytes.data(), &size, EVP_sha1(), nullptr);
  EVP_Digest(bytes.data(), bytes.size(), set.sha256.bytes.data(), &size, EVP_sha256(), nullptr);
  set.size_bytes = bytes.size();
  return set;
}

void Digester_OnePass(benchmark::State& state) {
  const auto bytes = random_bytes(static_cast<size_t>(state.range(0)));
  Digester digester;
  if (digest(digester, bytes) != one_shot(bytes)) std::abort();
  for (auto _ : state) {
    digester.update(bytes);
    benchmark::DoNotOptimize(digester.finish());
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void OpenSsl_OneShotThreeTimes(benchmark::State& state) {
  const auto bytes = random_bytes(static_cast<size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(one_shot(bytes));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

BENCHMARK(Digester_OnePass)->Arg(0)->Arg(3000)->Arg(100'000)->Arg(4 << 20)->Arg(64 << 20);
BENCHMARK(OpenSsl_OneShotThreeTimes)->Arg(0)->Arg(3000)->Arg(100'000)->Arg(4 << 20)->Arg(64 << 20);

}  // namespace
}  // namespace safelight
