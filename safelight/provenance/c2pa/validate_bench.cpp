/// What a check costs beside what it cannot do without: SHA-256 over the file, and the signatures
/// of the claim, the certificates and the time-stamp. `ratio` times all three in turn, so that
/// other load falls on each alike; its counter is the figure in docs/c2pa.md.
#include <algorithm>
#include <benchmark/benchmark.h>
#include <ctime>
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
  Bytes out = jpeg_start(store, kPiece);
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

void check_whole(const Bytes& file) {
  const auto report = validate({file, Container::jpeg}, material().options);
  if (!report || report->state != State::trusted) throw std::logic_error("the answer is wrong");
}

/// The store of a file, ready for the check of its signatures alone.
class Signatures {
 public:
  explicit Signatures(const Bytes& file)
      : layout_(asset_layout({file, Container::jpeg}, {})),
        store_(*ManifestStore::parse(layout_.stores.at(0).bytes, {})),
        prepared_(store_, {}) {}

  void check() const {
    const Options& options = material().options;
    StatusLog log(1000);
    const SignatureFacts facts =
        check_signature(prepared_.active(), {}, options.trust, options.clock_s, {}, log);
    if (!facts.fits || facts.signer_list == nullptr || !facts.time_is_stamped) {
      throw std::logic_error("the answer is wrong");
    }
  }

 private:
  AssetLayout layout_;
  ManifestStore store_;
  PreparedStore prepared_;
};

void whole(benchmark::State& state) {
  const Bytes file = file_of(state);
  for (auto _ : state) check_whole(file);
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(file.size()));
}

void sha256(benchmark::State& state) {
  const Bytes file = file_of(state);
  for (auto _ : state) benchmark::DoNotOptimize(hash_of(HashAlgorithm::sha256, file));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(file.size()));
}

void signatures(benchmark::State& state) {
  const Bytes file = file_of(state);
  const Signatures alone(file);
  for (auto _ : state) alone.check();
}

/// The time that this thread had on a processor.
double thread_seconds() {
  std::timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void ratio(benchmark::State& state) {
  const Bytes file = file_of(state);
  const Signatures alone(file);
  std::vector<double> ratios;
  for (auto _ : state) {
    const double start = thread_seconds();
    benchmark::DoNotOptimize(hash_of(HashAlgorithm::sha256, file));
    alone.check();
    const double between = thread_seconds();
    check_whole(file);
    ratios.push_back((thread_seconds() - between) / (between - start));
  }
  state.counters["whole/(sha256+signatures)"] = median(std::move(ratios));
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
BENCHMARK(ratio)->Apply(sizes);

}  // namespace
}  // namespace safelight::c2pa
