#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "safelight/base/clock.h"
#include "safelight/base/log.h"
#include "safelight/casefile/act_writer.h"
#include "safelight/serve/exposure/exposure_book.h"
#include "safelight/serve/exposure/reveals.h"
#include "safelight/serve/queue/case_queue.h"
#include "safelight/serve/room/act_request.h"
#include "safelight/serve/room/audience.h"
#include "safelight/serve/room/pictures.h"
#include "safelight/serve/room/reader_pool.h"
#include "safelight/serve/room/reviewer.h"

namespace safelight::serve {

/// Why an act was not done.
enum class ActRefusal : uint8_t {
  no_items,
  unknown_item,
  unknown_category,
  too_many_items,
  nothing_to_say,  ///< A flag or note without text.
};

inline constexpr size_t kMaxActItems = 100'000;

/// A case that people review together: what they decide and are shown goes through here, into the
/// case, and to everybody who follows it. Safe from many threads. Members throw Fault where the
/// case cannot be read or written; nothing of what was asked is done then.
class CaseRoom {
 public:
  /// Opens a case for review; nobody else reviews it meanwhile. What its people were shown before
  /// is added to `exposure`. Throws Fault. The references outlive it.
  CaseRoom(std::string name, std::filesystem::path directory, std::unique_ptr<Pictures> pictures,
           ExposureBook& exposure, RandomSource& random, const Clock& clock, LogSink& log);
  ~CaseRoom();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }
  [[nodiscard]] CaseQueue& queue() { return *queue_; }
  [[nodiscard]] Audience& audience() { return audience_; }
  [[nodiscard]] ReaderPool& readers() { return readers_; }
  [[nodiscard]] ReviewRules rules() const;

  /// Replaces scheme or policy.
  void set_scheme(const Scheme& scheme, const Reviewer& by);
  void set_policy(const ReviewPolicy& policy, const Reviewer& by);

  /// Does what a person asks, unless somebody else decided otherwise meanwhile.
  std::variant<DoneAct, std::vector<ActConflict>, ActRefusal> act(const ActRequest& request,
                                                                  const Reviewer& by);
  /// Undoes what the person did last, or does again what the person undid last; nothing where there
  /// is no such act. `id` as ActRequest::id.
  std::optional<TurnedAct> undo(const Reviewer& by, const std::string& id = "");
  std::optional<TurnedAct> redo(const Reviewer& by, const std::string& id = "");

  /// Covered: never counted, since nothing of what matters can be seen. Errors: those of Pictures.
  Result<ShownPicture> covered(const ItemId& item, RenditionStyle style);

  /// Lets a person see an item once, and gives the key of the reveal. Who may, and whether a budget
  /// is used up, is asked before.
  std::string grant(const ItemId& item, const Reviewer& by, const std::string& rendition,
                    const std::string& reason);
  /// The picture of a reveal, which is on record before it leaves. Errors: not_found,
  /// "reveal.none"; those of Pictures, and then nothing was shown.
  Result<ShownPicture> reveal(std::string_view key, const std::string& person);
  /// Takes down how long it was shown; false where there is no such reveal.
  bool end_reveal(std::string_view key, const std::string& person, uint64_t shown_ms);

  /// Notes in the case's audit log what left the case, or who looked at what is not theirs.
  void note(std::string_view kind, const std::vector<std::pair<std::string, std::string>>& details);

  /// Of the case's audit log now.
  [[nodiscard]] audit::TreeHead head() const;

  /// For a timer, every second or so: ends reveals of which nothing was heard, and takes up what a
  /// scan or triage has written.
  void tick();
  /// Ends reveals and streams, before the server stops.
  void close();

 private:
  std::optional<TurnedAct> turn(casefile::ActKind kind, const Reviewer& by, const std::string& id);
  /// What was answered to a request with that id. With `mutex_` held.
  template <class Answer>
  const Answer* answered(const std::string& person, const std::string& id) const;
  /// Writes an act and takes it into the queue. With `mutex_` held.
  casefile::StoredAct record(casefile::Act act, std::vector<ItemId> items, const Reviewer& by);
  void tell(const casefile::StoredAct& stored, const std::vector<ItemId>& items,
            std::string_view shown_name, std::string_view value);
  void tell_queue();
  void finish(const EndedReveal& ended);
  std::string category_of(const ItemId& item) const;

  const std::string name_;
  const std::filesystem::path directory_;
  const std::unique_ptr<Pictures> pictures_;
  ExposureBook& exposure_;
  const Clock& clock_;
  LogSink& log_;

  mutable std::mutex mutex_;  ///< Of what is written.
  casefile::ActWriter writer_;
  std::unique_ptr<CaseQueue> queue_;
  ReaderPool readers_;
  Audience audience_;
  Reveals reveals_;
  struct Answered {
    std::string person;
    std::string id;
    std::variant<DoneAct, TurnedAct> answer;
  };
  void keep_answer(const std::string& person, const std::string& id,
                   std::variant<DoneAct, TurnedAct> answer);
  std::deque<Answered> answered_;  ///< To the latest requests that had an id.
};

}  // namespace safelight::serve
