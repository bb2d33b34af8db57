#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <sstream>

#include "apps/safelight/commands.h"
#include "apps/safelight/content_output.h"
#include "apps/safelight/detector_arguments.h"
#include "apps/safelight/examine_path.h"
#include "apps/safelight/list_arguments.h"
#include "apps/safelight/trust_arguments.h"

#include "safelight/casefile/writer.h"
#include "safelight/scan/picture_examination.h"

namespace safelight::app {
namespace {

struct Arguments {
  std::string file;
  std::string modes = "reference,full";
  std::string passwords;
  std::string manifest;
  std::string case_folder;
  bool show_prompts = false;
  bool json = false;
  ListArguments lists;
  TrustArguments trust;
  DetectorArguments detectors;
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

/// The manifest store beside a file: `picture.c2pa` or `picture.jpg.c2pa`; "" where there is none.
std::string store_beside(const std::filesystem::path& file) {
  if (file.extension() == ".c2pa") return {};
  for (const auto& beside : {std::filesystem::path(file).replace_extension(".c2pa"),
                             std::filesystem::path(file.string() + ".c2pa")}) {
    std::error_code failed;
    if (std::filesystem::is_regular_file(beside, failed)) return beside.string();
  }
  return {};
}

class Inspection {
 public:
  Inspection(const Arguments& arguments, Session& session)
      : arguments_(arguments),
        session_(session),
        asked_{parse_modes(arguments.modes), OriginScope::pixels},
        store_path_(arguments.manifest),
        estimates_(open_estimates(arguments.detectors, session)),
        examiner_(options()),
        matching_(open_lists(arguments.lists, session, session.list_store / ".files")) {}

  void run() {
    if (arguments_.show_prompts != !arguments_.case_folder.empty())
      throw UsageError("--show-prompts and --case go together: the case's audit log notes it");
    warn_of_detectors(arguments_.detectors, *estimates_, session_);
    const FileSource file = open_named(arguments_.file).source;
    const auto digested = examiner_.digest(file);
    if (!digested) throw UsageError(arguments_.file + ": " + to_sentence(digested.error()));

    MemberLister members;
    scan::ExaminedContents contents;
    if (codec::handling_of(digested->format) == codec::Handling::archive_worker) {
      contents.push_back(examiner_.expand(file, *digested, asked_, 0, members));
    } else {
      if (store_path_.empty()) store_path_ = store_beside(arguments_.file);
      std::optional<FileSource> store;
      if (!store_path_.empty()) store = open_named(store_path_).source;
      contents = examiner_.examine(
          file, *digested, asked_, [](const casefile::ContentKey&) { return nullptr; },
          store ? &*store : nullptr);
      if (arguments_.show_prompts) fetch_prompts(file, *digested);
    }
    casefile::ExaminedContent& main = contents.back();
    if (auto mismatch = scan::type_mismatch(arguments_.file, digested->format)) {
      main.examination.findings.push_back(*mismatch);
    }
    const auto hits = matching_.match(std::span(&main, 1)).front().hits;
    if (main.examination.coverage != Coverage::full || members.any_error)
      session_.exit = Exit::incomplete;
    arguments_.json ? print_json(contents, members, hits) : print_text(contents, members, hits);
  }

 private:
  [[nodiscard]] scan::ExaminerOptions options() const {
    auto options = examiner_options(session_);
    options.credentials = open_trust(arguments_.trust, session_);
    options.estimates = estimates_;
    if (!arguments_.passwords.empty()) options.passwords = read_passwords(arguments_.passwords);
    return options;
  }

  /// Notes in the audit log of the case that the prompts are shown, and only then reads them.
  void fetch_prompts(const FileSource& file, const scan::DigestedFile& digested) {
    auto writer = casefile::Writer::open(arguments_.case_folder, session_.clock, session_.log);
    writer.note("prompts.shown", {{"file", escape_name(arguments_.file)},
                                  {"sha256", to_hex(digested.digests.sha256)}});
    auto prompts = examiner_.prompts(file, digested, asked_);
    if (!prompts) throw UsageError(arguments_.file + ": " + to_sentence(prompts.error()));
    prompts_ = std::move(*prompts);
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
    if (!store_path_.empty()) json["manifest_store"] = store_path_;
    if (arguments_.show_prompts) {
      json["prompts"] = nlohmann::ordered_json::array();
      for (const scan::PromptText& prompt : prompts_) {
        json["prompts"].push_back({{"kind", prompt.kind},
                                   {"rule", prompt.rule},
                                   {"bytes", prompt.text_bytes},
                                   {"offset", prompt.place.offset_bytes},
                                   {"text", prompt.text}});
      }
    }
    std::printf("%s\n", dump(json, 2).c_str());
  }

  void print_text(const scan::ExaminedContents& contents, const MemberLister& members,
                  const std::vector<Hit>& hits) const {
    std::printf("%s\n%s", arguments_.file.c_str(), to_lines(contents.back(), 2).c_str());
    for (const Hit& hit : hits) {
      std::printf("  hit           %s in list %s, entry %s, category %s (%s), distance %u, %s\n",
                  std::string(to_text(hit.kind)).c_str(), hit.list.c_str(),
                  escape_name(hit.entry_id).c_str(),
                  hit.category.empty() ? "none" : escape_name(hit.category).c_str(),
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
    if (!store_path_.empty())
      std::printf("  manifest store beside the file: %s\n", store_path_.c_str());
    if (arguments_.show_prompts) print_prompts();
  }

  void print_prompts() const {
    if (prompts_.empty()) std::printf("  no prompts\n");
    for (const scan::PromptText& prompt : prompts_) {
      std::printf("  prompt (%s, %s, %llu bytes)\n", prompt.kind.c_str(), prompt.rule.c_str(),
                  static_cast<unsigned long long>(prompt.text_bytes));
      // It may hold anything: control characters are shown, not sent to the terminal.
      std::istringstream lines(prompt.text);
      for (std::string line; std::getline(lines, line);)
        std::printf("    %s\n", escape_name(line).c_str());
    }
  }

  const Arguments& arguments_;
  Session& session_;
  scan::Asked asked_;
  std::string store_path_;
  std::shared_ptr<const scan::EstimateOptions> estimates_;
  scan::Examiner examiner_;
  scan::ListMatching matching_;
  std::vector<scan::PromptText> prompts_;
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
  command->add_option("--manifest", arguments->manifest,
                      "C2PA manifest store that was kept beside the file; by itself, FILE.c2pa");
  command->add_flag("--show-prompts", arguments->show_prompts,
                    "Show the texts that were given to a generator, as the file holds them: "
                    "untrusted, and noted in the audit log of --case");
  command->add_option("--case", arguments->case_folder, "The case whose audit log notes it");
  arguments->lists.add_to(*command);
  arguments->trust.add_to(*command);
  arguments->detectors.add_to(*command);
  command->callback([arguments, &session] { Inspection(*arguments, session).run(); });
}

}  // namespace safelight::app
