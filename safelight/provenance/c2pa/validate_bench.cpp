/// What a check costs beside what it cannot do without: SHA-256 over the file, and the signatures
/// of the claim, the certificates and the time-stamp. The ratio of `whole` to the sum of the other
/// two at the same size is the one to look at; docs/c2pa.md has it.
#include <benchmark/benchmark.h>
#include <stdexcept>

#include "safelight/provenance/c2pa/rules/prepared_store.h"
#include "safelight/provenance/c2pa/rules/signature_check.h"
#include "safelight/provenance/c2pa/sign_for_test.h"
#include "safelight/provenance/c2pa/validate.h"

namespace safelight::c2pa {
namespace {

/// A photograph's file: the store in segments of 64 kB as signers cut it, coded data as noise.
Bytes photograph(const Bytes& store, size_t coded_bytes) {
  constexpr size_t kPiece = 65'000;
  static const Bytes noise = [] {
    Bytes bytes(64 << 20);
    uint64_t state = 7;
    for (std::byte& b : bytes) {
      state = state * 6'364'136'223'846'793'005u + 1;
      b = static_cast<std::byte>(state >> 56);
    }
    for (size_t i = 1; i < bytes.size(); ++i) {
      if (bytes[i - 1] == std::byte{0xff}) bytes[i] = std::byte{0};
    }
    bytes.back() = std::byte{0};
    return bytes;
  }();
  Bytes out{std::byte{0xff}, std::byte{0xd8}};
  append(out, jpeg_segment(0xe0, Bytes(14, std::byte{1})));
  for (size_t at = 0, sequence = 1; at < store.size(); at += kPiece, ++sequence) {
    Bytes payload;
    append(payload, std::string_view("JP\x00\x01", 4));
    append_be(payload, sequence, 4);
    if (at != 0) payload.insert(payload.end(), store.begin(), store.begin() + 8);
    const size_t end = std::min(store.size(), at + kPiece);
    payload.insert(payload.end(), store.begin() + static_cast<ptrdiff_t>(at),
                   store.begin() + static_cast<ptrdiff_t>(end));
    append(out, jpeg_segment(0xeb, payload));
  }
  append(out, jpeg_segment(0xda, Bytes(8, std::byte{3})));
  out.insert(out.end(), noise.begin(), noise.begin() + static_cast<ptrdiff_t>(coded_bytes));
  append(out, std::string_view("\xff\xd9", 2));
  return out;
}

/// A signer as they are in use: RSA-PSS or ECDSA, two certificates in the chain, a time-stamp by an
/// authority with an RSA key, a thumbnail in the store.
struct Material {
  Identity root = make_identity({.name = "Root", .authority = true});
  Identity middle = make_identity({.name = "Middle", .issuer = &root, .authority = true});
  Identity rsa = make_identity({.key = SignatureAlgorithm::ps256, .issuer = &middle});
  Identity ecdsa = make_identity({.issuer = &middle});
  Identity stamper = make_identity({.name = "Stamper",
                                    .key = SignatureAlgorithm::ps256,
                                    .issuer = &root,
                                    .extended_usage = "critical,timeStamping"});
  Options options;

  Material() {
    options.clock_s = kTestClock;
    options.trust.signers.push_back(list_of("signers", {&root}));
    options.trust.time_stampers.push_back(list_of("stampers", {&root}));
  }

  [[nodiscard]] Bytes file(const Identity& signer, SignatureAlgorithm algorithm,
                           size_t coded_bytes) const {
    ManifestSpec spec;
    CborWriter thumbnail;
    thumbnail.bytes(Bytes(40'000, std::byte{9}));
    spec.assertions = {created_action(),
                       {"c2pa.thumbnail.claim.jpeg", std::move(thumbnail).take()}};
    spec.signer = &signer;
    spec.algorithm = algorithm;
    spec.intermediates = {&middle};
    spec.stamper = &stamper;
    return signed_file(spec, [&](const Bytes& store) { return photograph(store, coded_bytes); });
  }
};

const Material& material() {
  static const Material made;
  return made;
}

/// By the two arguments: the kind of signature, and the size in bytes.
Bytes file_of(const benchmark::State& state) {
  const bool rsa = state.range(0) == 0;
  return material().file(rsa ? material().rsa : material().ecdsa,
                         rsa ? SignatureAlgorithm::ps256 : SignatureAlgorithm::es256,
                         static_cast<size_t>(state.range(1)));
}

void whole(benchmark::State& state) {
  const Bytes file = file_of(state);
  for (auto _ : state) {
    const auto report = validate({file, Container::jpeg}, material().options);
    if (!report || report->state != State::trusted) throw std::logic_error("the answer is wrong");
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(file.size()));
}

void sha256(benchmark::State& state) {
  const Bytes file = file_of(state);
  for (auto _ : state) benchmark::DoNotOptimize(hash_of(HashAlgorithm::sha256, file));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(file.size()));
}

void signatures(benchmark::State& state) {
  const Bytes file = file_of(state);
  const AssetLayout layout = asset_layout({file, Container::jpeg}, {});
  const auto store = ManifestStore::parse(layout.stores.at(0).bytes, {});
  const PreparedStore prepared(*store, {});
  const Options& options = material().options;
  for (auto _ : state) {
    StatusLog log(1000);
    const SignatureFacts facts =
        check_signature(prepared.active(), {}, options.trust, options.clock_s, {}, log);
    if (!facts.fits || facts.signer_list == nullptr || !facts.time_is_stamped) {
      throw std::logic_error("the answer is wrong");
    }
  }
}

void sizes(benchmark::internal::Benchmark* bench) {
  for (const int64_t kind : {0, 1}) {
    for (const int64_t size : {500'000, 4'000'000, 20'000'000}) bench->Args({kind, size});
  }
  bench->ArgNames({"ecdsa", "bytes"})->Unit(benchmark::kMicrosecond);
}

BENCHMARK(sha256)->Apply(sizes);
BENCHMARK(signatures)->Apply(sizes);
BENCHMARK(whole)->Apply(sizes);

}  // namespace
}  // namespace safelight::c2pa
