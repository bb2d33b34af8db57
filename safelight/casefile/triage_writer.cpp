#include "safelight/casefile/triage_writer.h"

#include <utility>

#include "safelight/casefile/internal/committer.h"
#include "safelight/casefile/internal/place.h"
#include "safelight/casefile/internal/row_text.h"
#include "safelight/database/place.h"

namespace safelight::casefile {

class TriageWriter::State {
 public:
  State(const std::filesystem::path& directory, Descriptor lock, const Clock& clock)
      : lock_(std::move(lock)), committer_(directory, clock) {
    committer_.open();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { committer_.checkpoint(); }

  void commit(const TriageBatch& batch) {
    committer_.commit(batch.state ? "triage.stored" : "triage.batch", {}, [&] {
      for (const StoredGroup& group : batch.groups) add_group(group);
      for (const StoredMember& member : batch.members) add_member(member);
      for (const ItemReview& review : batch.reviews) add_review(review);
      if (batch.state) {
        committer_.row(Table::triages)
            .integer(static_cast<int64_t>(batch.state->as_of))
            .text(named_texts_to_row(batch.state->options))
            .insert();
      }
    });
  }

  void note(std::string_view kind, const audit::Details& details) {
    committer_.commit(std::string(kind), details, [] {});
  }

 private:
  std::optional<int64_t> first_row(const std::optional<ItemId>& item) {
    return item ? std::optional(committer_.first_row(*item)) : std::nullopt;
  }

  void add_group(const StoredGroup& group) {
    const int64_t centre = committer_.first_row(group.centre);
    const int64_t shown = committer_.first_row(group.shown);
    committer_.row(Table::item_groups)
        .text(to_text(group.kind))
        .text(to_text(group.mode))
        .integer(centre)
        .integer(shown)
        .integer(static_cast<int64_t>(group.members))
        .insert();
  }

  void add_member(const StoredMember& member) {
    const int64_t item = committer_.first_row(member.item);
    const auto centre = first_row(member.centre);
    committer_.row(Table::group_members)
        .integer(item)
        .text(to_text(member.kind))
        .text(to_text(member.mode))
        .integer(centre)
        .integer(member.distance_bits)
        .insert();
  }

  void add_review(const ItemReview& one) {
    const int64_t item = committer_.first_row(one.item);
    const auto shown_with = first_row(one.review.shown_with);
    committer_.row(Table::reviews)
        .integer(item)
        .text(one.review.rank_class)
        .blob(std::as_bytes(std::span(one.review.key)))
        .text(reasons_to_row(one.review.reasons))
        .integer(shown_with)
        .insert();
  }

  Descriptor lock_;
  Committer committer_;
};

TriageWriter TriageWriter::open(const std::filesystem::path& directory, const Clock& clock,
                                LogSink& log) {
  auto writer = try_open(directory, clock, log);
  if (!writer) throw in_use(directory, "put in order");
  return std::move(*writer);
}

std::optional<TriageWriter> TriageWriter::try_open(const std::filesystem::path& directory,
                                                   const Clock& clock, LogSink& log) {
  database::require_local(directory, kWhat, log);
  require_case(directory);
  auto lock = try_lock(directory, kTriageLockName);
  if (!lock) return std::nullopt;
  database::tighten_modes(directory / kDatabaseName);
  return TriageWriter(std::make_unique<State>(directory, std::move(*lock), clock));
}

TriageWriter::TriageWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
TriageWriter::TriageWriter(TriageWriter&&) noexcept = default;
TriageWriter& TriageWriter::operator=(TriageWriter&&) noexcept = default;
TriageWriter::~TriageWriter() = default;

void TriageWriter::commit(const TriageBatch& batch) { state_->commit(batch); }
void TriageWriter::note(std::string_view kind, const audit::Details& details) {
  state_->note(kind, details);
}

}  // namespace safelight::casefile
