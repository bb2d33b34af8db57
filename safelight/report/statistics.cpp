#include "safelight/report/statistics.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <vector>

#include "safelight/report/internal/item_origin.h"
#include "safelight/report/internal/small_cells.h"
#include "safelight/report/internal/text.h"

namespace safelight::report {
namespace {

constexpr std::string_view kHeader = "measure,group,value,count\r\n";
constexpr std::string_view kVersion = "1";

/// What is counted of a file or of a content.
struct Traits {
  int32_t month = 0;  ///< Since the year 0; kNoMonth where it is not known.
  uint8_t camera = 0;
  uint8_t synthesis = 0;
  uint8_t scope = 0;
};
constexpr int32_t kNoMonth = std::numeric_limits<int32_t>::max();

struct Occurrence {
  casefile::ContentKey content;
  Traits traits;
};

int32_t month_of(const casefile::ItemTimes& times) {
  const auto& time = times.modified ? times.modified : times.in_container;
  if (!time) return kNoMonth;
  const std::string text = iso_time(*time);
  return std::stoi(text.substr(0, 4)) * 12 + std::stoi(text.substr(5, 2)) - 1;
}

std::string month_text(int32_t month) {
  if (month == kNoMonth) return kUnknownMonth;
  const std::string number = std::to_string(month % 12 + 1);
  return std::to_string(month / 12) + (number.size() == 1 ? "-0" : "-") + number;
}

Traits traits_of(const casefile::StoredItem& stored) {
  const ItemOrigin origin = origin_of(stored);
  const triage::OriginGrades grades = triage::grades_of(origin.weighed);
  return {month_of(stored.item.times), static_cast<uint8_t>(reader_order(grades.camera)),
          static_cast<uint8_t>(reader_order(grades.synthesis)), static_cast<uint8_t>(origin.scope)};
}

void take_over(Traits& traits, const Traits& other) {
  traits.month = std::min(traits.month, other.month);
  traits.camera = std::min(traits.camera, other.camera);
  traits.synthesis = std::min(traits.synthesis, other.synthesis);
  traits.scope = std::max(traits.scope, other.scope);
}

using Measure = uint64_t FileCounts::*;

void count(Statistics& statistics, const Traits& traits, Measure measure) {
  ++(statistics.all.*measure);
  ++(statistics.by_scope.at(traits.scope).*measure);
  ++(statistics.by_camera.at(traits.camera).*measure);
  ++(statistics.by_synthesis.at(traits.synthesis).*measure);
  ++(statistics.by_month[month_text(traits.month)].*measure);
}

/// Each content once.
void count_distinct(Statistics& statistics, std::vector<Occurrence>& occurrences) {
  std::sort(occurrences.begin(), occurrences.end(),
            [](const Occurrence& a, const Occurrence& b) { return a.content < b.content; });
  for (size_t i = 0; i < occurrences.size();) {
    Traits traits = occurrences[i].traits;
    const size_t first = i++;
    for (; i < occurrences.size() && occurrences[i].content == occurrences[first].content; ++i) {
      take_over(traits, occurrences[i].traits);
    }
    count(statistics, traits, &FileCounts::distinct_files);
  }
}

/// A group of the table: rows that come to what there is in all.
struct Group {
  std::string_view name;
  std::vector<std::string> values;
  std::vector<FileCounts> counts;
};

Group by_grade(std::string_view name, const Statistics::ByGrade& counts) {
  Group group{name, {}, {counts.begin(), counts.end()}};
  for (const Grade grade : kOriginGrades) group.values.emplace_back(to_text(grade));
  group.values.emplace_back("none");
  return group;
}

std::vector<Group> groups_of(const Statistics& statistics) {
  Group scopes{"searched", {}, {statistics.by_scope.begin(), statistics.by_scope.end()}};
  for (size_t i = 0; i < scopes.counts.size(); ++i) {
    scopes.values.emplace_back(to_text(static_cast<OriginScope>(i)));
  }
  Group months{"month", {}, {}};
  for (const auto& [month, counts] : statistics.by_month) {
    months.values.push_back(month);
    months.counts.push_back(counts);
  }
  return {std::move(scopes), by_grade("camera_evidence", statistics.by_camera),
          by_grade("synthesis_evidence", statistics.by_synthesis), std::move(months)};
}

struct NamedMeasure {
  std::string_view name;
  Measure measure;
};
constexpr std::array<NamedMeasure, 2> kMeasures = {
    {{"files", &FileCounts::files}, {"distinct_files", &FileCounts::distinct_files}}};

void append_line(std::string& out, std::string_view measure, std::string_view group,
                 std::string_view value, std::string_view count) {
  for (const std::string_view cell : {measure, group, value}) {
    out += cell;
    out += ',';
  }
  out += count;
  out += "\r\n";
}

}  // namespace

FileCounts& FileCounts::operator+=(const FileCounts& other) {
  files += other.files;
  distinct_files += other.distinct_files;
  return *this;
}

Statistics& Statistics::operator+=(const Statistics& other) {
  all += other.all;
  for (size_t i = 0; i < by_scope.size(); ++i) by_scope.at(i) += other.by_scope.at(i);
  for (size_t i = 0; i < kGrades; ++i) {
    by_camera.at(i) += other.by_camera.at(i);
    by_synthesis.at(i) += other.by_synthesis.at(i);
  }
  for (const auto& [month, counts] : other.by_month) by_month[month] += counts;
  return *this;
}

Statistics count_statistics(const casefile::Reader& reader) {
  Statistics statistics;
  std::vector<Occurrence> occurrences;
  reader.for_each_item([&](const casefile::StoredItem& stored) {
    if (stored.item.kind != casefile::ItemKind::file) return;
    const Traits traits = traits_of(stored);
    count(statistics, traits, &FileCounts::files);
    if (stored.item.content) occurrences.push_back({*stored.item.content, traits});
  });
  count_distinct(statistics, occurrences);
  return statistics;
}

std::string to_csv(const Statistics& statistics, uint64_t suppress_under) {
  assert(suppress_under == 1 || suppress_under > 2);
  std::string out(kHeader);
  append_line(out, "format", "version", "", kVersion);
  append_line(out, "format", "suppress_under", "", std::to_string(suppress_under));
  for (const NamedMeasure& one : kMeasures) {
    append_line(out, one.name, "all", "",
                cell_text(statistics.all.*one.measure, Tell::count, suppress_under));
  }
  for (const Group& group : groups_of(statistics)) {
    const auto hidden = rows_to_hide(group.counts, statistics.all, suppress_under);
    for (const NamedMeasure& one : kMeasures) {
      if (!hidden) append_line(out, one.name, group.name, "", "withheld");
      for (size_t i = 0; hidden && i < group.counts.size(); ++i) {
        const Tell tell = (*hidden)[i] ? Tell::range : Tell::count;
        append_line(out, one.name, group.name, group.values[i],
                    cell_text(group.counts[i].*one.measure, tell, suppress_under));
      }
    }
  }
  return out;
}

}  // namespace safelight::report
