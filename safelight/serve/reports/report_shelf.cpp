#include "safelight/serve/reports/report_shelf.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <utility>

#include "safelight/base/fault.h"
#include "safelight/casefile/act_reader.h"
#include "safelight/casefile/reader.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/report/report.h"
#include "safelight/triage/review.h"

namespace safelight::serve {
namespace {

constexpr size_t kKept = 6;
constexpr mode_t kFolderMode = 0700;
constexpr uint32_t kTriageThreads = 2;
/// How long a report waits for another program that puts the case in order.
constexpr std::chrono::milliseconds kWait{20'000};
constexpr std::chrono::milliseconds kPause{50};

FileMapping mapped(const std::filesystem::path& file) {
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!descriptor.is_open())
    throw Fault::from_errno("cannot open the report " + file.string(), errno);
  auto mapping = FileMapping::map(descriptor.get());
  if (!mapping) throw Fault("cannot read the report " + file.string());
  return std::move(*mapping);
}

}  // namespace

std::string_view to_text(ReportFormat format) {
  switch (format) {
    case ReportFormat::html:
      return "html";
    case ReportFormat::csv:
      return "csv";
    case ReportFormat::json:
      break;
  }
  return "json";
}

std::optional<ReportFormat> report_format_from_text(std::string_view text) {
  for (const ReportFormat format : {ReportFormat::html, ReportFormat::csv, ReportFormat::json}) {
    if (to_text(format) == text) return format;
  }
  return std::nullopt;
}

ReportShelf::ReportShelf(std::filesystem::path case_directory, std::string tool_version,
                         const Clock& clock, LogSink& log)
    : case_directory_(std::move(case_directory)),
      folder_(case_directory_ / "reports"),
      tool_version_(std::move(tool_version)),
      clock_(clock),
      log_(log) {}

ReportShelf::~ReportShelf() {
  std::error_code ignored;
  for (const MadeReport& report : reports_) {
    std::filesystem::remove(folder_ / report.name, ignored);
  }
  // Only if nothing else is in it.
  std::filesystem::remove(folder_, ignored);
}

std::optional<casefile::TriageWriter> ReportShelf::triage_writer() const {
  for (auto waited = kPause; waited <= kWait; waited += kPause) {
    auto writer = casefile::TriageWriter::try_open(case_directory_, clock_, log_);
    if (writer) return writer;
    std::this_thread::sleep_for(kPause);
  }
  return std::nullopt;
}

Result<MadeReport> ReportShelf::make(ReportFormat format) {
  const std::lock_guard making(making_);
  auto writer = triage_writer();
  if (!writer) return Error{ErrorCode::changed, "report.case-in-use"};
  const auto reader = casefile::Reader::open(case_directory_);
  const auto current =
      triage::current_review(*writer, reader, triage::stored_options(reader), kTriageThreads);
  if (!current) return Error{ErrorCode::changed, "report.case-in-use"};
  if (mkdir(folder_.c_str(), kFolderMode) != 0 && errno != EEXIST) {
    throw Fault::from_errno("cannot make the folder of reports " + folder_.string(), errno);
  }
  MadeReport made;
  made.format = format;
  made.made_ns = clock_.now_ns();
  made.name = "report-" + std::to_string(++made_) + "." + std::string(to_text(format));
  const auto file = folder_ / made.name;
  const auto acts = casefile::ActReader::open(case_directory_);
  const report::ReportInput input{reader, acts, current->review, made.made_ns, tool_version_};
  switch (format) {
    case ReportFormat::html:
      report::write_html(input, file);
      break;
    case ReportFormat::csv:
      report::write_csv(input, file);
      break;
    case ReportFormat::json:
      report::write_json(input, file);
      break;
  }
  made.sha256 = sha256_of(mapped(file).bytes());
  const std::lock_guard lock(mutex_);
  reports_.push_back(made);
  if (reports_.size() > kKept) {
    std::error_code ignored;
    std::filesystem::remove(folder_ / reports_.front().name, ignored);
    reports_.pop_front();
  }
  return made;
}

std::deque<MadeReport> ReportShelf::all() const {
  const std::lock_guard lock(mutex_);
  return reports_;
}

std::optional<FileMapping> ReportShelf::open(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(reports_.begin(), reports_.end(),
                                  [&](const MadeReport& report) { return report.name == name; });
  if (found == reports_.end()) return std::nullopt;
  return mapped(folder_ / found->name);
}

}  // namespace safelight::serve
