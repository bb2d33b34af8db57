#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/intake/archive_reader.h"

/// What the coordinator asks of the archive worker and what it answers: a request with one
/// descriptor, then for each member a begin, its content in pieces, and an end, and last a summary.
/// The wire format is described in docs/formats/archive_messages.md. Replies come from a process
/// that may have been taken over: decoding trusts nothing in them.
namespace safelight::scan {

/// The most content that one record carries.
inline constexpr size_t kMaxPieceBytes = 60'000;

struct MemberBegin {
  ArchiveMember member;
};
/// The next bytes of the member that began last. A view into the record.
struct MemberPiece {
  std::span<const std::byte> bytes;
};
struct MemberEnd {
  std::optional<Error> error;
};
struct ArchiveEnd {
  ArchiveFormat format = ArchiveFormat::zip;
  std::optional<Error> incomplete;  ///< Why members may be missing after the last one.
};
using ArchiveRecord = std::variant<MemberBegin, MemberPiece, MemberEnd, ArchiveEnd>;

struct ArchiveRequest {
  ArchiveOptions options;
  /// The one member that is wanted, by its ordinal: nothing is said of others. Nothing: all are.
  std::optional<uint64_t> only_ordinal;
};

std::vector<std::byte> encode(const ArchiveRequest& request);
/// Errors: truncated, malformed, unsupported (another version), limit_exceeded.
Result<ArchiveRequest> decode_archive_request(std::span<const std::byte> bytes);

std::vector<std::byte> encode(const ArchiveRecord& record);
/// Errors: truncated, malformed, limit_exceeded.
Result<ArchiveRecord> decode_archive_record(std::span<const std::byte> bytes);

}  // namespace safelight::scan
