#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "safelight/audit/merkle_tree.h"
#include "safelight/audit/noted_heads.h"
#include "safelight/audit/record.h"

namespace safelight::audit {

/// The first place at which a log is not as it was written.
struct LogBreak {
  enum class Kind : uint8_t {
    altered,    ///< The record is not what was written.
    misplaced,  ///< Another record stands where it should.
    missing,    ///< The records are gone, and later ones are there.
    rewritten,  ///< The records fit each other, but not a noted head.
    cut_off,    ///< The log ends before a noted head does.
    forked,     ///< Two noted heads of that size differ: the log had two pasts.
  };
  Kind kind = Kind::altered;
  /// What was changed lies in these records, the last included. They are more than one where
  /// nothing that is left tells which; noted heads bound them.
  uint64_t first = 0;
  uint64_t last = 0;
  std::string what;  ///< One sentence without a full stop.
};

/// Checks a log record by record, in order, keeping nothing but heads, and names the place where it
/// was changed: as narrowly as the records behind it and the heads that were noted elsewhere tell.
///
/// A log whose tail was cut off, or that was rewritten from some record to its end, is a good log
/// of its own: only a noted head shows that.
class LogExaminer {
 public:
  explicit LogExaminer(NotedHeads noted = {});

  /// Takes the next record's canonical bytes and gives the record; nothing once the records do not
  /// fit each other. What comes after that may still narrow the place down.
  std::optional<Record> add(std::span<const std::byte> encoded);

  /// Ends the log; what broken() gives is final then.
  void finish();

  /// The place found, or nothing.
  [[nodiscard]] const std::optional<LogBreak>& broken() const { return broken_; }
  /// Of the records that fit each other.
  [[nodiscard]] TreeHead head() const { return tree_.head(); }
  /// The size of the largest noted head that fits and before which every other one fitted: so many
  /// records are those that were vouched for.
  [[nodiscard]] uint64_t vouched_size() const { return vouched_size_; }
  /// How many noted heads fit.
  [[nodiscard]] uint64_t heads_fitting() const { return heads_fitting_; }

 private:
  enum class Links : uint8_t { whole, broken };
  struct Suspect {
    Sha256 hash;
    Sha256 previous;  ///< As it says.
  };

  void check_heads();
  void check_links(const Record& record, const Sha256& hash);
  void break_at(LogBreak::Kind kind, uint64_t first, uint64_t last, std::string what);
  void narrow_by(const Record& next);
  void look_for_missing(std::span<const std::byte> encoded);
  [[nodiscard]] bool is_rewritten_before(uint64_t at) const;

  NotedHeads noted_;
  size_t next_head_ = 0;  ///< Index of the first noted head that was not reached.
  uint64_t vouched_size_ = 0;
  uint64_t heads_fitting_ = 0;
  std::string last_fitting_;  ///< Its name; "" while none fitted.

  Frontier tree_;              ///< Of the records that fit each other.
  Frontier tree_before_last_;  ///< The same without the last of them.
  Sha256 last_;

  Links links_ = Links::whole;
  std::optional<LogBreak> broken_;
  /// The record that does not fit, where the next one may tell what was changed.
  std::optional<Suspect> suspect_;
  std::optional<uint64_t> awaited_;  ///< The record in whose place another one stands.
};

}  // namespace safelight::audit
