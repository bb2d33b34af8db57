#include "safelight/lists/list_log.h"

#include <cerrno>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/bytes/file.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/lists/internal/list_writer.h"

namespace safelight {
namespace {

using Json = nlohmann::ordered_json;

constexpr uint64_t kMaxLogBytes = 256u << 20;
constexpr size_t kChainDigits = 2 * Sha256::kSize;

Sha256 next_chain(const Sha256& before, std::string_view body) {
  Sha256Stream hash;
  hash.update(std::as_bytes(std::span(before.bytes)));
  hash.update(std::as_bytes(std::span(body)));
  return hash.digest();
}

std::string body_of(const ListLogRecord& record) {
  Json json;
  json["number"] = record.number;
  json["when"] = record.when;
  json["action"] = record.action;
  json["list"] = record.list;
  json["content_id"] = record.content_id;
  Json fields = Json::object();
  for (const auto& [name, value] : record.fields) fields[name] = value;
  json["fields"] = std::move(fields);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<ListLogRecord> record_of(std::string_view body) {
  const Json json = Json::parse(body, nullptr, false);
  const auto text = [&](const char* name) {
    const auto member = json.find(name);
    return member != json.end() && member->is_string() ? std::optional(member->get<std::string>())
                                                       : std::nullopt;
  };
  if (!json.is_object()) return std::nullopt;
  const auto when = text("when");
  const auto action = text("action");
  const auto list = text("list");
  const auto content_id = text("content_id");
  const auto number = json.find("number");
  const auto fields = json.find("fields");
  if (!when || !action || !list || !content_id || number == json.end() ||
      !number->is_number_unsigned() || fields == json.end() || !fields->is_object()) {
    return std::nullopt;
  }
  ListLogRecord record{number->get<uint64_t>(), *when, *action, *list, *content_id, {}, {}};
  for (const auto& [name, value] : fields->items()) {
    if (!value.is_string()) return std::nullopt;
    record.fields.emplace_back(name, value.get<std::string>());
  }
  return record;
}

/// What a log's text holds.
struct ReadLog {
  std::vector<ListLogRecord> records;
  uint64_t whole_bytes = 0;  ///< Up to the end of the last whole line.
};

Result<ReadLog> read_log(std::string_view text) {
  ReadLog log;
  Sha256 chain;
  while (true) {
    const uint64_t offset = log.whole_bytes;
    const size_t end = text.find('\n', offset);
    if (end == std::string_view::npos) return log;
    const std::string_view line = text.substr(offset, end - offset);
    const Error malformed = Error::at(ErrorCode::malformed, "list-log.line", offset);
    if (line.size() <= kChainDigits || line[kChainDigits] != ' ') return malformed;
    const std::string_view body = line.substr(kChainDigits + 1);
    const Result<Sha256> stated = parse_hex<Sha256>(line.substr(0, kChainDigits));
    if (!stated) return malformed;
    chain = next_chain(chain, body);
    if (*stated != chain) {
      return Error::at(ErrorCode::integrity_mismatch, "list-log.chain", offset);
    }
    std::optional<ListLogRecord> record = record_of(body);
    if (!record) return malformed;
    if (record->number != log.records.size() + 1) {
      return Error::at(ErrorCode::integrity_mismatch, "list-log.number", offset);
    }
    record->chain = chain;
    log.records.push_back(std::move(*record));
    log.whole_bytes = end + 1;
  }
}

Result<std::string> read_text(const FileSource& file) {
  if (file.size_bytes() > kMaxLogBytes) return Error{ErrorCode::limit_exceeded, "list-log.length"};
  std::string text(file.size_bytes(), '\0');
  SAFELIGHT_TRY(const size_t count, file.read_at(0, std::as_writable_bytes(std::span(text))));
  text.resize(count);
  return text;
}

}  // namespace

Result<std::vector<ListLogRecord>> verify_list_log(const std::filesystem::path& path) {
  const Result<FileSource> file = FileSource::open(AT_FDCWD, path.c_str());
  if (!file && file.error().code == ErrorCode::not_found) return std::vector<ListLogRecord>();
  if (!file) return file.error();
  return verify_list_log(*file);
}

Result<std::vector<ListLogRecord>> verify_list_log(const FileSource& file) {
  SAFELIGHT_TRY(const std::string text, read_text(file));
  SAFELIGHT_TRY(ReadLog log, read_log(text));
  if (log.whole_bytes != text.size()) {
    return Error::at(ErrorCode::truncated, "list-log.line", log.whole_bytes);
  }
  return std::move(log.records);
}

std::map<std::string, std::string> last_changes(const std::filesystem::path& path) {
  std::map<std::string, std::string> out;
  if (const auto records = verify_list_log(path)) {
    for (const ListLogRecord& record : *records) out[record.list] = record.when;
  }
  return out;
}

ListLogWriter::ListLogWriter(int descriptor, uint64_t records, const Sha256& chain)
    : descriptor_(descriptor), records_(records), chain_(chain) {}

ListLogWriter::ListLogWriter(ListLogWriter&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      records_(other.records_),
      chain_(other.chain_) {}

ListLogWriter::~ListLogWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<ListLogWriter> ListLogWriter::open(const std::filesystem::path& path,
                                          std::string_view when) {
  Descriptor descriptor(
      ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!descriptor.is_open()) throw Fault::from_errno("cannot open " + path.string(), errno);
  while (::flock(descriptor.get(), LOCK_EX) != 0) {
    if (errno != EINTR) throw Fault::from_errno("cannot lock " + path.string(), errno);
  }
  const int second = ::fcntl(descriptor.get(), F_DUPFD_CLOEXEC, 0);
  if (second < 0) throw Fault::from_errno("cannot open " + path.string(), errno);
  SAFELIGHT_TRY(const FileSource file, FileSource::from_descriptor(Descriptor(second)));
  SAFELIGHT_TRY(const std::string text, read_text(file));
  SAFELIGHT_TRY(const ReadLog log, read_log(text));
  const Sha256 chain = log.records.empty() ? Sha256{} : log.records.back().chain;
  ListLogWriter writer(descriptor.release(), log.records.size(), chain);
  if (log.whole_bytes != text.size()) {
    // A line that was cut off by a crash: the change that it announces did not happen yet.
    if (::ftruncate(writer.descriptor_, static_cast<off_t>(log.whole_bytes)) != 0) {
      throw Fault::from_errno("cannot mend " + path.string(), errno);
    }
    ListLogRecord record;
    record.when = when;
    record.action = "mend";
    record.fields = {{"dropped_bytes", std::to_string(text.size() - log.whole_bytes)}};
    writer.append(record);
  }
  return writer;
}

void ListLogWriter::append(ListLogRecord record) {
  record.number = records_ + 1;
  const std::string body = body_of(record);
  const Sha256 chain = next_chain(chain_, body);
  const std::string line = to_hex(chain) + ' ' + body + '\n';
  size_t done = 0;
  while (done < line.size()) {
    const ssize_t count = ::write(descriptor_, line.data() + done, line.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Fault::from_errno("cannot write the log of lists", errno);
    done += static_cast<size_t>(count);
  }
  if (::fsync(descriptor_) != 0) throw Fault::from_errno("cannot sync the log of lists", errno);
  ++records_;
  chain_ = chain;
}

}  // namespace safelight
