#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "safelight/audit/merkle_tree.h"
#include "safelight/audit/record.h"
#include "safelight/casefile/case_info.h"
#include "safelight/casefile/content.h"
#include "safelight/casefile/item.h"
#include "safelight/casefile/review.h"

namespace safelight::casefile {

/// Items and bytes that have something in common.
struct Tally {
  uint64_t items = 0;
  uint64_t bytes = 0;
  friend bool operator==(const Tally&, const Tally&) = default;
};

/// Counts over the latest revision of every item. Keys of maps are the stable names of types and
/// kinds, so that they sort as they print.
struct Summary {
  Tally items;
  uint64_t contents = 0;  ///< Distinct contents among them.
  std::map<std::string, Tally> by_format;
  std::map<Coverage, Tally> by_coverage;
  std::map<std::string, uint64_t> by_finding;  ///< Findings of items and their contents, by kind.
  /// Items by the grades of their evidence of origin; an item counts once for each grade.
  std::map<Grade, uint64_t> by_grade;
  std::map<std::string, uint64_t> by_error;  ///< Items not or partly examined, by error code.
  /// Items by what they hit; an item counts once for each list and category.
  struct HitGroup {
    std::string list;
    std::string category;
    Disposition disposition = Disposition::review;
    friend auto operator<=>(const HitGroup&, const HitGroup&) = default;
  };
  std::map<HitGroup, uint64_t> by_hit;
  std::map<Disposition, uint64_t> by_disposition;  ///< Items once each, by their gravest hit.

  /// Items with evidence of that grade.
  [[nodiscard]] uint64_t items_of(Grade grade) const;
};

/// A view of a case, also while somebody writes to it. Each call sees one state of the case, that
/// of the last commit; a Snapshot makes several calls see the same one. Used from one thread at a
/// time; open one for each thread. Members throw Fault where the case is damaged or cannot be read.
class Reader {
  class State;

 public:
  static Reader open(const std::filesystem::path& directory);

  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  /// As long as it lives all calls see one state of the case, that of the first of them. What is
  /// written meanwhile stays in the write-ahead log. Must not outlive the reader.
  class Snapshot {
   public:
    Snapshot(Snapshot&&) noexcept;
    Snapshot& operator=(Snapshot&&) noexcept;
    ~Snapshot();

   private:
    friend class Reader;
    class Transaction;
    explicit Snapshot(std::unique_ptr<Transaction> transaction);
    std::unique_ptr<Transaction> transaction_;
  };
  [[nodiscard]] Snapshot snapshot() const;

  [[nodiscard]] CaseDescription description() const;
  [[nodiscard]] std::vector<Source> sources() const;
  [[nodiscard]] std::vector<Run> runs() const;
  /// The latest run, if it has not ended and somebody writes to the case now.
  [[nodiscard]] std::optional<Run> running() const;
  /// Every list use on record, oldest first; the last of a name is the one in force.
  [[nodiscard]] std::vector<ListUse> list_uses() const;

  /// A content with its latest examination and the hits that stand.
  [[nodiscard]] std::optional<StoredContent> find_content(const ContentKey& key) const;
  /// The latest revision of an item, with its findings; `content` of the result is left empty.
  [[nodiscard]] std::optional<StoredItem> find_item(const ItemId& id) const;
  /// The place of an item in the order of review, as triage last stored it.
  [[nodiscard]] std::optional<StoredReview> find_review(const ItemId& id) const;
  /// The items whose latest revision holds this content, in ItemId order.
  [[nodiscard]] std::vector<ItemId> items_of(const ContentKey& key) const;

  /// Every item in ItemId order, the latest revision of each, with its content. Memory does not
  /// grow with the case. `use` may call other members.
  void for_each_item(const std::function<void(const StoredItem&)>& use) const;
  /// Every content in the order of first appearance. Memory does not grow with the case. `use` may
  /// call other members.
  void for_each_content(const std::function<void(const StoredContent&)>& use) const;

  [[nodiscard]] Summary summary() const;

  /// Sequence number of the last commit: rises with whatever is written to the case.
  [[nodiscard]] uint64_t version() const;
  /// Sequence number of the last commit that said something of the evidence: of items, contents,
  /// examinations or hits. What triage stores does not change it.
  [[nodiscard]] uint64_t evidence_version() const;
  /// Likewise of the evidence or the order of review: what cards are made of.
  [[nodiscard]] uint64_t review_version() const;
  /// Of what case and with which options groups and order were last stored as a whole.
  [[nodiscard]] std::optional<TriageState> triage_state() const;
  /// What triage stored, oldest first: a later one replaces an earlier one of the same group or
  /// item (and kind and mode). `use` may call other members.
  void for_each_group(const std::function<void(const StoredGroup&)>& use) const;
  void for_each_member(const std::function<void(const StoredMember&)>& use) const;
  void for_each_review(const std::function<void(const ItemReview&)>& use) const;

  /// Every record of the audit log in order, as stored: neither chain nor digests are checked.
  void for_each_record(const std::function<void(const audit::Record&)>& use) const;
  /// The audit log's head, computed from its records.
  [[nodiscard]] audit::TreeHead head() const;

 private:
  explicit Reader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace safelight::casefile
