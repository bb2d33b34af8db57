#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fcntl.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

#include "apps/safelight/audit/heads_arguments.h"
#include "apps/safelight/commands.h"

#include "safelight/audit/log_file.h"
#include "safelight/base/json_writer.h"
#include "safelight/base/time_text.h"
#include "safelight/bytes/file.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/evidence/origin.h"
#include "safelight/serve/originals/originals_manifest.h"
#include "safelight/serve/reports/case_summary.h"

namespace safelight::app {
namespace {

FileSource open_log(const std::string& file) {
  auto source = FileSource::open(AT_FDCWD, file.c_str());
  if (!source) throw UsageError(file + ": " + to_sentence(source.error()));
  return *std::move(source);
}

/// A record's body as it may stand on a terminal: JSON as a log holds it does, other bytes do not.
std::string shown(const std::string& body) {
  const bool is_plain = is_utf8(body) && std::none_of(body.begin(), body.end(), [](char c) {
                          return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
                        });
  return is_plain ? body : escape_name(body);
}

[[noreturn]] void refuse_log(const std::string& file, const Error& error) {
  throw UsageError(file + " is no audit log that can be read: " + to_sentence(error));
}

/// Says what was found. Whether nothing was.
bool is_as_written(const audit::LogFileVerification& verification) {
  std::printf("%llu records of %s\n", static_cast<unsigned long long>(verification.records),
              verification.name.empty() ? "a log without a name" : verification.name.c_str());
  if (verification.broken) {
    std::printf("MISMATCH: %s\n", verification.broken->what.c_str());
  }
  if (verification.torn_bytes > 0) {
    std::printf("The last %llu bytes are no whole record: what a crash leaves, or a cut.\n",
                static_cast<unsigned long long>(verification.torn_bytes));
  }
  return !verification.broken && verification.torn_bytes == 0;
}

audit::LogFileVerification verify(const std::string& file, const audit::NotedHeads& noted) {
  auto verification = audit::verify_log_file(open_log(file), noted);
  if (!verification) refuse_log(file, verification.error());
  return *std::move(verification);
}

void add_verify(CLI::App& command, Session& session) {
  struct Arguments {
    std::string file;
    HeadsArguments heads;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command_verify = command.add_subcommand(
      "verify", "Recompute an audit log that belongs to no case, and hold it against heads");
  command_verify->add_option("log", arguments->file)->required();
  arguments->heads.add_to(*command_verify);
  command_verify->callback([arguments, &session] {
    const auto name = audit::log_name_of(open_log(arguments->file));
    if (!name) refuse_log(arguments->file, name.error());
    // The heads first: what is written meanwhile then only makes the log longer than they say.
    const audit::NotedHeads noted = arguments->heads.read(*name, session);
    const auto verification = verify(arguments->file, noted);
    if (!is_as_written(verification)) {
      session.exit = Exit::incomplete;
      return;
    }
    std::printf(
        "%sThe log is as it was written. Head: %s\n",
        vouched_text(verification.heads_fitting, verification.vouched_records, verification.records)
            .c_str(),
        to_text(verification.head).c_str());
  });
}

void add_sign(CLI::App& command, Session& session) {
  const auto arguments = std::make_shared<SignArguments>();
  const auto file = std::make_shared<std::string>();
  CLI::App* sign = command.add_subcommand(
      "sign", "Verify a log and append its head, signed, to files that are kept elsewhere");
  sign->add_option("log", *file)->required();
  arguments->add_to(*sign);
  sign->callback([arguments, file, &session] {
    const auto key = read_signing_key(arguments->key).public_key();
    const auto name = audit::log_name_of(open_log(*file));
    if (!name) refuse_log(*file, name.error());
    const auto verification = verify(*file, arguments->earlier_heads(*name, key));
    if (!is_as_written(verification)) {
      std::printf("Nothing was signed.\n");
      session.exit = Exit::incomplete;
      return;
    }
    arguments->sign(verification.name, verification.head, session);
  });
}

void add_show(CLI::App& command, Session& session) {
  const auto file = std::make_shared<std::string>();
  CLI::App* show = command.add_subcommand(
      "show", "Print the records of a log, one a line: number, time, kind and what it says");
  show->add_option("log", *file)->required();
  show->callback([file, &session] {
    const FileSource source = open_log(*file);
    auto reader = audit::LogFileReader::open(source);
    if (!reader) refuse_log(*file, reader.error());
    while (true) {
      const auto bytes = reader->next();
      if (bytes && !*bytes) return;
      const auto record = bytes ? audit::decode_record(**bytes) : bytes.error();
      if (!record) {
        std::printf("(no record: %s)\n", to_sentence(record.error()).c_str());
        session.exit = Exit::incomplete;
        if (!bytes) return;
        continue;
      }
      std::printf("%llu %s %s %s\n", static_cast<unsigned long long>(record->sequence),
                  utc_text(record->time_ns).c_str(), record->kind.c_str(),
                  shown(record->body).c_str());
    }
  });
}

/// A whole file in memory. Throws UsageError.
FileMapping mapped(const std::string& file) {
  const FileSource source = open_log(file);
  auto mapping = FileMapping::map(source.descriptor());
  if (!mapping) throw UsageError(file + ": " + to_sentence(mapping.error()));
  return *std::move(mapping);
}

using CheckSigned = Result<std::string> (*)(std::string_view text, const audit::PublicKey& key);

/// The text that a server signed, which is printed; nothing, with why, where it is not as it was
/// signed.
std::optional<std::string> signed_text_of(const std::string& file, const std::string& key_file,
                                          CheckSigned check) {
  const auto key = audit::PublicKey::read(key_file);
  if (!key) throw UsageError(key_file + ": " + to_sentence(key.error()));
  const FileMapping mapping = mapped(file);
  const auto bytes = mapping.bytes();
  const auto text = check({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, *key);
  if (!text) {
    std::printf("Not as it was signed: %s\n", to_sentence(text.error()).c_str());
    return std::nullopt;
  }
  std::printf("Signed with the key %s\n%s\n", to_hex(key->id()).c_str(), shown(*text).c_str());
  return *text;
}

struct SummaryArguments {
  std::string file;
  std::string key;
  std::vector<std::string> reports;
};

/// Whether the summary names a report of that file name with those bytes.
bool names_report(const std::string& summary, const std::string& report) {
  const std::string digest = to_hex(sha256_of(mapped(report).bytes()));
  const auto json = nlohmann::json::parse(summary);
  for (const auto& one : json.at("reports")) {
    if (one.at("sha256").get<std::string>() == digest) return true;
  }
  return false;
}

void add_summary(CLI::App& command, Session& session) {
  const auto arguments = std::make_shared<SummaryArguments>();
  CLI::App* summary = command.add_subcommand(
      "summary", "Check the signed summary of a case, and reports that it is to name");
  summary->add_option("file", arguments->file)->required();
  summary->add_option("--key", arguments->key, "File of the server's public key")->required();
  summary->add_option("--report", arguments->reports, "A report that was handed over with it");
  summary->callback([arguments, &session] {
    const auto text = signed_text_of(arguments->file, arguments->key, serve::check_summary);
    if (!text) {
      session.exit = Exit::incomplete;
      return;
    }
    for (const std::string& report : arguments->reports) {
      const bool is_named = names_report(*text, report);
      std::printf("%s: %s\n", report.c_str(), is_named ? "named by it" : "NOT named by it");
      if (!is_named) session.exit = Exit::incomplete;
    }
  });
}

/// "as it was written", or what is wrong with it.
const char* state_of_original(const std::filesystem::path& file, const std::string& sha256) {
  const auto source = FileSource::open(AT_FDCWD, file.c_str());
  if (!source) return "MISSING";
  const auto mapping = FileMapping::map(source->descriptor());
  if (!mapping) return "NOT READ";
  return to_hex(sha256_of(mapping->bytes())) == sha256 ? "as it was written" : "CHANGED";
}

void add_originals(CLI::App& command, Session& session) {
  struct Arguments {
    std::string folder;
    std::string key;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* originals = command.add_subcommand(
      "originals", "Check originals that a server exported, and their signed manifest");
  originals->add_option("folder", arguments->folder)->required();
  originals->add_option("--key", arguments->key, "File of the server's public key")->required();
  originals->callback([arguments, &session] {
    const std::filesystem::path folder = arguments->folder;
    if (std::filesystem::absolute(folder / "")
            .parent_path()
            .string()
            .ends_with(serve::ExportFolder::kUnfinished)) {
      std::printf("NOT finished: the export was interrupted\n");
      session.exit = Exit::incomplete;
    }
    const auto text =
        signed_text_of((folder / serve::ExportFolder::kManifestName).string(), arguments->key,
                       [](std::string_view given, const audit::PublicKey& key) {
                         return serve::check_signed(serve::kSignedManifest, given, key);
                       });
    if (!text) {
      session.exit = Exit::incomplete;
      return;
    }
    const auto manifest = nlohmann::json::parse(*text);
    std::set<std::string> named = {serve::ExportFolder::kManifestName};
    for (const auto& one : manifest.at("originals")) {
      const auto sha256 = one.at("sha256").get<std::string>();
      named.insert(sha256);
      const std::string state = state_of_original(folder / sha256, sha256);
      std::printf("%s: %s\n", sha256.c_str(), state.c_str());
      if (state != "as it was written") session.exit = Exit::incomplete;
    }
    for (const auto& one : manifest.at("missing")) {
      std::printf("%s: could not be exported (%s)\n", one.at("item").get<std::string>().c_str(),
                  one.at("rule").get<std::string>().c_str());
    }
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      const std::string name = entry.path().filename().string();
      if (named.contains(name)) continue;
      std::printf("%s: NOT named by it\n", escape_name(name).c_str());
      session.exit = Exit::incomplete;
    }
  });
}

}  // namespace

void add_audit_command(CLI::App& program, Session& session) {
  CLI::App* command = program.add_subcommand(
      "audit", "Verify, sign and show audit logs that belong to no case (see case for the others)");
  command->require_subcommand(1);
  add_verify(*command, session);
  add_sign(*command, session);
  add_show(*command, session);
  add_summary(*command, session);
  add_originals(*command, session);
}

}  // namespace safelight::app
