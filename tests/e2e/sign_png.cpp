#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <zlib.h>

#include "safelight/provenance/c2pa/sign_for_test.h"

namespace {

using namespace safelight::c2pa;

Bytes read(const char* path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

void write(const std::filesystem::path& path, const Bytes& bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

/// The chunk of a store, with the checksum that decoders look at.
Bytes store_chunk(const Bytes& store) {
  Bytes out = png_chunk("caBX", store);
  const auto* checked = reinterpret_cast<const Bytef*>(out.data()) + 4;
  const uLong sum = crc32(0, checked, static_cast<uInt>(store.size() + 4));
  out.resize(out.size() - 4);
  append_be(out, sum, 4);
  return out;
}

}  // namespace

/// sign_png IN.png FOLDER: puts a signed manifest, of a signer made for the occasion, into a copy
/// of a picture (FOLDER/signed.png), beside another (detached.png, detached.c2pa), and writes the
/// certificate that vouches for the signer (signers.pem).
int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const Bytes picture = read(argv[1]);
  const std::filesystem::path folder = argv[2];
  constexpr size_t kBehindHeader = 8 + 25;
  if (picture.size() < kBehindHeader) return 2;

  const Identity root = make_identity({.name = "Root for tests", .authority = true});
  const Identity signer = make_identity({.name = "Signer for tests", .issuer = &root});
  ManifestSpec spec;
  spec.signer = &signer;
  spec.assertions = {created_action()};
  write(folder / "signed.png", signed_file(spec, [&](const Bytes& store) {
          Bytes out(picture.begin(), picture.begin() + kBehindHeader);
          if (!store.empty()) append(out, store_chunk(store));
          out.insert(out.end(), picture.begin() + kBehindHeader, picture.end());
          return out;
        }));
  spec.assertions.push_back(data_hash(picture, {}));
  write(folder / "detached.png", picture);
  write(folder / "detached.c2pa", store_bytes({manifest_bytes(spec)}));

  std::FILE* list = std::fopen((folder / "signers.pem").c_str(), "w");
  if (list == nullptr) return 1;
  PEM_write_X509(list, root.native_certificate().get());
  return std::fclose(list) == 0 ? 0 : 1;
}
