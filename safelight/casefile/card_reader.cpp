#include "safelight/casefile/card_reader.h"

#include <algorithm>
#include <deque>
#include <string>
#include <unordered_map>

#include "safelight/casefile/internal/open_database.h"
#include "safelight/casefile/internal/place.h"
#include "safelight/casefile/internal/row_text.h"
#include "safelight/casefile/internal/schema.h"
#include "safelight/database/statement.h"
#include "safelight/database/transaction.h"

namespace safelight::casefile {
namespace {

constexpr int kFirstVersionWithReviews = 2;

/// The bit of Card::grades.
uint8_t bit_of(std::string_view grade) {
  return static_cast<uint8_t>(1U << static_cast<unsigned>(grade_from_text(grade)));
}

/// Texts that come again and again, each kept once.
class Texts {
 public:
  uint16_t number(std::string_view text) {
    const auto found = numbers_.find(text);
    if (found != numbers_.end()) return found->second;
    if (texts_.size() > UINT16_MAX) throw_damaged("more formats or lists than there can be");
    texts_.emplace_back(text);
    const auto number = static_cast<uint16_t>(texts_.size() - 1);
    numbers_.emplace(texts_.back(), number);
    return number;
  }
  [[nodiscard]] std::string_view text(uint16_t number) const { return texts_[number]; }

 private:
  std::deque<std::string> texts_;
  std::unordered_map<std::string_view, uint16_t> numbers_;
};

/// Card::name_at of the path that shows `origin`: counted from behind, as its text is made of the
/// steps one by one.
size_t name_at(const Origin& origin, std::string_view path) {
  size_t length = 0;
  for (auto step = origin.steps.rbegin(); step != origin.steps.rend(); ++step) {
    if (step->kind == StepKind::embedded_picture) {
      length += 1 + escape_name(step->name).size();
      continue;
    }
    const size_t slash = step->name.rfind('/');
    length += escape_name(std::string_view(step->name).substr(slash + 1)).size();
    break;
  }
  return path.size() - std::min(length, path.size());
}

/// Of a vector by row, the place of one. Rows are numbered from 1 without gaps, so that none is
/// beyond their number but in a damaged case.
template <typename T>
T& at_row(std::vector<T>& rows, int64_t row) {
  if (row < 1 || static_cast<uint64_t>(row) >= rows.size()) {
    throw_damaged("a row of no possible id");
  }
  return rows[static_cast<size_t>(row)];
}

/// What the latest examination says of a content.
struct ContentFacts {
  int64_t examination = 0;
  uint32_t width = 0;
  uint32_t height = 0;
  uint16_t format = 0;
  Coverage coverage = Coverage::none;
  uint8_t grades = 0;
};

struct ReviewFacts {
  int64_t shown_with = 0;
  std::string key;
  uint16_t rank_class = 0;
  bool is_there = false;
};

/// Rows of an item that was recorded more than once.
struct RevisedRows {
  int64_t first = 0;
  int64_t latest = 0;
};

struct HitFacts {
  uint16_t list = 0;
  uint16_t category = 0;
  Disposition disposition = Disposition::review;
  friend auto operator<=>(const HitFacts&, const HitFacts&) = default;
};

/// Reads table after table, each once and in the order of its rows.
class Cards {
 public:
  Cards(database::Connection& connection, int version)
      : connection_(connection), version_(version) {}

  void read(const std::function<void(const Card&)>& use) {
    read_examinations();
    read_grades();
    read_hits();
    if (version_ >= kFirstVersionWithReviews) read_reviews();
    read_revised();
    give_items(use);
  }

 private:
  /// One more than a table has rows: for a vector by row.
  size_t rows_of(const std::string& table) {
    return static_cast<size_t>(connection_.integer("SELECT count(*) + 1 FROM " + table));
  }

  void read_examinations() {
    contents_.resize(rows_of("contents"));
    content_of_.resize(rows_of("examinations"));
    database::Statement row(
        connection_,
        "SELECT content_id, id, format, width, height, coverage FROM examinations "
        "ORDER BY id");
    while (row.step()) {
      ContentFacts& facts = at_row(contents_, row.integer(0));
      facts = {row.integer(1),
               static_cast<uint32_t>(row.integer(3)),
               static_cast<uint32_t>(row.integer(4)),
               texts_.number(row.text(2)),
               coverage_from_text(row.text(5)),
               0};
      at_row(content_of_, row.integer(1)) = static_cast<uint32_t>(row.integer(0));
    }
  }

  void read_grades() {
    database::Statement row(
        connection_, "SELECT examination_id, grade FROM content_findings WHERE grade <> 'fact'");
    while (row.step()) {
      ContentFacts& facts = at_row(contents_, at_row(content_of_, row.integer(0)));
      if (facts.examination == row.integer(0)) facts.grades |= bit_of(row.text(1));
    }
    database::Statement of_item(connection_,
                                "SELECT item_row, grade FROM item_findings WHERE grade <> 'fact'");
    while (of_item.step()) item_grades_[of_item.integer(0)] |= bit_of(of_item.text(1));
  }

  void read_hits() {
    // A hit is named by list, entry, kind and mode: a later row replaces or withdraws it.
    database::Statement row(
        connection_,
        "SELECT h.content_id, u.name, h.category, h.disposition, h.state, h.entry_id, "
        "h.kind, h.mode FROM hits h JOIN list_uses u ON u.id = h.list_use_id "
        "ORDER BY h.id");
    std::unordered_map<int64_t, std::vector<std::pair<std::string, HitFacts>>> named;
    while (row.step()) {
      std::string name;
      for (const int column : {1, 5, 6, 7}) (name += row.text(column)) += '\n';
      auto& hits = named[row.integer(0)];
      std::erase_if(hits, [&](const auto& hit) { return hit.first == name; });
      if (row.text(4) == "withdrawn") continue;
      hits.emplace_back(
          std::move(name),
          HitFacts{texts_.number(row.text(1)), texts_.number(row.text(2)),
                   require_row(disposition_from_text(row.text(3)), "a hit of no known sort")});
    }
    for (const auto& [content, hits] : named) {
      std::vector<HitFacts>& out = hits_[content];
      for (const auto& hit : hits) out.push_back(hit.second);
      std::sort(out.begin(), out.end());
      out.erase(std::unique(out.begin(), out.end()), out.end());
    }
  }

  void read_reviews() {
    // Places are given to all items together: what was not stored to its end gives none.
    if (connection_.integer("SELECT count(*) FROM triages") == 0) return;
    reviews_.resize(rows_of("items"));
    database::Statement row(
        connection_, "SELECT item_row, class, sort_key, shown_with_row FROM reviews ORDER BY id");
    while (row.step()) {
      ReviewFacts& facts = at_row(reviews_, row.integer(0));
      const auto key = row.blob(2);
      facts.key.assign(reinterpret_cast<const char*>(key.data()), key.size());
      facts.rank_class = texts_.number(row.text(1));
      facts.shown_with = row.is_null(3) ? 0 : row.integer(3);
      facts.is_there = true;
    }
  }

  /// Items that were recorded more than once, which few are.
  void read_revised() {
    database::Statement row(
        connection_,
        "SELECT item_id, min(id), max(id) FROM items GROUP BY item_id HAVING count(*) > 1");
    while (row.step()) {
      revised_[digest_from_row<Sha256>(row.blob(0))] = {row.integer(1), row.integer(2)};
    }
  }

  void give_items(const std::function<void(const Card&)>& use) {
    database::Statement row(
        connection_,
        "SELECT id, item_id, kind, origin, display_path, content_id, size_bytes, "
        "modified_ns, coverage, zones FROM items ORDER BY id");
    std::vector<CardHit> hits;
    while (row.step()) {
      Card card;
      card.item = {digest_from_row<Sha256>(row.blob(1))};
      card.row = row.integer(0);
      if (const auto found = revised_.find(card.item.value); found != revised_.end()) {
        if (found->second.latest != card.row) continue;
        card.row = found->second.first;
      }
      card.kind = item_kind_from_row(row.text(2));
      const auto origin = require_row(decode_origin(row.blob(3)), "an origin that cannot be read");
      card.source = origin.source_id;
      card.path = row.text(4);
      card.name_at = name_at(origin, card.path);
      if (!row.is_null(6)) card.size_bytes = static_cast<uint64_t>(row.integer(6));
      const std::string_view zones = row.text(9);
      if (zones.empty()) throw_damaged("times without their zones");
      card.modified = timestamp_from_row(zones[0], row.integer(7));
      card.coverage = coverage_from_text(row.text(8));
      add_content(row, card, hits);
      add_review(card);
      use(card);
    }
  }

  void add_content(const database::Statement& row, Card& card, std::vector<CardHit>& hits) {
    const auto of_item = item_grades_.find(row.integer(0));
    if (of_item != item_grades_.end()) card.grades = of_item->second;
    if (row.is_null(5)) return;
    const int64_t content = row.integer(5);
    const ContentFacts& facts = at_row(contents_, content);
    if (facts.examination != 0) {
      card.format = texts_.text(facts.format);
      card.width = facts.width;
      card.height = facts.height;
      card.grades |= facts.grades;
      card.coverage = std::max(card.coverage, facts.coverage);
    }
    hits.clear();
    if (const auto found = hits_.find(content); found != hits_.end()) {
      for (const HitFacts& hit : found->second) {
        hits.push_back({texts_.text(hit.list), texts_.text(hit.category), hit.disposition});
      }
    }
    card.hits = hits;
  }

  void add_review(Card& card) {
    if (reviews_.empty()) return;
    const ReviewFacts& facts = at_row(reviews_, card.row);
    if (!facts.is_there) return;
    card.rank_class = texts_.text(facts.rank_class);
    card.key = facts.key;
    card.shown_with = facts.shown_with;
  }

  database::Connection& connection_;
  const int version_;
  Texts texts_;
  std::vector<ContentFacts> contents_;  ///< By row.
  std::vector<uint32_t> content_of_;    ///< The content's row, by that of an examination.
  std::unordered_map<int64_t, uint32_t> item_grades_;        ///< By row.
  std::unordered_map<int64_t, std::vector<HitFacts>> hits_;  ///< By the content's row.
  std::vector<ReviewFacts> reviews_;                         ///< By the item's first row.
  std::unordered_map<Sha256, RevisedRows> revised_;
};

}  // namespace

void for_each_card(const std::filesystem::path& directory,
                   const std::function<void(const Card&)>& use) {
  database::Connection connection = open_for_reading(directory);
  database::ReadTransaction transaction(connection);
  const int version = require_schema(connection, (directory / kDatabaseName).string());
  Cards(connection, version).read(use);
}

}  // namespace safelight::casefile
