#include "safelight/audit/log_file.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "safelight/audit/heads/signed_head.h"
#include "safelight/audit/verify.h"
#include "safelight/base/byte_reader.h"
#include "safelight/base/byte_writer.h"
#include "safelight/base/fault.h"

namespace safelight::audit {
namespace {

constexpr std::string_view kTag = "SLAF";
constexpr std::string_view kRecordTag = "SLA1";
constexpr uint32_t kVersion = 1;
constexpr size_t kHeaderBytes = 8;
constexpr size_t kLengthBytes = 4;
/// A record with the longest kind and body: docs/formats/audit.md, section 1.
constexpr uint32_t kMaxRecordBytes = 92 + kMaxKindBytes + kMaxBodyBytes;

constexpr std::string_view kCreated = "log.created";
constexpr std::string_view kMended = "log.mended";
constexpr std::string_view kBodyBeforeName = R"({"log":")";
constexpr std::string_view kBodyBehindName = R"("})";

std::vector<std::byte> header() {
  ByteWriter out;
  out.text(kTag);
  out.u32_le(kVersion);
  return std::move(out).take();
}

/// Its name, if this is the first record of a log. Names hold nothing that JSON escapes.
std::string name_in(const Record& record) {
  std::string_view body = record.body;
  if (record.kind != kCreated || !body.starts_with(kBodyBeforeName) ||
      !body.ends_with(kBodyBehindName)) {
    return "";
  }
  body.remove_prefix(kBodyBeforeName.size());
  if (body.size() < kBodyBehindName.size()) return "";
  body.remove_suffix(kBodyBehindName.size());
  return is_log_name(body) ? std::string(body) : "";
}

[[noreturn]] void fail(const std::string& action, const std::filesystem::path& file) {
  throw Fault::from_errno("cannot " + action + " the log " + file.string(), errno);
}

[[noreturn]] void refuse(const std::filesystem::path& file, const Error& error) {
  throw Fault("the log " + file.string() + " does not verify (" + std::string(error.rule) +
              "): run `safelight audit verify`");
}

/// Whether the record of that number begins somewhere behind `offset_bytes`, where a record is not
/// whole. Then no crash left that: a length was changed. What is looked for cannot stand in a
/// record's body, because its number holds zero bytes and JSON does not.
Result<bool> is_followed(const ByteSource& file, uint64_t offset_bytes, uint64_t number) {
  ByteWriter wanted;
  wanted.text(kRecordTag);
  wanted.u64_le(number);
  const SubSource rest(file, offset_bytes, file.size_bytes() - offset_bytes);
  // What is not whole is shorter than a record, or it would be.
  SAFELIGHT_TRY(const auto bytes,
                read_all(rest, kLengthBytes + kMaxRecordBytes, "log-file.max_record_bytes"));
  const auto pattern = wanted.view();
  return std::search(bytes.begin(), bytes.end(), pattern.begin(), pattern.end()) != bytes.end();
}

/// A file so short that its making was interrupted: nothing was ever logged in it.
bool is_unborn(const FileSource& source) {
  auto reader = LogFileReader::open(source);
  if (!reader) return reader.error().code == ErrorCode::truncated;
  const auto first = reader->next();
  if (first) return !*first;
  if (first.error().code != ErrorCode::truncated) return false;
  const auto followed = is_followed(source, reader->offset_bytes(), 1);
  return followed && !*followed;
}

}  // namespace

LogFile LogFile::open(const std::filesystem::path& file, std::string_view new_name,
                      const Clock& clock, LogSink& log) {
  assert(is_log_name(new_name));
  constexpr int kFlags = O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  Descriptor descriptor(::open(file.c_str(), kFlags, 0600));
  if (!descriptor.is_open()) fail("open", file);
  if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) fail("lock", file);
    throw Fault("the log " + file.string() + " is being written to by another program");
  }
  if (::fchmod(descriptor.get(), 0600) != 0) fail("protect", file);
  const int second = ::fcntl(descriptor.get(), F_DUPFD_CLOEXEC, 0);
  if (second < 0) fail("open", file);
  const auto source = FileSource::from_descriptor(Descriptor(second));
  if (!source) throw Fault(file.string() + " is no file to keep a log in");
  LogFile out(file, std::move(descriptor), clock);
  if (is_unborn(*source)) {
    out.begin(new_name);
  } else {
    out.take_up(*source, log);
  }
  return out;
}

void LogFile::begin(std::string_view new_name) {
  cut_to(0);
  write(header());
  size_bytes_ = kHeaderBytes;
  name_ = new_name;
  append(kCreated, {{"log", name_}});
  const auto parent = std::filesystem::absolute(file_).parent_path();
  const Descriptor folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.is_open()) ::fsync(folder.get());
}

void LogFile::take_up(const FileSource& source, LogSink& log) {
  auto reader = LogFileReader::open(source);
  if (!reader) refuse(file_, reader.error());
  LogVerifier verifier;
  bool is_torn = false;
  while (true) {
    const auto bytes = reader->next();
    is_torn = !bytes && bytes.error().code == ErrorCode::truncated;
    if (is_torn || (bytes && !*bytes)) break;
    if (!bytes) refuse(file_, bytes.error());
    const auto record = verifier.add(**bytes);
    if (!record) refuse(file_, record.error());
    if (record->sequence == 0) name_ = name_in(*record);
  }
  if (name_.empty()) refuse(file_, {ErrorCode::malformed, "log-file.name"});
  chain_ = verifier.chain();
  size_bytes_ = reader->offset_bytes();
  if (!is_torn) return;
  const auto followed = is_followed(source, size_bytes_, chain_.next_sequence() + 1);
  if (!followed || *followed) refuse(file_, {ErrorCode::malformed, "log-file.record"});
  const uint64_t dropped = source.size_bytes() - size_bytes_;
  cut_to(size_bytes_);
  append(kMended, {{"dropped_bytes", std::to_string(dropped)}});
  log.log(Severity::warning, "the log " + file_.string() + " ended within a record: " +
                                 std::to_string(dropped) + " bytes were cut off");
}

uint64_t LogFile::append(std::string_view kind, const Details& details) {
  if (state_ == State::torn) throw Fault("the log " + file_.string() + " cannot be written to");
  Chain next = chain_;
  const uint64_t sequence = next.next_sequence();
  const auto record = next.append(clock_->now_ns(), std::string(kind), to_json(details));
  ByteWriter framed;
  framed.u32_le(static_cast<uint32_t>(record.size()));
  framed.bytes(record);
  try {
    write(framed.view());
    if (::fsync(descriptor_.get()) != 0) fail("sync", file_);
  } catch (const Fault&) {
    state_ = State::torn;
    cut_to(size_bytes_);
    state_ = State::whole;
    throw;
  }
  size_bytes_ += framed.view().size();
  chain_ = std::move(next);
  return sequence;
}

void LogFile::cut_to(uint64_t size_bytes) {
  if (::ftruncate(descriptor_.get(), static_cast<off_t>(size_bytes)) != 0) fail("mend", file_);
}

void LogFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("write", file_);
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
}

Result<LogFileReader> LogFileReader::open(const ByteSource& file) {
  std::array<std::byte, kHeaderBytes> bytes{};
  SAFELIGHT_TRY(const size_t count, file.read_at(0, bytes));
  const std::span<const std::byte> read(bytes);
  ByteReader in(read.first(count));
  SAFELIGHT_TRY(const auto tag, in.text(kTag.size()));
  if (tag != kTag) return Error::at(ErrorCode::malformed, "log-file.tag", 0);
  const uint64_t at = in.offset_bytes();
  SAFELIGHT_TRY(const auto version, in.u32_le());
  if (version != kVersion) return Error::at(ErrorCode::unsupported, "log-file.version", at);
  LogFileReader out(file);
  out.offset_bytes_ = kHeaderBytes;
  return out;
}

Result<std::optional<std::span<const std::byte>>> LogFileReader::next() {
  const Error torn = Error::at(ErrorCode::truncated, "log-file.record", offset_bytes_);
  if (offset_bytes_ == file_->size_bytes()) return std::optional<std::span<const std::byte>>();
  std::array<std::byte, kLengthBytes> bytes{};
  SAFELIGHT_TRY(const size_t count, file_->read_at(offset_bytes_, bytes));
  if (count < kLengthBytes) return torn;
  ByteReader in(bytes);
  SAFELIGHT_TRY(const auto length, in.u32_le());
  if (length > kMaxRecordBytes) {
    return Error::at(ErrorCode::limit_exceeded, "log-file.max_record_bytes", offset_bytes_);
  }
  if (file_->size_bytes() - offset_bytes_ - kLengthBytes < length) return torn;
  record_.resize(length);
  SAFELIGHT_TRY(const size_t read, file_->read_at(offset_bytes_ + kLengthBytes, record_));
  if (read < length) return torn;
  offset_bytes_ += kLengthBytes + length;
  return std::optional(std::span<const std::byte>(record_));
}

Result<std::string> log_name_of(const ByteSource& file) {
  SAFELIGHT_TRY(LogFileReader reader, LogFileReader::open(file));
  const auto first = reader.next();
  if (!first || !*first) return std::string();
  const auto record = decode_record(**first);
  return record ? name_in(*record) : "";
}

Result<LogFileVerification> verify_log_file(const ByteSource& file, const NotedHeads& noted) {
  SAFELIGHT_TRY(LogFileReader reader, LogFileReader::open(file));
  LogFileVerification out;
  LogExaminer examiner(noted);
  while (true) {
    const auto bytes = reader.next();
    if (bytes && !*bytes) break;
    bool is_torn = false;
    if (!bytes && bytes.error().code == ErrorCode::truncated) {
      SAFELIGHT_TRY(const bool followed,
                    is_followed(file, reader.offset_bytes(), examiner.head().size + 1));
      is_torn = !followed;
    } else if (!bytes && bytes.error().code != ErrorCode::limit_exceeded) {
      return bytes.error();
    }
    if (is_torn) {
      out.torn_bytes = file.size_bytes() - reader.offset_bytes();
      break;
    }
    // Where a length is none, nothing can be said of what follows: the record counts as unreadable.
    const auto record = examiner.add(bytes ? **bytes : std::span<const std::byte>());
    if (record && record->sequence == 0) out.name = name_in(*record);
    if (!bytes) break;
  }
  examiner.finish();
  out.head = examiner.head();
  out.records = out.head.size;
  out.heads_fitting = examiner.heads_fitting();
  out.vouched_records = examiner.vouched_size();
  out.broken = examiner.broken();
  return out;
}

}  // namespace safelight::audit
