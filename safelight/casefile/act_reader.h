#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "safelight/casefile/act.h"

namespace safelight::casefile {

/// What people did with a case, also while they do it: each call sees one state of the case. A case
/// of a version without such rows gives none. Used from one thread at a time. Members throw Fault
/// where the case is damaged or cannot be read.
class ActReader {
 public:
  static ActReader open(const std::filesystem::path& directory);

  ActReader(ActReader&&) noexcept;
  ActReader& operator=(ActReader&&) noexcept;
  ~ActReader();

  /// The acts with a higher number than `after`, in their order. `use` may call other members.
  void for_each_act(uint64_t after, const std::function<void(const StoredAct&)>& use) const;
  [[nodiscard]] std::optional<StoredAct> find_act(uint64_t number) const;
  /// Those that name the item, and what undid or redid them, in their order.
  [[nodiscard]] std::vector<StoredAct> acts_of(const ItemId& item) const;

  /// All exposures, each as it was last recorded, the latest recorded last. `use` may call other
  /// members.
  void for_each_exposure(const std::function<void(const Exposure&)>& use) const;
  [[nodiscard]] std::vector<Exposure> exposures_of(const ItemId& item) const;

  /// The setting that holds; nothing where none was ever made.
  [[nodiscard]] std::optional<Setting> setting(std::string_view name) const;

 private:
  class State;
  explicit ActReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace safelight::casefile
