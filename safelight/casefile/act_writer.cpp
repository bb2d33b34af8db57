#include "safelight/casefile/act_writer.h"

#include <stdexcept>
#include <string>

#include "safelight/base/fault.h"
#include "safelight/casefile/internal/committer.h"
#include "safelight/casefile/internal/place.h"
#include "safelight/casefile/internal/row_text.h"
#include "safelight/database/place.h"

namespace safelight::casefile {
namespace {

/// What the audit log says of what a person did.
audit::Details deed(std::string_view person, std::string_view from, audit::Details more,
                    std::string item = "") {
  return audit::details_of({.person = clean_text(std::string(person)),
                            .item = std::move(item),
                            .from = clean_text(std::string(from)),
                            .more = std::move(more)});
}

}  // namespace

class ActWriter::State {
 public:
  State(const std::filesystem::path& directory, Descriptor lock, const Clock& clock)
      : lock_(std::move(lock)), committer_(directory, clock) {
    committer_.open();
  }

  uint64_t act(const Act& act, std::span<const ItemId> items, std::string_view from) {
    const int64_t next = committer_.inserter(Table::acts).next_id();
    if (act.of_act && (*act.of_act < 1 || *act.of_act >= static_cast<uint64_t>(next))) {
      throw std::invalid_argument("case: an act is of one that is not in it");
    }
    const int64_t now_ns = committer_.clock().now_ns();
    committer_.commit_at(
        "review." + std::string(to_text(act.kind)),
        deed(act.person, from,
             {{"act", std::to_string(next)}, {"items", std::to_string(items.size())}}),
        now_ns, [&] {
          committer_.row(Table::acts)
              .text(clean_text(act.person))
              .integer(now_ns)
              .text(to_text(act.kind))
              .text(clean_text(act.value))
              .text(clean_text(act.text))
              .integer(act.of_act ? std::optional(static_cast<int64_t>(*act.of_act)) : std::nullopt)
              .insert();
          for (const ItemId& item : items) {
            committer_.row(Table::act_items)
                .integer(next)
                .integer(committer_.first_row(item))
                .insert();
          }
        });
    return static_cast<uint64_t>(next);
  }

  void expose(const Exposure& exposure, std::string_view from) {
    committer_.commit("review.exposed",
                      deed(exposure.person, from,
                           {{"rendition", clean_text(exposure.rendition)},
                            {"shown_ms", std::to_string(exposure.shown_ms)}},
                           to_hex(exposure.item.value)),
                      [&] {
                        committer_.row(Table::exposures)
                            .integer(committer_.first_row(exposure.item))
                            .text(clean_text(exposure.person))
                            .text(clean_text(exposure.rendition))
                            .integer(exposure.began_ns)
                            .integer(exposure.shown_ms)
                            .text(clean_text(exposure.reason))
                            .insert();
                      });
  }

  void set(std::string_view name, std::string_view value, std::string_view person,
           std::string_view from) {
    const int64_t now_ns = committer_.clock().now_ns();
    committer_.commit_at("review.setting", deed(person, from, {{"name", std::string(name)}}),
                         now_ns, [&] {
                           committer_.row(Table::settings)
                               .text(name)
                               .text(clean_text(std::string(value)))
                               .text(clean_text(std::string(person)))
                               .integer(now_ns)
                               .insert();
                         });
  }

  void note(std::string_view kind, const Committer::Details& details) {
    committer_.commit(std::string(kind), details, [] {});
  }

  [[nodiscard]] audit::TreeHead head() const { return committer_.head(); }

 private:
  Descriptor lock_;
  Committer committer_;
};

ActWriter ActWriter::open(const std::filesystem::path& directory, const Clock& clock,
                          LogSink& log) {
  database::require_local(directory, kWhat, log);
  require_case(directory);
  Descriptor lock = take_lock(directory, kReviewLockName, "reviewed");
  database::tighten_modes(directory / kDatabaseName);
  return ActWriter(std::make_unique<State>(directory, std::move(lock), clock));
}

ActWriter::ActWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
ActWriter::ActWriter(ActWriter&&) noexcept = default;
ActWriter& ActWriter::operator=(ActWriter&&) noexcept = default;
ActWriter::~ActWriter() = default;

uint64_t ActWriter::act(const Act& act, std::span<const ItemId> items, std::string_view from) {
  return state_->act(act, items, from);
}
void ActWriter::expose(const Exposure& exposure, std::string_view from) {
  state_->expose(exposure, from);
}
void ActWriter::set(std::string_view name, std::string_view value, std::string_view person,
                    std::string_view from) {
  state_->set(name, value, person, from);
}
void ActWriter::note(std::string_view kind, const audit::Details& details) {
  state_->note(kind, details);
}
audit::TreeHead ActWriter::head() const { return state_->head(); }

}  // namespace safelight::casefile
