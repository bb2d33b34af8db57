#include "safelight/audit/log_examiner.h"

#include <algorithm>

namespace safelight::audit {
namespace {

std::string record_text(uint64_t number) { return "record " + std::to_string(number); }

std::string records_text(uint64_t first, uint64_t last) {
  if (first == last) return record_text(first);
  return "records " + std::to_string(first) + " to " + std::to_string(last);
}

std::string altered_text(uint64_t number) {
  return record_text(number) + " is not as it was written";
}

std::string one_of_text(uint64_t first, uint64_t last) {
  if (first == last) return altered_text(first);
  return "one or more of " + records_text(first, last) + " are not as they were written";
}

/// Whether a record vouches for the log before it with but its last record exchanged: `before` is
/// the tree without that one. The root binds all of them, so that the last alone was changed; but
/// for an empty `before`, where root and record are one.
bool vouches_for_all_but_last(Frontier before, const Record& record) {
  before.append(record.previous);
  return before.root() == record.previous_root;
}

}  // namespace

LogExaminer::LogExaminer(NotedHeads noted) : noted_(std::move(noted)) { check_heads(); }

std::optional<Record> LogExaminer::add(std::span<const std::byte> encoded) {
  if (links_ == Links::broken) {
    look_for_missing(encoded);
    return std::nullopt;
  }
  const uint64_t at = tree_.size();
  auto record = decode_record(encoded);
  if (!record) {
    links_ = Links::broken;
    if (!is_rewritten_before(at)) {
      break_at(LogBreak::Kind::altered, at, at,
               record_text(at) + " cannot be read (" + std::string(record.error().rule) + ")");
    }
    return std::nullopt;
  }
  const Sha256 hash = record_hash(encoded);
  check_links(*record, hash);
  if (links_ == Links::broken) return std::nullopt;
  if (at > 0) tree_before_last_.append(last_);
  last_ = hash;
  tree_.append(last_);
  check_heads();
  return *std::move(record);
}

void LogExaminer::check_links(const Record& record, const Sha256& hash) {
  const uint64_t at = tree_.size();
  const bool names_previous = record.previous == last_;
  const bool names_tree = record.previous_root == tree_.root();
  const bool names_place = record.sequence == at;
  if (names_previous && names_tree && names_place) return;
  links_ = Links::broken;
  if (names_tree) {
    // All before it is as the record says: what does not fit is in the record itself.
    if (!is_rewritten_before(at)) break_at(LogBreak::Kind::altered, at, at, altered_text(at));
  } else if (!names_place) {
    if (is_rewritten_before(at)) return;
    awaited_ = at;
    if (record.sequence > at) {
      break_at(LogBreak::Kind::missing, at, record.sequence - 1,
               records_text(at, record.sequence - 1) +
                   (record.sequence - 1 > at ? " are missing" : " is missing"));
    } else {
      break_at(
          LogBreak::Kind::misplaced, at, at,
          record_text(record.sequence) + " stands once more in the place of " + record_text(at));
    }
  } else if (!names_previous && at > 1 && vouched_size_ < at &&
             vouches_for_all_but_last(tree_before_last_, record)) {
    // Narrower than what a noted head may have shown before.
    if (!broken_ || (broken_->kind == LogBreak::Kind::rewritten && broken_->last == at - 1)) {
      broken_.reset();
      break_at(LogBreak::Kind::altered, at - 1, at - 1, altered_text(at - 1));
    }
  } else if (!is_rewritten_before(at)) {
    break_at(LogBreak::Kind::altered, vouched_size_, at, one_of_text(vouched_size_, at));
    suspect_ = {hash, record.previous};
  }
}

void LogExaminer::break_at(LogBreak::Kind kind, uint64_t first, uint64_t last, std::string what) {
  broken_ = LogBreak{kind, first, last, std::move(what)};
}

bool LogExaminer::is_rewritten_before(uint64_t at) const { return broken_ && broken_->last < at; }

void LogExaminer::look_for_missing(std::span<const std::byte> encoded) {
  if (!suspect_ && !awaited_) return;
  const auto record = decode_record(encoded);
  if (suspect_ && record) narrow_by(*record);
  suspect_.reset();
  if (!record) return;
  if (awaited_ && record->sequence == *awaited_) {
    const uint64_t place = *awaited_;
    awaited_.reset();
    break_at(LogBreak::Kind::misplaced, place, place,
             record_text(place) + " was moved: it stands behind a later one");
  }
}

void LogExaminer::narrow_by(const Record& next) {
  const uint64_t at = tree_.size();
  if (next.sequence != at + 1) return;
  if (vouches_for_all_but_last(tree_, next)) {
    break_at(LogBreak::Kind::altered, at, at, altered_text(at));
    return;
  }
  // A tree of one record has no root but that record's hash: record 1 says too little of record 0.
  Frontier tree = tree_before_last_;
  tree.append(suspect_->previous);
  tree.append(suspect_->hash);
  if (at == 1 && tree.root() == next.previous_root) {
    break_at(LogBreak::Kind::altered, 0, 0, altered_text(0));
  }
}

void LogExaminer::check_heads() {
  const auto heads = noted_.smallest_first();
  if (next_head_ == heads.size() || heads[next_head_].head.size != tree_.size()) return;
  const TreeHead head = tree_.head();
  const NotedHead* fits = nullptr;
  const NotedHead* other = nullptr;
  for (; next_head_ < heads.size() && heads[next_head_].head.size == head.size; ++next_head_) {
    const NotedHead& noted = heads[next_head_];
    const NotedHead*& found = noted.head == head ? fits : other;
    if (found == nullptr) found = &noted;
    heads_fitting_ += noted.head == head ? 1 : 0;
  }
  if (other != nullptr && !broken_) {
    const uint64_t last = std::max<uint64_t>(head.size, 1) - 1;
    if (fits != nullptr) {
      break_at(LogBreak::Kind::forked, vouched_size_, last,
               other->name + " and " + fits->name + " are both of " + std::to_string(head.size) +
                   " records and differ: the log was forked");
    } else {
      break_at(LogBreak::Kind::rewritten, std::min(vouched_size_, last), last,
               one_of_text(std::min(vouched_size_, last), last) + ": " + other->name +
                   " does not fit" +
                   (last_fitting_.empty() ? ", and there is no earlier one that does"
                                          : ", " + last_fitting_ + " does"));
    }
  }
  if (fits != nullptr && !broken_) {
    vouched_size_ = head.size;
    last_fitting_ = fits->name;
  }
}

void LogExaminer::finish() {
  suspect_.reset();
  const auto heads = noted_.smallest_first();
  if (broken_ || next_head_ == heads.size()) return;
  const NotedHead& beyond = heads.back();
  const uint64_t end = tree_.size();
  const uint64_t last = beyond.head.size - 1;
  std::string what = records_text(end, last) + (last > end ? " are missing: " : " is missing: ") +
                     beyond.name + " held " + std::to_string(beyond.head.size);
  if (vouched_size_ < end) {
    what += "; no noted head tells whether " + records_text(vouched_size_, end - 1) +
            (vouched_size_ + 1 < end ? " are" : " is") + " as written";
  }
  break_at(LogBreak::Kind::cut_off, vouched_size_, last, std::move(what));
}

}  // namespace safelight::audit
