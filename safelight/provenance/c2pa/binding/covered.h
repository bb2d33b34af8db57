#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/provenance/c2pa/binding/asset_view.h"
#include "safelight/provenance/c2pa/crypto/hash_algorithm.h"

namespace safelight::c2pa {

/// What checking one hard binding came to.
enum class BindingVerdict : uint8_t {
  fits,         ///< The hash is that of the covered bytes.
  mismatch,     ///< It is not, or what it leaves out is not what it may leave out.
  malformed,    ///< The assertion breaks the rules of its form.
  unsupported,  ///< A form that this version cannot check.
};

struct BindingCheck {
  BindingVerdict verdict = BindingVerdict::malformed;
  std::string_view rule;               ///< What was broken; "" where it fits.
  bool hash_fits = false;              ///< The bytes that it covers have this hash, whatever else.
  bool additional_exclusions = false;  ///< More is left out than the manifest store needs.
  std::vector<ByteRange> uncovered;    ///< In order: the bytes that no hash covers.
};

/// Ranges sorted, joined where they touch, and cut at the end of the file.
std::vector<ByteRange> merged(std::vector<ByteRange> ranges, uint64_t file_bytes);

/// The ranges of a file that `ranges` (merged) leave.
std::vector<ByteRange> complement(const std::vector<ByteRange>& ranges, uint64_t file_bytes);

}  // namespace safelight::c2pa
