#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/hash/digests.h"
#include "safelight/synthesis/likelihood/proposition.h"

namespace safelight::synthesis {

/// One picture of a manifest.
struct Reference {
  std::string path;  ///< As written; relative to the manifest's folder.
  Sha256 sha256;
  Proposition truth = Proposition::camera;
  std::string source;        ///< Where it comes from: a data set, a lab, a device. Never empty.
  std::string generator;     ///< Of a generated one; its source where the manifest names none.
  std::string camera_maker;  ///< "" where it is not stated.
  std::string licence;
  std::string date;  ///< Of capture or generation, "2025", "2025-03" or "2025-03-01"; or "".
  friend bool operator==(const Reference&, const Reference&) = default;
};

/// Pictures whose truth is known.
struct Manifest {
  Sha256 sha256;  ///< Of the file's bytes.
  std::vector<Reference> references;
};

inline constexpr size_t kMaxManifestBytes = 64u << 20;
inline constexpr size_t kMaxReferences = 1'000'000;
/// Of a source, a generator or a camera's maker: what a calibration holds (calibration.md).
inline constexpr size_t kMaxReferenceNameBytes = 256;

/// Reads a manifest: a first line of column names, then a line a picture; comma or tab separated by
/// RFC 4180, UTF-8. Columns: `path` (or `file`), `sha256`, `label` (camera; generated or
/// synthetic), `source`, and where wanted `generator`, `camera` (or `camera_maker`), `licence` (or
/// `license`) and `date`; others are passed over. Errors, each with the offset of its line:
/// malformed ("manifest.header", "manifest.column-missing", "manifest.column-twice",
/// "manifest.quoting", "manifest.columns", "manifest.path", "manifest.sha256", "manifest.truth",
/// "manifest.source", "manifest.name", "manifest.date", "manifest.path-twice"); limit_exceeded
/// ("manifest.max-bytes", "manifest.max-references"). Source: docs/formats/manifest.md.
Result<Manifest> read_manifest(std::span<const std::byte> bytes);

/// The number of the line, from 1, in which the byte at `offset_bytes` stands.
uint64_t line_of(std::span<const std::byte> bytes, uint64_t offset_bytes);

}  // namespace safelight::synthesis
