#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/audit/heads/head_destination.h"
#include "safelight/audit/heads/signed_head.h"
#include "safelight/audit/noted_heads.h"
#include "safelight/bytes/byte_source.h"

namespace safelight::audit {

/// What a file of heads may make us do.
struct HeadsLimits {
  uint64_t max_file_bytes = 1ull << 30;  ///< Three million heads: six years of one a minute.
  uint32_t max_bad_lines = 100;          ///< Lines that are told one by one; all are counted.
  uint32_t max_forks = 100;              ///< Likewise.
};

/// A head and the line of the file, counted from 1, in which it stands.
struct HeadOfLine {
  uint64_t line = 0;
  SignedHead signed_head;
};

/// A line of which no use was made, and why.
struct BadLine {
  uint64_t line = 0;
  Error error;
};

/// Two heads of one log, of the same size with different roots: the log had two pasts. Where both
/// are signed that is proof, whatever the log says now.
struct Fork {
  uint64_t first_line = 0;
  uint64_t second_line = 0;
  uint64_t size = 0;
};

enum class Signatures : uint8_t {
  checked,      ///< Every head given is signed with one of the keys.
  not_checked,  ///< No key was given: whoever can write the file can have written the heads.
};

/// What a file of heads says of one log.
struct HeadsReading {
  Signatures signatures = Signatures::not_checked;
  std::vector<HeadOfLine> heads;   ///< Of the log asked for, in the order of the file.
  std::vector<Fork> forks;         ///< Among them.
  uint64_t fork_count = 0;         ///< More than there are `forks` only over HeadsLimits.
  std::vector<uint64_t> set_back;  ///< Lines of heads smaller than one before; at most max_forks.
  uint64_t other_logs = 0;         ///< Heads of other logs; their signatures were not looked at.
  std::vector<BadLine> bad_lines;  ///< Of any log.
  uint64_t bad_line_count = 0;     ///< More than there are `bad_lines` only over HeadsLimits.

  /// The heads as a log is held against them, each called after its time and line.
  [[nodiscard]] NotedHeads noted() const;
};

/// Reads a file of heads for the log of that name, every byte of it untrusted. With keys, a head of
/// this log counts only if one of them verifies it; else its line is bad: not_found, "head.key", or
/// integrity_mismatch, "head.signature". A line that is no head is bad with the error of
/// parse_head_line(), a last line without an end with truncated, "heads.last-line". Empty lines
/// are passed over. Errors: those of the source; limit_exceeded, "heads.max_file_bytes".
[[nodiscard]] Result<HeadsReading> read_heads(const ByteSource& file, std::string_view log,
                                              std::span<const PublicKey> keys,
                                              const HeadsLimits& limits = {});

/// A file to which heads are appended, best on another machine or on a medium that is taken away.
/// Opened anew for each head, so that the medium may come and go.
class HeadsFile final : public HeadDestination {
 public:
  explicit HeadsFile(std::filesystem::path file) : file_(std::move(file)) {}

  [[nodiscard]] std::string name() const override { return file_.string(); }

  /// Makes the file, mode 0600, where it is not there; never follows a link in its place. What a
  /// crash left of a line stays, on a line of its own. Several processes may append to one file.
  void append(std::string_view line) override;

 private:
  std::filesystem::path file_;
};

}  // namespace safelight::audit
