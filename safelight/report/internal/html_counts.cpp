#include "safelight/report/internal/html_counts.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "safelight/base/html_text.h"
#include "safelight/base/number_text.h"
#include "safelight/report/internal/html_parts.h"
#include "safelight/report/internal/text.h"

namespace safelight::report {
namespace {

using triage::Tally;

constexpr size_t kFoldersShown = 100;

void write_reason(NewFile& out, std::string_view why, uint64_t items) {
  if (items == 0) return;
  out.write("<tr><td>" + std::string(why) + "</td><td class=\"n\">" + grouped(items) +
            "</td></tr>");
}

void write_head_of(NewFile& out, std::string_view place) {
  out.write("<div class=\"scroll\"><table class=\"plain\"><thead><tr><th>" + std::string(place) +
            "</th><th class=\"n\">To review</th><th class=\"n\">Files</th><th class=\"n\">Distinct"
            "</th><th class=\"n\">Known</th><th class=\"n\">In groups</th><th class=\"n\">Not "
            "examined</th><th class=\"n\">In part</th></tr></thead><tbody>");
}

void write_row(NewFile& out, const std::string& place, const Tally& tally) {
  out.write("<tr><td>" + place + "</td>");
  for (const uint64_t number : {tally.to_review, tally.items, tally.contents, tally.known,
                                tally.in_groups, tally.not_examined, tally.partly_examined}) {
    out.write("<td class=\"n\">" + grouped(number) + "</td>");
  }
  out.write("</tr>");
}

using Folder = std::pair<const std::pair<std::string, std::string>, Tally>;

std::vector<const Folder*> most_to_review(const triage::Counts& counts) {
  std::vector<const Folder*> folders;
  for (const Folder& one : counts.by_folder) {
    if (one.second.to_review != 0) folders.push_back(&one);
  }
  // Of equal ones in the order of their names, which is the map's.
  std::stable_sort(folders.begin(), folders.end(), [](const Folder* a, const Folder* b) {
    return a->second.to_review > b->second.to_review;
  });
  if (folders.size() > kFoldersShown) folders.resize(kFoldersShown);
  return folders;
}

}  // namespace

void write_counts(NewFile& out, const triage::Counts& counts) {
  const Tally& all = counts.all;
  out.write(
      "<section id=\"work-left\" class=\"card\"><h2>What is left to look at</h2><p class=\"lead\">"
      "A human need not open <b>" +
      grouped(all.need_not_be_opened()) + "</b> of " + counted(all.items, "file", "files") +
      "; <b>" + grouped(all.to_review) + "</b> " + (all.to_review == 1 ? "is" : "are") +
      " left to review.</p><table class=\"plain classes\"><tbody>");
  write_reason(out, "The same bytes are looked at in another place", all.same_bytes);
  write_reason(out, "A picture that looks alike stands for it (same group)", all.same_group);
  write_reason(out, "Known by digest, and not in the sample that is checked", all.known);
  write_reason(out, "In a list of ordinary files, by SHA-1 or SHA-256", all.ordinary);
  out.write("</tbody></table><h3>By source</h3>");
  write_head_of(out, "Source");
  for (const auto& [source, tally] : counts.by_source) {
    write_row(out, escape_html(source), tally);
  }
  write_row(out, "<b>all</b>", all);
  out.write("</tbody></table></div>");
  const auto folders = most_to_review(counts);
  if (!folders.empty()) {
    out.write("<h3>By folder</h3>");
    write_head_of(out, "Folder");
    for (const Folder* one : folders) {
      const auto& [source, folder] = one->first;
      write_row(out, escape_html(source) + " " + shown_or(folder, "."), one->second);
    }
    out.write("</tbody></table></div>");
  }
  out.write("<p class=\"faint\">The folders with the most to review, " +
            std::to_string(kFoldersShown) + " at most, of " +
            counted(counts.by_folder.size(), "folder", "folders") +
            "; <code>--format folders</code> writes all of them.</p></section>\n");
}

}  // namespace safelight::report
