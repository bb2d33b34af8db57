#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/provenance/c2pa/binding/asset_view.h"
#include "safelight/provenance/c2pa/crypto/cose_sign1.h"
#include "safelight/provenance/c2pa/crypto/identity_for_test.h"
#include "safelight/provenance/c2pa/store/cbor_writer.h"

/// A signer for tests: it makes manifest stores and small files that hold them, with every field at
/// the test's hand.
namespace safelight::c2pa {

inline void append(Bytes& out, std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  out.insert(out.end(), bytes.begin(), bytes.end());
}
inline void append(Bytes& out, const Bytes& bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}
inline void append_be(Bytes& out, uint64_t value, int bytes) {
  for (int shift = 8 * bytes - 8; shift >= 0; shift -= 8) {
    out.push_back(shift < 64 ? static_cast<std::byte>(value >> shift) : std::byte{0});
  }
}

inline Bytes box(std::string_view type, const Bytes& payload) {
  Bytes out;
  append_be(out, payload.size() + 8, 4);
  append(out, type);
  append(out, payload);
  return out;
}

inline Bytes superbox(std::string_view four_cc_name, std::string_view label, const Bytes& content) {
  Bytes description;
  append(description, four_cc_name);
  append(description, std::string_view("\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71\x03", 13));
  append(description, label);
  description.push_back(std::byte{0});
  Bytes payload = box("jumd", description);
  append(payload, content);
  return box("jumb", payload);
}

/// What a superbox holds without its own header: what hashed URIs cover.
inline std::span<const std::byte> payload_of(const Bytes& superbox_bytes) {
  return std::span(superbox_bytes).subspan(8);
}

struct AssertionSpec {
  std::string label;
  Bytes cbor;
  bool listed = true;  ///< In the claim.
  std::string type = "cbor";
};

inline Bytes hashed_uri(std::string_view url, std::span<const std::byte> hash) {
  CborWriter out;
  out.map(2).text("url").text(url).text("hash").bytes(hash);
  return std::move(out).take();
}

/// `c2pa.actions.v2` with one action that the asset was created.
inline AssertionSpec created_action(
    std::string_view source =
        "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia") {
  CborWriter out;
  out.map(1).text("actions").array(1).map(3);
  out.text("action").text("c2pa.created");
  out.text("digitalSourceType").text(source);
  out.text("softwareAgent").map(2).text("name").text("Painter").text("version").text("2");
  return {"c2pa.actions.v2", std::move(out).take()};
}

/// `c2pa.hash.data` over what the ranges leave of a file.
inline AssertionSpec data_hash(const Bytes& file, const std::vector<ByteRange>& exclusions) {
  Hasher hasher(HashAlgorithm::sha256);
  uint64_t at = 0;
  CborWriter out;
  out.map(4).text("exclusions").array(exclusions.size());
  for (const ByteRange& range : exclusions) {
    // Wide integers, so that the assertion keeps its size from one pass to the next.
    Bytes wide;
    const auto integer = [&](uint64_t value) {
      wide.push_back(std::byte{0x1a});
      append_be(wide, value, 4);
    };
    out.map(2).text("start");
    integer(range.offset_bytes);
    out.raw(wide).text("length");
    wide.clear();
    integer(range.length_bytes);
    out.raw(wide);
    if (range.offset_bytes < at || range.end_bytes() > file.size()) continue;
    hasher.update(std::span(file).subspan(at, range.offset_bytes - at));
    at = range.end_bytes();
  }
  hasher.update(std::span(file).subspan(at));
  out.text("alg").text("sha256").text("hash").bytes(std::move(hasher).finish());
  out.text("pad").bytes(Bytes(8));
  return {"c2pa.hash.data", std::move(out).take()};
}

/// A manifest, field by field.
struct ManifestSpec {
  std::string label = "urn:c2pa:11111111-2222-4333-8444-555555555555";
  std::string box_type = "c2ma";
  int claim_version = 2;
  std::vector<AssertionSpec> assertions;
  std::vector<std::string> redactions;
  SignatureAlgorithm algorithm = SignatureAlgorithm::es256;
  const Identity* signer = nullptr;
  std::vector<const Identity*> intermediates;
  const Identity* stamper = nullptr;  ///< Adds a time-stamp.
  int64_t stamp_time_s = kTestClock;
  std::vector<Bytes> ocsp_responses;
  size_t signature_box_bytes = 9'000;
  std::string alg = "sha256";
  std::string format = "image/png";  ///< Of a claim of version 1.
  Bytes icon;                        ///< A hashed URI for the claim's generator.
  std::vector<AssertionSpec> data_boxes;
  // Ways to break it.
  std::function<void(Bytes& claim)> change_claim = nullptr;  ///< After it was signed.
  std::function<void(Bytes& signature)> change_signature = nullptr;
  bool der_signature = false;
  bool chain_in_both_headers = false;
  bool untagged = false;
  bool stamp_both_ways = false;  ///< A second time-stamp, of the other form and over nothing.
  std::string signature_uri = "self#jumbf=c2pa.signature";
};

inline Bytes claim_cbor(const ManifestSpec& spec, const std::vector<Bytes>& boxes) {
  size_t listed = 0;
  for (const AssertionSpec& assertion : spec.assertions) listed += assertion.listed ? 1 : 0;
  const bool v2 = spec.claim_version == 2;
  CborWriter out;
  out.map(5 + (spec.redactions.empty() ? 0 : 1) + (v2 ? 0 : spec.format.empty() ? 1 : 2));
  out.text("alg").text(spec.alg).text("instanceID").text("xmp:iid:1");
  out.text("signature").text(spec.signature_uri);
  if (!v2) out.text("claim_generator").text("signer_for_tests/1.0");
  if (!v2 && !spec.format.empty()) out.text("dc:format").text(spec.format);
  out.text("claim_generator_info");
  if (!v2) out.array(1);
  out.map(spec.icon.empty() ? 1 : 2).text("name").text("signer for tests");
  if (!spec.icon.empty()) out.text("icon").raw(spec.icon);
  out.text(v2 ? "created_assertions" : "assertions").array(listed);
  for (size_t i = 0; i < boxes.size(); ++i) {
    if (!spec.assertions[i].listed) continue;
    out.raw(hashed_uri("self#jumbf=c2pa.assertions/" + spec.assertions[i].label,
                       hash_of(HashAlgorithm::sha256, payload_of(boxes[i]))));
  }
  if (!spec.redactions.empty()) {
    out.text("redacted_assertions").array(spec.redactions.size());
    for (const std::string& uri : spec.redactions) out.text(uri);
  }
  return std::move(out).take();
}

inline Bytes signature_cbor(const ManifestSpec& spec, const Bytes& claim) {
  CborWriter header;
  header.map(2).unsigned_integer(1).negative_integer(cose_id(spec.algorithm)).unsigned_integer(33);
  const auto chain = [&](CborWriter& out) {
    out.array(1 + spec.intermediates.size()).bytes(spec.signer->der);
    for (const Identity* identity : spec.intermediates) out.bytes(identity->der);
  };
  chain(header);
  CoseSign1 cose;
  cose.algorithm = spec.algorithm;
  cose.protected_header = std::move(header).take();
  cose.signature = sign(*spec.signer, spec.algorithm, signed_structure("Signature1", cose, claim),
                        spec.der_signature);
  if (spec.change_signature) spec.change_signature(cose.signature);

  CborWriter fields;
  uint64_t count = 1;
  if (spec.stamper != nullptr) {
    const bool v2 = spec.claim_version == 2;
    CborWriter stamped;
    stamped.bytes(cose.signature);
    const Bytes message =
        signed_structure("CounterSignature", cose, v2 ? std::move(stamped).take() : claim);
    fields.text(v2 ? "sigTst2" : "sigTst").map(1).text("tstTokens").array(1).map(1);
    fields.text("val").bytes(make_time_stamp(*spec.stamper, message, spec.stamp_time_s));
    ++count;
    if (spec.stamp_both_ways) {
      fields.text(v2 ? "sigTst" : "sigTst2").map(1).text("tstTokens").array(1).map(1);
      fields.text("val").bytes(Bytes(8));
      ++count;
    }
  }
  if (!spec.ocsp_responses.empty()) {
    fields.text("rVals").map(1).text("ocspVals").array(spec.ocsp_responses.size());
    for (const Bytes& response : spec.ocsp_responses) fields.bytes(response);
    ++count;
  }
  if (spec.chain_in_both_headers) {
    fields.text("x5chain");
    chain(fields);
    ++count;
  }
  const Bytes filled = std::move(fields).take();
  const auto encode = [&](size_t pad_bytes) {
    CborWriter out;
    if (!spec.untagged) out.tag(18);
    out.array(4).bytes(cose.protected_header).map(count).raw(filled);
    out.text("pad").bytes(Bytes(pad_bytes)).null().bytes(cose.signature);
    return std::move(out).take();
  };
  // The size is settled before the signature is: whatever it takes less is padding.
  const size_t taken = encode(256).size() - 256;
  return encode(std::max<size_t>(256, spec.signature_box_bytes - taken));
}

/// The manifest's superbox.
inline Bytes manifest_bytes(const ManifestSpec& spec) {
  std::vector<Bytes> boxes;
  Bytes assertions;
  for (const AssertionSpec& assertion : spec.assertions) {
    boxes.push_back(superbox(assertion.type, assertion.label, box(assertion.type, assertion.cbor)));
    append(assertions, boxes.back());
  }
  Bytes claim = claim_cbor(spec, boxes);
  const Bytes signature = signature_cbor(spec, claim);
  if (spec.change_claim) spec.change_claim(claim);
  Bytes content = superbox("c2as", "c2pa.assertions", assertions);
  append(content, superbox("c2cl", spec.claim_version == 2 ? "c2pa.claim.v2" : "c2pa.claim",
                           box("cbor", claim)));
  append(content, superbox("c2cs", "c2pa.signature", box("cbor", signature)));
  if (!spec.data_boxes.empty()) {
    Bytes data;
    for (const AssertionSpec& item : spec.data_boxes) {
      append(data, superbox("cbor", item.label, box("cbor", item.cbor)));
    }
    append(content, superbox("c2db", "c2pa.databoxes", data));
  }
  return superbox(spec.box_type, spec.label, content);
}

inline Bytes store_bytes(const std::vector<Bytes>& manifests) {
  Bytes content;
  for (const Bytes& manifest : manifests) append(content, manifest);
  return superbox("c2pa", "c2pa", content);
}

inline Bytes png_chunk(std::string_view type, const Bytes& data) {
  Bytes out;
  append_be(out, data.size(), 4);
  append(out, type);
  append(out, data);
  append_be(out, 0, 4);  // Nobody here looks at the checksum.
  return out;
}

/// Wraps a store into a small file of a container; an empty store leaves it away.
using Wrap = std::function<Bytes(const Bytes& store)>;

inline Bytes png_file(const Bytes& store) {
  Bytes out;
  append(out, "\x89PNG\r\n\x1a\n");
  append(out, png_chunk("IHDR", Bytes(13)));
  if (!store.empty()) append(out, png_chunk("caBX", store));
  append(out, png_chunk("IDAT", Bytes(200, std::byte{7})));
  append(out, png_chunk("IEND", {}));
  return out;
}

inline Bytes jpeg_segment(uint8_t code, const Bytes& payload) {
  Bytes out{std::byte{0xff}, static_cast<std::byte>(code)};
  append_be(out, payload.size() + 2, 2);
  append(out, payload);
  return out;
}

/// The beginning of a JPEG file, with a store in segments of at most `piece_bytes` of it.
inline Bytes jpeg_start(const Bytes& store, size_t piece_bytes) {
  Bytes out{std::byte{0xff}, std::byte{0xd8}};
  append(out, jpeg_segment(0xe0, Bytes(14, std::byte{1})));
  for (size_t at = 0, sequence = 1; at < store.size(); at += piece_bytes, ++sequence) {
    Bytes payload;
    append(payload, std::string_view("JP\x00\x01", 4));
    append_be(payload, sequence, 4);
    if (at != 0) payload.insert(payload.end(), store.begin(), store.begin() + 8);
    const size_t end = std::min(store.size(), at + piece_bytes);
    payload.insert(payload.end(), store.begin() + static_cast<ptrdiff_t>(at),
                   store.begin() + static_cast<ptrdiff_t>(end));
    append(out, jpeg_segment(0xeb, payload));
  }
  return out;
}

inline Bytes jpeg_file(const Bytes& store) {
  Bytes out = jpeg_start(store, 4'000);
  append(out, jpeg_segment(0xdb, Bytes(65, std::byte{2})));
  append(out, jpeg_segment(0xda, Bytes(8, std::byte{3})));
  append(out, Bytes(300, std::byte{0x55}));
  append(out, std::string_view("\xff\xd9", 2));
  return out;
}

inline Bytes riff_file(const Bytes& store) {
  const auto chunk = [](std::string_view type, const Bytes& data) {
    Bytes out;
    append(out, type);
    for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::byte>(data.size() >> (8 * i)));
    append(out, data);
    if (data.size() % 2 != 0) out.push_back(std::byte{0});
    return out;
  };
  Bytes content;
  append(content, "WEBP");
  append(content, chunk("VP8L", Bytes(100, std::byte{4})));
  if (!store.empty()) append(content, chunk("C2PA", store));
  return chunk("RIFF", content);
}

inline Bytes gif_file(const Bytes& store) {
  Bytes out;
  append(out, std::string_view("GIF89a\x01\x00\x01\x00\x00\x00\x00", 13));
  if (!store.empty()) {
    append(out, std::string_view("\x21\xff\x0b"
                                 "C2PA_GIF\x01\x00\x00",
                                 14));
    for (size_t at = 0; at < store.size(); at += 255) {
      const size_t size = std::min<size_t>(255, store.size() - at);
      out.push_back(static_cast<std::byte>(size));
      out.insert(out.end(), store.begin() + static_cast<ptrdiff_t>(at),
                 store.begin() + static_cast<ptrdiff_t>(at + size));
    }
    out.push_back(std::byte{0});
  }
  append(out, std::string_view("\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0\x3b", 16));
  return out;
}

inline Bytes tiff_file(const Bytes& store) {
  Bytes out;
  append(out, std::string_view("MM\0*\0\0\0\x08\0\x02", 10));
  const auto entry = [&](uint16_t tag, uint16_t type, uint32_t count, uint32_t value) {
    append_be(out, tag, 2);
    append_be(out, type, 2);
    append_be(out, count, 4);
    append_be(out, value, 4);
  };
  entry(0x0100, 4, 1, 5);
  entry(store.empty() ? 0x0101 : 0xcd41, store.empty() ? 4 : 7, static_cast<uint32_t>(store.size()),
        38);
  append_be(out, 0, 4);
  append(out, store);
  append(out, Bytes(50, std::byte{6}));
  return out;
}

/// The box of BMFF that holds a store, or an update of one.
inline Bytes c2pa_box(std::string_view purpose, const Bytes& store) {
  Bytes payload;
  append(payload,
         std::string_view("\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81", 16));
  append_be(payload, 0, 4);
  append(payload, purpose);
  append_be(payload, 0, 9);
  append(payload, store);
  return box("uuid", payload);
}

inline Bytes bmff_file(const Bytes& store) {
  Bytes out = box("ftyp", Bytes(8, std::byte{'a'}));
  if (!store.empty()) append(out, c2pa_box("manifest", store));
  append(out, box("moov", box("trak", Bytes(20, std::byte{8}))));
  append(out, box("mdat", Bytes(100, std::byte{9})));
  return out;
}

inline Bytes jxl_file(const Bytes& store) {
  Bytes out;
  append(out, std::string_view("\x00\x00\x00\x0cJXL \r\n\x87\n", 12));
  append(out, box("ftyp", Bytes(12, std::byte{'j'})));
  append(out, store);
  append(out, box("jxlc", Bytes(80, std::byte{5})));
  return out;
}

/// Makes the hard binding for a file whose store has its final size.
using Bind = std::function<AssertionSpec(const Bytes& file)>;

inline AssertionSpec bind_data(const Bytes& file) {
  const AssetLayout layout = asset_layout({file, container_of(file)}, {});
  std::vector<ByteRange> exclusions;
  if (!layout.stores.empty()) {
    exclusions = layout.stores.front().allowed;
    exclusions.push_back(layout.stores.front().range);
  }
  return data_hash(file, exclusions);
}

/// A file with a signed manifest behind `others` in its store; the binding is the last assertion.
inline Bytes signed_file(ManifestSpec spec, const Wrap& wrap, const Bind& bind = bind_data,
                         const std::vector<Bytes>& others = {}) {
  const auto with = [&](const Bytes& file) {
    ManifestSpec complete = spec;
    complete.assertions.push_back(bind(file));
    std::vector<Bytes> manifests = others;
    manifests.push_back(manifest_bytes(complete));
    return wrap(store_bytes(manifests));
  };
  Bytes file = with(wrap(store_bytes(others)));
  for (int pass = 0; pass < 3; ++pass) file = with(file);
  return file;
}

}  // namespace safelight::c2pa
