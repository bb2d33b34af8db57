#include <CLI/CLI.hpp>
#include <cstdio>
#include <fcntl.h>
#include <memory>

#include "apps/safelight/commands.h"
#include "apps/safelight/content_output.h"
#include "apps/safelight/examine_path.h"
#include "apps/safelight/list_arguments.h"

#include "safelight/scan/picture_examination.h"

namespace safelight::app {
namespace {

struct Arguments {
  std::string file;
  std::string modes = "reference,full";
  std::string passwords;
  bool json = false;
  ListArguments lists;
};

/// Lists an archive's members with their digests; nothing in them is examined.
class MemberLister final : public scan::ArchiveMemberSink {
 public:
  bool member(const ArchiveMember& member, std::optional<Content> content,
              const std::optional<Error>& error) override {
    nlohmann::ordered_json json = {{"member", member.ordinal},
                                   {"name", escape_name(member.name)},
                                   {"kind", to_text(member.kind)}};
    if (content) {
      json["size"] = content->digests.size_bytes;
      json["format"] = codec::to_text(content->format);
      json["md5"] = to_hex(content->digests.md5);
      json["sha1"] = to_hex(content->digests.sha1);
      json["sha256"] = to_hex(content->digests.sha256);
    }
    if (error) {
      json["error"] = to_sentence(*error);
      any_error = true;
    }
    members.push_back(std::move(json));
    return true;
  }

  nlohmann::ordered_json members = nlohmann::ordered_json::array();
  bool any_error = false;
};

class Inspection {
 public:
  Inspection(const Arguments& arguments, Session& session)
      : arguments_(arguments), session_(session), examiner_(options()) {
    lists_ = open_lists(arguments.lists, session, session.list_store / ".files");
  }

  void run() {
    std::error_code failed;
    const auto path = std::filesystem::canonical(arguments_.file, failed);
    if (failed) throw UsageError(arguments_.file + ": there is no such file");
    const auto file = FileSource::open(AT_FDCWD, path.c_str());
    if (!file) throw UsageError(arguments_.file + ": " + to_sentence(file.error()));
    const auto digested = examiner_.digest(*file);
    if (!digested) throw UsageError(arguments_.file + ": " + to_sentence(digested.error()));

    MemberLister members;
    scan::ExaminedContents contents;
    if (codec::handling_of(digested->format) == codec::Handling::archive_worker) {
      contents.push_back(examiner_.expand(*file, *digested, 0, members));
    } else {
      contents =
          examiner_.examine(*file, *digested, [](const casefile::ContentKey&) { return false; });
    }
    casefile::ExaminedContent& main = contents.back();
    if (auto mismatch = scan::type_mismatch(arguments_.file, digested->format)) {
      main.examination.findings.push_back(*mismatch);
    }
    const auto hits = lists_.matching->match(std::span(&main, 1)).front();
    if (main.examination.coverage != Coverage::full || members.any_error)
      session_.exit = Exit::incomplete;
    arguments_.json ? print_json(contents, members, hits) : print_text(contents, members, hits);
  }

 private:
  [[nodiscard]] scan::ExaminerOptions options() const {
    auto options = examiner_options(session_, parse_modes(arguments_.modes));
    if (!arguments_.passwords.empty()) options.passwords = read_passwords(arguments_.passwords);
    return options;
  }

  void print_json(const scan::ExaminedContents& contents, const MemberLister& members,
                  const std::vector<Hit>& hits) const {
    nlohmann::ordered_json json = {{"file", arguments_.file}};
    json.update(to_json(contents.back()));
    json["hits"] = nlohmann::ordered_json::array();
    for (const Hit& hit : hits) json["hits"].push_back(to_json(hit));
    json["stills"] = nlohmann::ordered_json::array();
    for (size_t i = 0; i + 1 < contents.size(); ++i) json["stills"].push_back(to_json(contents[i]));
    json["members"] = members.members;
    std::printf("%s\n", dump(json, 2).c_str());
  }

  void print_text(const scan::ExaminedContents& contents, const MemberLister& members,
                  const std::vector<Hit>& hits) const {
    std::printf("%s\n%s", arguments_.file.c_str(), to_lines(contents.back(), 2).c_str());
    for (const Hit& hit : hits) {
      std::printf("  hit           %s in list %s, entry %s, category %s (%s), distance %u, %s\n",
                  std::string(to_text(hit.kind)).c_str(), hit.list.c_str(), hit.entry_id.c_str(),
                  hit.category.empty() ? "none" : hit.category.c_str(),
                  std::string(to_text(hit.disposition)).c_str(), hit.distance_bits,
                  std::string(to_text(hit.orientation)).c_str());
    }
    for (size_t i = 0; i + 1 < contents.size(); ++i) {
      std::printf("  further still %zu\n%s", i + 1, to_lines(contents[i], 4).c_str());
    }
    for (const auto& member : members.members) {
      std::printf("  member %s  %s  %s\n", member["member"].dump().c_str(),
                  member["name"].get<std::string>().c_str(),
                  member.contains("error") ? member["error"].get<std::string>().c_str()
                  : member.contains("md5") ? member["md5"].get<std::string>().c_str()
                                           : member["kind"].get<std::string>().c_str());
    }
  }

  const Arguments& arguments_;
  Session& session_;
  scan::Examiner examiner_;
  OpenLists lists_;
};

}  // namespace

void add_inspect_command(CLI::App& program, Session& session) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = program.add_subcommand("inspect", "Print all that is known about one file");
  command->add_option("file", arguments->file)->required();
  command->add_option("--pdq", arguments->modes, "PDQ modes")->capture_default_str();
  command->add_option("--passwords", arguments->passwords,
                      "File of passwords for archives, one a line");
  command->add_flag("--json", arguments->json);
  arguments->lists.add_to(*command);
  command->callback([arguments, &session] { Inspection(*arguments, session).run(); });
}

}  // namespace safelight::app
