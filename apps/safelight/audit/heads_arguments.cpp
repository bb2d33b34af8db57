#include "apps/safelight/audit/heads_arguments.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fcntl.h>

#include "safelight/base/fault.h"
#include "safelight/bytes/file.h"
#include "safelight/bytes/private_file.h"

namespace safelight::app {
namespace {

audit::PublicKey read_public_key(const std::string& given) {
  if (const auto key = audit::PublicKey::parse(given)) return *key;
  const auto key = audit::PublicKey::read(given);
  if (!key) throw UsageError("--key " + given + ": no public key: " + to_sentence(key.error()));
  return *key;
}

FileSource open_heads(const std::string& file) {
  auto source = FileSource::open(AT_FDCWD, file.c_str());
  if (!source) throw UsageError("--heads " + file + ": " + to_sentence(source.error()));
  return *std::move(source);
}

std::string why_not_used(const Error& error) {
  if (error.rule == "head.key") return "is signed with another key";
  if (error.code == ErrorCode::integrity_mismatch) return "has a signature that does not fit";
  return "is no head: " + to_sentence(error);
}

/// Whether the reading holds nothing that the log's owner has to explain.
bool tell_of(const audit::HeadsReading& reading, const std::string& file, Session& session) {
  bool is_sound = true;
  for (const audit::BadLine& bad : reading.bad_lines) {
    session.log.log(Severity::warning, file + ", line " + std::to_string(bad.line) + " " +
                                           why_not_used(bad.error) + "; it was left out");
    is_sound = is_sound && bad.error.code != ErrorCode::integrity_mismatch;
  }
  if (reading.bad_line_count > reading.bad_lines.size()) {
    session.log.log(Severity::warning, file + ": " + std::to_string(reading.bad_line_count) +
                                           " lines in all were left out");
  }
  for (const uint64_t line : reading.set_back) {
    session.log.log(Severity::warning,
                    file + ", line " + std::to_string(line) +
                        " is of fewer records than one before it: the log was set back, or lines "
                        "were moved");
  }
  if (reading.signatures == audit::Signatures::not_checked) {
    session.log.log(Severity::warning,
                    "the signatures of the heads were not checked: --key takes the public key");
  }
  for (const audit::Fork& fork : reading.forks) {
    std::printf(
        "MISMATCH in the heads: lines %llu and %llu of %s are both of %llu records and differ: the "
        "log had two pasts\n",
        static_cast<unsigned long long>(fork.first_line),
        static_cast<unsigned long long>(fork.second_line), file.c_str(),
        static_cast<unsigned long long>(fork.size));
  }
  return is_sound && reading.fork_count == 0;
}

}  // namespace

void HeadsArguments::add_to(CLI::App& command) {
  command.add_option("--head", head, "A head noted earlier, which the log must contain")
      ->type_name("SIZE:ROOT");
  command.add_option("--heads", heads,
                     "File of signed heads kept elsewhere, to all of which the log must fit");
  command.add_option("--key", keys,
                     "Public key of the heads, in hexadecimal or a file; repeatable");
}

audit::NotedHeads HeadsArguments::read(std::string_view log, Session& session) const {
  std::vector<audit::NotedHead> out;
  if (!head.empty()) {
    const auto noted = audit::parse_tree_head(head);
    if (!noted) throw UsageError("--head takes SIZE:ROOT as an earlier verify printed it");
    out.push_back({*noted});
  }
  if (heads.empty()) {
    if (!keys.empty()) throw UsageError("--key is of --heads, which is not given");
    return out;
  }
  std::vector<audit::PublicKey> public_keys;
  for (const std::string& key : keys) public_keys.push_back(read_public_key(key));
  const auto reading = audit::read_heads(open_heads(heads), log, public_keys);
  if (!reading) throw UsageError("--heads " + heads + ": " + to_sentence(reading.error()));
  if (!tell_of(*reading, heads, session)) session.exit = Exit::incomplete;
  if (reading->heads.empty()) {
    std::printf("%s holds no usable head of %.*s, but %llu of other logs.\n", heads.c_str(),
                static_cast<int>(log.size()), log.data(),
                static_cast<unsigned long long>(reading->other_logs));
    session.exit = Exit::incomplete;
  }
  const audit::NotedHeads noted = reading->noted();
  out.insert(out.end(), noted.smallest_first().begin(), noted.smallest_first().end());
  return out;
}

std::string vouched_text(uint64_t heads_fitting, uint64_t vouched, uint64_t records) {
  if (heads_fitting == 0) {
    return "No head from elsewhere: that records were cut off at the end, or the log rewritten, "
           "cannot be excluded.\n";
  }
  const std::string fit =
      std::to_string(heads_fitting) +
      (heads_fitting == 1 ? " head from elsewhere fits" : " heads from elsewhere fit");
  if (vouched == records) return fit + ", the last of them all records.\n";
  return fit + ", the last of them " + std::to_string(vouched) + " of " + std::to_string(records) +
         " records: that those behind it were changed or cut off cannot be excluded.\n";
}

void make_key_files(const std::string& file) {
  const std::string public_file = file + ".pub";
  if (std::filesystem::exists(public_file)) throw Fault(public_file + " is there already");
  const auto key = audit::SigningKey::make();
  key.store(file);
  const std::string pem = key.public_key().pem();
  make_private_file(public_file, std::as_bytes(std::span(pem)));
  std::printf(
      "Signing key: %s. Who has it can sign in your name; keep it away from the cases.\n"
      "Public key: %s, %s (id %s)\n",
      file.c_str(), public_file.c_str(), key.public_key().hex().c_str(),
      to_hex(key.public_key().id()).c_str());
}

audit::SigningKey read_signing_key(const std::string& file) {
  auto key = audit::SigningKey::read(file);
  if (!key) throw UsageError("--key " + file + ": " + to_sentence(key.error()));
  return *std::move(key);
}

void SignArguments::add_to(CLI::App& command) {
  command.add_option("--key", key, "File of the key (case key makes one)")->required();
  command.add_option("--heads", files, "File of heads, made if need be; repeatable")->required();
}

audit::NotedHeads SignArguments::earlier_heads(std::string_view log,
                                               const audit::PublicKey& public_key) const {
  std::vector<audit::NotedHead> out;
  for (const std::string& file : files) {
    if (!std::filesystem::exists(file)) continue;
    const auto reading = audit::read_heads(open_heads(file), log, std::span(&public_key, 1));
    if (!reading) throw UsageError("--heads " + file + ": " + to_sentence(reading.error()));
    const audit::NotedHeads noted = reading->noted();
    for (const audit::NotedHead& head : noted.smallest_first()) {
      out.push_back({head.head, head.name + " of " + file});
    }
  }
  return out;
}

void SignArguments::add_optional_to(CLI::App& command) {
  command.add_option("--heads", files,
                     "File kept elsewhere, to which signed heads of the case's log are appended "
                     "every minute and at the end; repeatable");
  command.add_option("--sign-key", key, "File of the key for --heads (case key makes one)");
}

audit::HeadPublisher SignArguments::publisher(const std::string& log, int64_t every_ns,
                                              const Session& session) const {
  if (!audit::is_log_name(log)) throw UsageError("heads cannot name the log \"" + log + "\"");
  std::vector<std::unique_ptr<audit::HeadDestination>> destinations;
  for (const std::string& file : files) {
    destinations.push_back(std::make_unique<audit::HeadsFile>(file));
  }
  return {read_signing_key(key), {log, every_ns}, std::move(destinations), session.clock};
}

void SignArguments::sign(const std::string& log, const audit::TreeHead& head,
                         const Session& session) const {
  std::string failed;
  for (const auto& failure : publisher(log, 0, session).publish(head)) {
    failed += (failed.empty() ? "" : "; ") + failure.what;
  }
  if (!failed.empty()) throw Fault(failed);
  std::printf("Signed. Head: %s\n", to_text(head).c_str());
}

}  // namespace safelight::app
