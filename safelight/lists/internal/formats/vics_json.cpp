#include "safelight/lists/internal/formats/vics_json.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "safelight/lists/internal/formats/columns.h"
#include "safelight/lists/internal/formats/text_stream.h"

namespace safelight::lists {
namespace {

using Json = nlohmann::json;

/// The characters of a stream for nlohmann's lexer, and where it stands. Ends early at an error of
/// the source or where one token grows over the limit.
class JsonInput {
 public:
  JsonInput(const ByteSource& source, uint32_t max_token_bytes)
      : stream_(source), max_token_bytes_(max_token_bytes) {
    refill();
  }

  [[nodiscard]] bool at_end() const { return next_ == end_; }
  [[nodiscard]] char peek() const { return *next_; }
  void advance() {
    if (++next_ == end_) refill();
  }
  /// To be called at each event of the parser.
  void token_done() { token_start_bytes_ = given_bytes(); }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] uint64_t replaced_bytes() const { return stream_.replaced_bytes(); }

  /// An error at the place of the last character given, or at the end of the input.
  [[nodiscard]] Error error_at(ErrorCode code, std::string_view rule) const {
    const auto index = static_cast<size_t>(next_ - chunk_.data());
    return stream_.error_at(code, rule, index == 0 || at_end() ? index : index - 1);
  }
  /// The line of the last character given, from 1. Counts only what was not counted before.
  uint64_t line_number() {
    lines_before_ += static_cast<uint64_t>(std::count(counted_, next_, '\n'));
    counted_ = next_;
    return lines_before_ + 1;
  }

 private:
  [[nodiscard]] uint64_t given_bytes() const {
    return bytes_before_ + static_cast<uint64_t>(next_ - chunk_.data());
  }

  void refill() {
    if (next_ != nullptr) line_number();
    const uint64_t given = given_bytes();
    if (given - token_start_bytes_ > max_token_bytes_) {
      error_ = error_at(ErrorCode::limit_exceeded, "limits.max_json_token_bytes");
      return;
    }
    const Result<bool> more = stream_.next_chunk();
    if (!more) error_ = more.error();
    if (!more || !*more) return;
    bytes_before_ = given;
    chunk_ = stream_.chunk();
    next_ = counted_ = chunk_.data();
    end_ = next_ + chunk_.size();
  }

  TextStream stream_;
  uint32_t max_token_bytes_;
  std::string_view chunk_;
  const char* next_ = nullptr;
  const char* end_ = nullptr;
  const char* counted_ = nullptr;
  uint64_t lines_before_ = 0;
  uint64_t bytes_before_ = 0;
  uint64_t token_start_bytes_ = 0;
  std::optional<Error> error_;
};

class JsonIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  JsonIterator() = default;
  explicit JsonIterator(JsonInput& input) : input_(&input) {}
  char operator*() const { return input_->peek(); }
  JsonIterator& operator++() {
    input_->advance();
    return *this;
  }
  JsonIterator operator++(int) {
    const JsonIterator before = *this;
    input_->advance();
    return before;
  }
  /// Only ever compared with the end.
  friend bool operator==(const JsonIterator& a, const JsonIterator& b) {
    return (a.input_ == nullptr || a.input_->at_end()) ==
           (b.input_ == nullptr || b.input_->at_end());
  }

 private:
  JsonInput* input_ = nullptr;
};

/// What an object or array holds.
enum class Holds : uint8_t { top, cases_or_media, media, media_files, alternative_hashes, other };

struct Frame {
  Holds holds = Holds::other;
  bool is_array = false;
  bool is_case = false;
  std::string key;  ///< Of an object: the member whose value comes next, in plain_name() form.
};

/// Turns the events of the parser into entries. Booleans, numbers and sizes may be strings, and any
/// member may be null.
class VicsHandler : public nlohmann::json_sax<Json> {
 public:
  VicsHandler(JsonInput& input, EntryCollector& collector)
      : input_(input), collector_(collector), limits_(collector.options().limits) {}

  bool null() override { return scalar(std::nullopt); }
  bool boolean(bool value) override { return scalar(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return scalar(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return scalar(std::to_string(value)); }
  bool number_float(number_float_t value, const string_t& text) override {
    // Some exporters write 1.0 for 1.
    if (std::floor(value) == value && std::fabs(value) < 9e15) {
      return scalar(std::to_string(static_cast<int64_t>(value)));
    }
    return scalar(text);
  }
  bool string(string_t& value) override { return scalar(value); }
  bool binary(binary_t& /*value*/) override { return true; }

  bool start_object(size_t /*elements*/) override {
    const Holds holds = inner(false);
    if (!push({holds, false, false, {}})) return false;
    if (holds == Holds::media || holds == Holds::cases_or_media) begin_media();
    if (holds == Holds::alternative_hashes) alternative_name_ = alternative_value_ = {};
    return true;
  }

  bool key(string_t& value) override {
    input_.token_done();
    frames_.back().key = plain_name(std::string_view(value).substr(0, kMaxKeyBytes));
    return true;
  }

  bool end_object() override {
    input_.token_done();
    const Frame frame = std::move(frames_.back());
    frames_.pop_back();
    if (frame.holds == Holds::alternative_hashes) end_alternative_hash();
    if (frame.holds == Holds::media || (frame.holds == Holds::cases_or_media && !frame.is_case)) {
      return end_media();
    }
    if (frame.is_case && counted_) {
      --collector_.summary().records;
      counted_ = false;
    }
    return true;
  }

  bool start_array(size_t /*elements*/) override { return push({inner(true), true, false, {}}); }

  bool end_array() override {
    input_.token_done();
    frames_.pop_back();
    return true;
  }

  bool parse_error(size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*exception*/) override {
    error_ = input_.error()    ? *input_.error()
             : input_.at_end() ? input_.error_at(ErrorCode::truncated, "json.ends-early")
                               : input_.error_at(ErrorCode::malformed, "json.syntax");
    return false;
  }

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] bool saw_structure() const { return saw_structure_; }

 private:
  static constexpr size_t kMaxKeyBytes = 64;

  bool fail(const Error& error) {
    error_ = error;
    return false;
  }

  bool push(Frame frame) {
    input_.token_done();
    if (frames_.size() >= limits_.max_json_depth) {
      return fail(input_.error_at(ErrorCode::limit_exceeded, "limits.max_json_depth"));
    }
    frames_.push_back(std::move(frame));
    return true;
  }

  /// What a new array or object at this place holds.
  Holds inner(bool is_array) {
    if (frames_.empty()) {
      if (!is_array) return Holds::top;
      saw_structure_ = true;
      return Holds::cases_or_media;
    }
    Frame& outer = frames_.back();
    if (outer.is_array) return is_array ? Holds::other : outer.holds;
    Holds holds = Holds::other;
    switch (outer.holds) {
      case Holds::top:
        if (outer.key == "value") holds = Holds::cases_or_media;
        if (outer.key == "media" && is_array) holds = Holds::media;
        break;
      case Holds::cases_or_media:
        if (outer.key == "media" && is_array) {
          outer.is_case = true;
          holds = Holds::media;
          break;
        }
        [[fallthrough]];
      case Holds::media:
        if (outer.key == "mediafiles") holds = Holds::media_files;
        if (outer.key == "alternativehashes") holds = Holds::alternative_hashes;
        break;
      case Holds::media_files:
      case Holds::alternative_hashes:
      case Holds::other:
        break;
    }
    saw_structure_ |= holds == Holds::cases_or_media || holds == Holds::media;
    return holds;
  }

  bool scalar(std::optional<std::string_view> value) {
    input_.token_done();
    if (frames_.empty() || frames_.back().is_array || !value) return true;
    Frame& frame = frames_.back();
    switch (frame.holds) {
      case Holds::top:
        if (frame.key == "odatacontext" || frame.key == "odatametadata") {
          collector_.summary().header = value->substr(0, limits_.max_text_bytes);
        }
        break;
      case Holds::cases_or_media:
        if (frame.key == "caseid" || frame.key == "casenumber") frame.is_case = true;
        media_member(frame.key, *value);
        break;
      case Holds::media:
        media_member(frame.key, *value);
        break;
      case Holds::media_files:
        if (frame.key == "md5") media_file_md5(*value);
        break;
      case Holds::alternative_hashes:
        if (frame.key == "hashname") alternative_name_ = plain_name(value->substr(0, kMaxKeyBytes));
        if (frame.key == "hashvalue") alternative_value_ = value->substr(0, kMaxHashText);
        break;
      case Holds::other:
        break;
    }
    return true;
  }

  /// Where the input stands, for a value that was just read.
  Error place(ErrorCode code = ErrorCode::malformed) {
    collector_.set_line(input_.line_number());
    return input_.error_at(code, {});
  }

  void begin_media() {
    // A case opens like an entry; only what comes inside tells them apart.
    if (counted_) --collector_.summary().records;
    counted_ = true;
    collector_.begin(collector_.summary().records + 1, 0);
    further_md5_.clear();
  }

  void media_member(std::string_view key, std::string_view value) {
    ListEntry& entry = collector_.entry();
    if (key == "md5") {
      read(ValueKind::md5, value);
    } else if (key == "sha1") {
      read(ValueKind::sha1, value);
    } else if (key == "sha256") {
      read(ValueKind::sha256, value);
    } else if (key == "pdq") {
      read(ValueKind::pdq, value);
    } else if (key == "photodna") {
      read(ValueKind::photodna, value);
    } else if (key == "mediaid") {
      collector_.read_entry_id(value, place());
    } else if (key == "category") {
      collector_.read_category(value, place());
    } else if (key == "mediasize") {
      collector_.read_size(value, place());
    } else if (key == "isdistributed") {
      entry.distributed = stated_from_text(value);
    } else if (key == "victimidentified") {
      entry.victim_identified = stated_from_text(value);
    } else if (key == "offenderidentified") {
      entry.offender_identified = stated_from_text(value);
    }
  }

  void read(ValueKind kind, std::string_view value) { collector_.read_value(kind, value, place()); }

  void media_file_md5(std::string_view value) {
    const Result<Md5> md5 = parse_hex<Md5>(value);
    if (!md5) {
      if (!value.empty()) collector_.refuse(place(), "list.md5");
      return;
    }
    if (further_md5_.size() >= limits_.max_media_files) {
      collector_.refuse(place(ErrorCode::limit_exceeded), "limits.max_media_files");
      return;
    }
    // Most often all of them are the entry's own.
    if (further_md5_.empty() || further_md5_.back() != *md5) further_md5_.push_back(*md5);
  }

  void end_alternative_hash() {
    if (alternative_name_.empty() && alternative_value_.empty()) return;
    if (alternative_name_ == "photodna") {
      if (collector_.entry().photodna.empty()) read(ValueKind::photodna, alternative_value_);
    } else if (alternative_name_ == "pdq") {
      if (!collector_.entry().fingerprint) read(ValueKind::pdq, alternative_value_);
    } else if (alternative_name_ == "md5") {
      media_file_md5(alternative_value_);
    } else if (alternative_name_ == "sha1") {
      if (!collector_.entry().sha1) read(ValueKind::sha1, alternative_value_);
    } else if (alternative_name_ == "sha256") {
      if (!collector_.entry().sha256) read(ValueKind::sha256, alternative_value_);
    } else {
      ++collector_.summary().other_signals;
    }
  }

  /// Hands on the entry, and one more for each other MD5 that its files state.
  bool end_media() {
    counted_ = false;
    std::sort(further_md5_.begin(), further_md5_.end());
    further_md5_.erase(std::unique(further_md5_.begin(), further_md5_.end()), further_md5_.end());
    size_t next = 0;
    ListEntry& entry = collector_.entry();
    if (!entry.has_digest() && !further_md5_.empty()) {
      read(ValueKind::md5, to_hex(further_md5_[next++]));
    }
    const std::optional<Md5> own = entry.md5;
    if (further_md5_.size() > next) {
      further_ = {};
      further_.entry_id = entry.entry_id;
      further_.category = entry.category;
      further_.record_number = entry.record_number;
    }
    if (!finish_entry()) return false;
    for (; next < further_md5_.size(); ++next) {
      if (own == further_md5_[next]) continue;
      collector_.begin(further_.record_number, 0);
      ListEntry& more = collector_.entry();
      more.entry_id = further_.entry_id;
      more.category = further_.category;
      collector_.read_value(ValueKind::md5, to_hex(further_md5_[next]), place());
      if (!finish_entry()) return false;
    }
    return true;
  }

  bool finish_entry() {
    const Result<void> added = collector_.end(place(), "vics.entry-without-hash");
    return added ? true : fail(added.error());
  }

  static constexpr size_t kMaxHashText = 1'024;

  JsonInput& input_;
  EntryCollector& collector_;
  const ImportLimits& limits_;
  std::vector<Frame> frames_;
  std::vector<Md5> further_md5_;
  ListEntry further_;
  std::string alternative_name_;
  std::string alternative_value_;
  std::optional<Error> error_;
  bool saw_structure_ = false;
  bool counted_ = false;  ///< The record that is open was counted and not ended.
};

}  // namespace

Result<void> import_vics(const ByteSource& source, EntryCollector& collector) {
  collector.summary().format = ListFormat::vics_json;
  JsonInput input(source, collector.options().limits.max_json_token_bytes);
  VicsHandler handler(input, collector);
  const bool parsed = Json::sax_parse(JsonIterator(input), JsonIterator(), &handler);
  collector.summary().replaced_bytes = input.replaced_bytes();
  if (input.error()) return *input.error();
  if (!parsed) return handler.error().value_or(Error{ErrorCode::malformed, "json.syntax"});
  if (!handler.saw_structure()) return Error::at(ErrorCode::unsupported, "vics.structure", 0);
  return {};
}

}  // namespace safelight::lists
