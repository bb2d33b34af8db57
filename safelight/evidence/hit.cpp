#include "safelight/evidence/hit.h"

#include <array>

namespace safelight {
namespace {

constexpr std::array<std::string_view, 4> kDispositions = {"ordinary", "unknown", "review",
                                                           "known"};
constexpr std::array<std::string_view, 4> kMatchKinds = {"md5", "sha1", "sha256", "pdq"};

}  // namespace

std::string_view to_text(Disposition disposition) {
  return kDispositions[static_cast<size_t>(disposition)];
}

std::string_view to_text(MatchKind kind) { return kMatchKinds[static_cast<size_t>(kind)]; }

Result<Disposition> disposition_from_text(std::string_view text) {
  for (size_t i = 0; i < kDispositions.size(); ++i) {
    if (kDispositions[i] == text) return static_cast<Disposition>(i);
  }
  return Error{ErrorCode::malformed, "disposition.name"};
}

Result<MatchKind> match_kind_from_text(std::string_view text) {
  for (size_t i = 0; i < kMatchKinds.size(); ++i) {
    if (kMatchKinds[i] == text) return static_cast<MatchKind>(i);
  }
  return Error{ErrorCode::malformed, "match-kind.name"};
}

}  // namespace safelight
