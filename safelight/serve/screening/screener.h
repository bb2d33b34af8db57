#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/bytes/file.h"
#include "safelight/evidence/hit.h"
#include "safelight/serve/screening/examiner_pool.h"
#include "safelight/serve/screening/lists_in_use.h"

namespace safelight::serve {

/// All that a platform is told of an upload.
enum class UploadVerdict : uint8_t { accept, hold };

/// Why an upload is held: for those who review it, never for who sent it.
enum class HoldReason : uint8_t {
  digest,           ///< In a list, by a digest of the file or of a picture in it.
  fingerprint,      ///< Near an entry of a list.
  not_examined,     ///< Could not be decoded: not examined is not clean.
  partly_examined,  ///< Part of it could not be examined.
  unmatchable,      ///< Has no fingerprint that says enough to be compared.
  near_queries,     ///< One of too many that are near each other: see NearQueryLimiter.
};
std::string_view to_text(HoldReason reason);

struct ScreenerOptions {
  /// The least grave disposition that holds an upload; `ordinary` counts as `unknown`, since what
  /// is known to be harmless never does.
  Disposition holds_from = Disposition::review;
  /// Whether a picture that has no fingerprint worth comparing is held. Flat pictures are such, and
  /// so is what was made to be such.
  bool unmatchable_holds = true;
};

/// Bounds for pictures that somebody uploads, tighter than those for a seizure: what is over them
/// is held. For ExaminerOptions::limits.
Limits upload_limits();

/// What became of an upload, with all that a case records of it.
struct Screened {
  UploadVerdict verdict = UploadVerdict::hold;
  std::vector<HoldReason> reasons;  ///< Each once, ascending; none of what is accepted.
  scan::DigestedFile digested;
  scan::ExaminedContents contents;   ///< Further stills of the file, and last the file itself.
  std::vector<MatchedItem> matches;  ///< Of `contents`, in their places.
  std::shared_ptr<const ListsAtOnce> lists;  ///< What they were compared with.

  /// Of the file as it stands, in the first mode that was asked for; nothing without one.
  [[nodiscard]] std::optional<Fingerprint> fingerprint() const;
  /// Holds it, for this reason too.
  void hold(HoldReason reason);
};

/// Says of uploaded pictures whether a human must look first. Digests are made here, pictures are
/// decoded and fingerprinted in confined workers of the tenant. Whatever was not examined in full
/// is held. Safe from many threads.
class Screener {
 public:
  /// All outlive it.
  Screener(ExaminerPool& examiners, ListsInUse& lists, const ScreenerOptions& options)
      : examiners_(examiners),
        lists_(lists),
        unmatchable_holds_(options.unmatchable_holds),
        holds_from_(options.holds_from) {}

  /// Errors: unsupported, "screen.type", where the first bytes are not those of a still picture
  /// that can be decoded, whatever the lists say; unreadable, changed. Throws Fault where a worker
  /// cannot be started or a list is damaged.
  [[nodiscard]] Result<Screened> screen(const FileSource& file, std::string_view tenant);

  /// The digests and fingerprints of a picture, compared with nothing. Errors: as screen().
  [[nodiscard]] Result<casefile::ExaminedContent> fingerprints(const FileSource& file,
                                                               std::string_view tenant,
                                                               const scan::PdqModes& modes);

  [[nodiscard]] ListsInUse& lists() { return lists_; }
  /// Holds from that disposition on from now on: see ScreenerOptions.
  void set_holds_from(Disposition disposition) { holds_from_ = disposition; }
  /// Whether a hit of that disposition holds an upload.
  [[nodiscard]] bool holds(Disposition disposition) const;

 private:
  void judge(Screened& screened) const;

  ExaminerPool& examiners_;
  ListsInUse& lists_;
  const bool unmatchable_holds_;
  std::atomic<Disposition> holds_from_;
};

}  // namespace safelight::serve
