#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "safelight/audit/details.h"
#include "safelight/audit/merkle_tree.h"
#include "safelight/base/clock.h"
#include "safelight/base/log.h"
#include "safelight/casefile/act.h"

namespace safelight::casefile {

/// Writes what people do with a case, beside the Writer of a run: a case can be reviewed while it
/// is scanned. One at a time holds the case's review lock. As with Writer nothing is updated or
/// deleted, and every call is one durable transaction with its record in the audit log.
///
/// `from` is where the person did it, an address or a device: the audit log has it, "" for nothing.
///
/// Used from one thread at a time. Every member throws Fault where the disk is full, the case is
/// damaged or the system fails; the case then holds what the last successful call left.
class ActWriter {
 public:
  /// Throws Fault as Writer::open(), but only another ActWriter is in the way. `clock` and `log`
  /// outlive it.
  static ActWriter open(const std::filesystem::path& directory, const Clock& clock, LogSink& log);

  ActWriter(ActWriter&&) noexcept;
  ActWriter& operator=(ActWriter&&) noexcept;
  ~ActWriter();

  /// Records an act and gives its number. Throws std::invalid_argument, having written nothing, for
  /// an item that is not in the case, or an act that is of no earlier one.
  uint64_t act(const Act& act, std::span<const ItemId> items, std::string_view from = {});

  /// Records an exposure, or replaces what was recorded of the same item, person and beginning: it
  /// is recorded before the picture is shown, and again when it is known for how long. Throws
  /// std::invalid_argument likewise.
  void expose(const Exposure& exposure, std::string_view from = {});

  /// Replaces the setting of that name. `person` is who asks for it.
  void set(std::string_view name, std::string_view value, std::string_view person,
           std::string_view from = {});

  /// As Writer::note().
  void note(std::string_view kind, const audit::Details& details);

  /// As of the last call that wrote.
  [[nodiscard]] audit::TreeHead head() const;

 private:
  class State;
  explicit ActWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace safelight::casefile
