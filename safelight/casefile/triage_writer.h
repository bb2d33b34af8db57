#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "safelight/audit/details.h"
#include "safelight/base/clock.h"
#include "safelight/base/log.h"
#include "safelight/casefile/review.h"

namespace safelight::casefile {

/// Writes groups and order of review, beside the Writer of a run and the ActWriter: a case can be
/// put in order while it grows. One at a time holds the case's triage lock. As with Writer nothing
/// is updated or deleted, and every call is one durable transaction with its record in the audit
/// log.
///
/// Used from one thread at a time. Every member throws Fault where the disk is full, the case is
/// damaged or the system fails; the case then holds what the last successful call left.
class TriageWriter {
 public:
  /// Throws Fault as Writer::open(), but only another TriageWriter is in the way. `clock` and `log`
  /// outlive it.
  static TriageWriter open(const std::filesystem::path& directory, const Clock& clock,
                           LogSink& log);
  /// The same; nothing where another TriageWriter is in the way.
  static std::optional<TriageWriter> try_open(const std::filesystem::path& directory,
                                              const Clock& clock, LogSink& log);

  TriageWriter(TriageWriter&&) noexcept;
  TriageWriter& operator=(TriageWriter&&) noexcept;
  ~TriageWriter();

  /// Writes a part of what triage found. Throws std::invalid_argument, having written nothing, for
  /// an item that is not in the case.
  void commit(const TriageBatch& batch);

  /// As Writer::note().
  void note(std::string_view kind, const audit::Details& details);

 private:
  class State;
  explicit TriageWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace safelight::casefile
