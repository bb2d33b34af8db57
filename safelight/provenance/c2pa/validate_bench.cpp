/// What a check costs beside SHA-256 over the file, which is the least that it can cost.
#include <benchmark/benchmark.h>
#include <cstdlib>

#include "safelight/provenance/c2pa/sign_for_test.h"
#include "safelight/provenance/c2pa/validate.h"

namespace safelight::c2pa {
namespace {

Bytes big_png(const Bytes& store, size_t data_bytes) {
  Bytes out;
  append(out, "\x89PNG\r\n\x1a\n");
  append(out, png_chunk("IHDR", Bytes(13)));
  if (!store.empty()) append(out, png_chunk("caBX", store));
  append(out, png_chunk("IDAT", Bytes(data_bytes, std::byte{7})));
  append(out, png_chunk("IEND", {}));
  return out;
}

struct Material {
  Identity root = make_identity({.name = "Root", .authority = true});
  Identity signer = make_identity({.issuer = &root});
  Identity stamper = make_identity(
      {.name = "Stamper", .issuer = &root, .extended_usage = "critical,timeStamping"});
  Options options;

  Material() {
    options.clock_s = kTestClock;
    options.trust.signers.push_back(list_of("signers", {&root}));
    options.trust.time_stampers.push_back(list_of("stampers", {&root}));
  }

  [[nodiscard]] Bytes file(size_t data_bytes) const {
    ManifestSpec spec;
    spec.assertions = {created_action()};
    spec.signer = &signer;
    spec.stamper = &stamper;
    return signed_file(spec, [&](const Bytes& store) { return big_png(store, data_bytes); });
  }
};

void BM_Validate(benchmark::State& state) {
  static const Material material;
  const Bytes file = material.file(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    const auto report = validate({file, Container::png}, material.options);
    if (!report || report->state != State::trusted) std::abort();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(file.size()));
}

void BM_Sha256(benchmark::State& state) {
  static const Material material;
  const Bytes file = material.file(static_cast<size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(hash_of(HashAlgorithm::sha256, file));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(file.size()));
}

BENCHMARK(BM_Sha256)->Arg(100'000)->Arg(4'000'000)->Arg(40'000'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_Validate)
    ->Arg(100'000)
    ->Arg(4'000'000)
    ->Arg(40'000'000)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace safelight::c2pa
