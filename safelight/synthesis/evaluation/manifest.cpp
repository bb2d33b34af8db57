#include "safelight/synthesis/evaluation/manifest.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "safelight/base/csv_row.h"
#include "safelight/base/json_writer.h"
#include "safelight/digest/sha256_stream.h"

namespace safelight::synthesis {
namespace {

constexpr size_t kMaxColumns = 64;

enum Column : size_t { kPath, kSha256, kLabel, kSource, kGenerator, kCamera, kLicence, kDate };
constexpr size_t kColumns = kDate + 1;
constexpr size_t kNeeded = kSource + 1;

struct ColumnName {
  std::string_view name;
  Column column;
};
constexpr std::array<ColumnName, 13> kNames = {{{"path", kPath},
                                                {"file", kPath},
                                                {"sha256", kSha256},
                                                {"label", kLabel},
                                                {"source", kSource},
                                                {"generator", kGenerator},
                                                {"camera", kCamera},
                                                {"camera_maker", kCamera},
                                                {"maker", kCamera},
                                                {"licence", kLicence},
                                                {"license", kLicence},
                                                {"date", kDate},
                                                {"created", kDate}}};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::optional<Proposition> label_of(std::string_view text) {
  const std::string name = lower(text);
  if (name == "camera") return Proposition::camera;
  if (name == "generated" || name == "synthetic") return Proposition::generated;
  return std::nullopt;
}

bool is_date(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-dd";
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !digit : text[i] != '-') return false;
  }
  const auto in = [&](size_t at, int least, int most) {
    if (text.size() < at + 2) return true;
    const int value = (text[at] - '0') * 10 + (text[at + 1] - '0');
    return least <= value && value <= most;
  };
  return in(5, 1, 12) && in(8, 1, 31);
}

/// Whether reports and calibrations can hold it.
bool is_name(std::string_view text) {
  return text.size() <= kMaxReferenceNameBytes && is_utf8(text) &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<uint8_t>(c) < 0x20 || c == 0x7f; });
}

class ManifestReader {
 public:
  explicit ManifestReader(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  Result<std::vector<Reference>> read() {
    SAFELIGHT_TRY(const bool has_header, next_row());
    if (!has_header) return failed("manifest.header");
    SAFELIGHT_CHECK(read_header());
    std::vector<Reference> out;
    while (true) {
      SAFELIGHT_TRY(const bool more, next_row());
      if (!more) return out;
      if (out.size() == kMaxReferences) {
        return Error::at(ErrorCode::limit_exceeded, "manifest.max-references", line_);
      }
      SAFELIGHT_TRY(Reference reference, read_reference());
      if (!paths_.insert(reference.path).second) return failed("manifest.path-twice");
      out.push_back(std::move(reference));
    }
  }

 private:
  [[nodiscard]] Error failed(std::string_view rule) const {
    return Error::at(ErrorCode::malformed, rule, line_);
  }

  /// Splits the next line that is not empty; false at the end.
  Result<bool> next_row() {
    while (at_ < text_.size()) {
      line_ = at_;
      const size_t end = std::min(text_.find('\n', at_), text_.size());
      const std::string_view line = trimmed(text_.substr(at_, end - at_));
      at_ = end + 1;
      if (line.empty()) continue;
      if (delimiter_ == 0) delimiter_ = line.find('\t') == std::string_view::npos ? ',' : '\t';
      // Trimming must not eat empty cells at the end of a line of tabs.
      std::string_view record = text_.substr(line_, end - line_);
      if (record.ends_with('\r')) record.remove_suffix(1);
      switch (row_.split(record, delimiter_, kMaxColumns)) {
        case CsvState::complete:
          return true;
        case CsvState::too_many_columns:
          return failed("manifest.columns");
        case CsvState::open_quote:
        case CsvState::text_after_quote:
          return failed("manifest.quoting");
      }
    }
    return false;
  }

  Result<void> read_header() {
    for (size_t i = 0; i < row_.size(); ++i) {
      const std::string name = lower(trimmed(row_[i]));
      const auto* known = std::find_if(kNames.begin(), kNames.end(),
                                       [&](const ColumnName& n) { return n.name == name; });
      if (known == kNames.end()) continue;
      if (columns_[known->column]) return failed("manifest.column-twice");
      columns_[known->column] = i;
    }
    width_ = row_.size();
    for (size_t column = 0; column < kNeeded; ++column) {
      if (!columns_[column]) return failed("manifest.column-missing");
    }
    return {};
  }

  [[nodiscard]] std::string cell(Column column) const {
    return columns_[column] ? std::string(trimmed(row_.cell(*columns_[column]))) : std::string();
  }

  Result<Reference> read_reference() {
    if (row_.size() != width_) return failed("manifest.columns");
    Reference out;
    out.path = cell(kPath);
    if (out.path.empty() || out.path.find('\0') != std::string::npos) {
      return failed("manifest.path");
    }
    const auto sha256 = parse_hex<Sha256>(cell(kSha256));
    if (!sha256) return failed("manifest.sha256");
    out.sha256 = *sha256;
    const auto label = label_of(cell(kLabel));
    if (!label) return failed("manifest.truth");
    out.truth = *label;
    out.source = cell(kSource);
    out.generator = cell(kGenerator);
    if (out.source.empty()) out.source = out.generator;
    if (out.source.empty()) return failed("manifest.source");
    if (out.truth == Proposition::camera) {
      out.generator.clear();
    } else if (out.generator.empty()) {
      out.generator = out.source;
    }
    out.camera_maker = cell(kCamera);
    for (const std::string* name : {&out.source, &out.generator, &out.camera_maker}) {
      if (!is_name(*name)) return failed("manifest.name");
    }
    out.licence = cell(kLicence);
    out.date = cell(kDate);
    if (!out.date.empty() && !is_date(out.date)) return failed("manifest.date");
    return out;
  }

  std::string_view text_;
  size_t at_ = 0;
  size_t line_ = 0;
  char delimiter_ = 0;
  CsvRow row_;
  std::array<std::optional<size_t>, kColumns> columns_;
  size_t width_ = 0;
  std::set<std::string> paths_;
};

}  // namespace

Result<Manifest> read_manifest(std::span<const std::byte> bytes) {
  if (bytes.size() > kMaxManifestBytes) {
    return Error{ErrorCode::limit_exceeded, "manifest.max-bytes"};
  }
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  SAFELIGHT_TRY(std::vector<Reference> references, ManifestReader(text).read());
  return Manifest{sha256_of(bytes), std::move(references)};
}

uint64_t line_of(std::span<const std::byte> bytes, uint64_t offset_bytes) {
  const auto before = bytes.first(std::min<uint64_t>(bytes.size(), offset_bytes));
  return 1 + static_cast<uint64_t>(std::count(before.begin(), before.end(), std::byte{'\n'}));
}

}  // namespace safelight::synthesis
