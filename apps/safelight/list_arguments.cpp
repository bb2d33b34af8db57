#include "apps/safelight/list_arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>
#include <sys/mman.h>
#include <unistd.h>

#include "apps/safelight/own_process.h"

#include "safelight/base/fault.h"
#include "safelight/evidence/origin.h"
#include "safelight/sandbox/confine.h"

namespace safelight::app {
namespace {

constexpr uint32_t kMaxRadiusBits = 256;
constexpr size_t kMaxRefusalsShown = 10;
constexpr size_t kMaxSourcesShown = 10;
constexpr size_t kReadBytes = 1u << 20;
/// Lists are mapped, so that the largest takes as many addresses as bytes: all there are.
constexpr uint64_t kMappedListBytes = 1ull << 46;
/// More than any list takes.
constexpr uint32_t kMaxListCpuSeconds = 24 * 3'600;
/// What this program writes before what it says of an error.
constexpr std::string_view kProgramPrefix = "safelight: ";
/// More than any error takes to tell.
constexpr size_t kMaxSaidBytes = 8'192;

/// A list name from a file's stem.
std::string name_from_file(const std::filesystem::path& file) {
  std::string name = file.stem().string().substr(0, 64);
  std::replace_if(
      name.begin(), name.end(),
      [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '_' && c != '-';
      },
      '_');
  if (name.empty() || name.front() == '.') name.insert(name.begin(), '_');
  return name.substr(0, 64);
}

/// A list is read more than once, so what comes on standard input is kept in memory meanwhile.
FileSource standard_input() {
  Descriptor memory(::memfd_create("standard input", MFD_CLOEXEC));
  if (!memory.is_open()) throw Fault::from_errno("cannot keep standard input in memory", errno);
  std::vector<char> buffer(kReadBytes);
  while (const size_t count = std::fread(buffer.data(), 1, buffer.size(), stdin)) {
    for (size_t done = 0; done < count;) {
      const ssize_t written = ::write(memory.get(), buffer.data() + done, count - done);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw Fault::from_errno("cannot keep standard input in memory", errno);
      done += static_cast<size_t>(written);
    }
  }
  auto source = FileSource::from_descriptor(std::move(memory));
  if (!source) throw list_problem("-", source.error());
  return *std::move(source);
}

SixtyFourHex parse_sixty_four_hex(const std::string& text) {
  const auto parsed = sixty_four_hex_from_text(text);
  if (!parsed) throw UsageError("--sixty-four-hex takes ask, sha256 or pdq");
  return *parsed;
}

PdqMode parse_list_mode(const std::string& text) {
  const auto mode = pdq_mode_from_text(text);
  if (!mode) throw UsageError("the PDQ mode of a list is reference or full");
  return *mode;
}

/// Lists that are encrypted lie in memory as a whole, so that only the machine bounds them.
uint64_t memory_of_machine() {
  return static_cast<uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
         static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

/// Compiles a list file into `store`, in a process that confines itself to it. What that says is
/// for people to read, and no more: the file may have taken it over.
void compile_apart(const std::string& file, const std::string& name, const ListStore& store,
                   const ListArguments& arguments, const Session& session) {
  // A file of the name that stands for standard input.
  const std::string path = file == "-" ? "./-" : file;
  const auto end = run_own_program(
      {.arguments = list_program(session, store.folder(),
                                 {"build", "--sixty-four-hex", arguments.sixty_four_hex, "--pdq",
                                  arguments.list_pdq_mode, "--", name, path}),
       .heard = Heard::errors});
  if (end.status == static_cast<int>(Exit::done)) return;
  if (end.signal == SIGINT || end.signal == SIGTERM) {
    throw Interrupted("list " + file + ": interrupted while it was read");
  }
  std::string_view said = end.output;
  if (said.starts_with(kProgramPrefix)) said.remove_prefix(kProgramPrefix.size());
  said = said.substr(0, std::min(said.find_last_not_of('\n') + 1, kMaxSaidBytes));
  const std::string why =
      said.empty() ? "list " + file + ": the process that read it died" : escape_name(said);
  if (end.status == static_cast<int>(Exit::usage)) throw UsageError(why);
  throw Fault(why);
}

void add_line(std::ostringstream& out, std::string_view label, uint64_t count) {
  if (count > 0) out << "  " << label << ": " << count << "\n";
}

}  // namespace

void ListArguments::add_to(CLI::App& command) {
  command.add_option("--list", lists, "Name of a list, or a list file; repeatable")
      ->type_name("NAME|FILE");
  command
      .add_option("--radius", radius_bits,
                  "Largest PDQ distance that is a match, inclusive, in bits")
      ->check(CLI::Range(0u, kMaxRadiusBits))
      ->capture_default_str();
  command
      .add_option("--orientations", orientations,
                  "In which orientations a picture is looked up: original, all, or auto (all; in "
                  "lists of over 5,000,000 fingerprints, of small pictures the original only)")
      ->check(CLI::IsMember({"auto", "original", "all"}))
      ->capture_default_str();
  command
      .add_option("--sixty-four-hex", sixty_four_hex,
                  "What 64 hexadecimal digits are in a list file that does not tell")
      ->check(CLI::IsMember({"ask", "sha256", "pdq"}))
      ->capture_default_str();
  command.add_option("--list-pdq", list_pdq_mode, "Mode of the PDQ fingerprints in list files")
      ->check(CLI::IsMember({"reference", "full"}))
      ->capture_default_str();
}

void CompileArguments::add_to(CLI::App& command) {
  command
      .add_option("--map", mapping,
                  "What a category code means: known, review, unknown or ordinary; repeatable")
      ->type_name("CODE=MEANING");
  command.add_option("--map-file", mapping_file, "File of such lines, `code = meaning`");
  command.add_option("--default", default_disposition, "What an entry without a code means")
      ->check(CLI::IsMember({"known", "review", "unknown", "ordinary"}));
  command
      .add_option("--sixty-four-hex", sixty_four_hex,
                  "What 64 hexadecimal digits are where the list does not tell")
      ->check(CLI::IsMember({"ask", "sha256", "pdq"}))
      ->capture_default_str();
  command.add_option("--pdq", pdq_mode, "Mode of the list's PDQ fingerprints")
      ->check(CLI::IsMember({"reference", "full"}))
      ->capture_default_str();
}

CompileOptions CompileArguments::options() const {
  CompileOptions options;
  if (!mapping_file.empty()) {
    std::ifstream in(mapping_file);
    if (!in) throw UsageError("cannot read the mapping in " + mapping_file);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const auto parsed = CategoryMapping::parse(text);
    if (!parsed) throw UsageError(mapping_file + ": " + to_sentence(parsed.error()));
    options.mapping = *parsed;
  }
  for (const std::string& assignment : mapping) {
    if (const auto set = options.mapping.set_from_text(assignment); !set) {
      throw UsageError("--map " + assignment + ": " + to_sentence(set.error()));
    }
  }
  if (!default_disposition.empty())
    options.default_disposition = *disposition_from_text(default_disposition);
  options.import.sixty_four_hex = parse_sixty_four_hex(sixty_four_hex);
  options.pdq_mode = parse_list_mode(pdq_mode);
  return options;
}

UsageError list_problem(const std::string& list, const Error& error) {
  std::string message = "list " + list + ": " + to_sentence(error);
  if (error.rule == "list.sixty-four-hex") {
    message +=
        ": its 64 hexadecimal digits may be SHA-256 or PDQ; say which with --sixty-four-hex "
        "sha256 or pdq";
  } else if (error.rule == "compiled-list.version") {
    message += ": it was made by another version of Safelight; build it from its source again";
  } else if (error.rule == "compiled-list.sealed") {
    message += ": it is encrypted; name the file of its key with --list-key";
  } else if (error.rule == "sealed.key") {
    message += ": another key than that of --list-key has encrypted it";
  } else if (error.rule == "sqlite.open") {
    message += ": a database is opened anew, as the owner of the list store, who may not read it";
  }
  return UsageError(message);
}

std::vector<FileSource> open_list_files_confined(const std::vector<std::string>& files,
                                                 const ListStore& store, const Session& session) {
  std::vector<std::optional<FileSource>> named;
  sandbox::FolderAccess access{store.folder(), {}};
  for (const std::string& file : files) {
    if (file == "-") {
      named.emplace_back();
      continue;
    }
    auto source = FileSource::open(AT_FDCWD, std::filesystem::weakly_canonical(file).c_str());
    if (!source) throw list_problem(file, source.error());
    // SQLite opens it by the descriptor's name.
    access.also_read.push_back(source->descriptor());
    named.emplace_back(*std::move(source));
  }
  // What SQLite sorts on disk would lie where this process may not write, and others look.
  ::setenv("SQLITE_TMPDIR", store.folder().c_str(), 1);
  sandbox::Policy policy;
  policy.memory_bytes = memory_of_machine();
  policy.mapped_bytes = kMappedListBytes;
  policy.degraded = session.degraded();
  sandbox::confine_to_folder(access, policy, kMaxListCpuSeconds);
  std::vector<FileSource> sources;
  for (auto& source : named) sources.push_back(source ? *std::move(source) : standard_input());
  return sources;
}

std::vector<std::string> list_program(const Session& session, const std::filesystem::path& store,
                                      const std::vector<std::string>& arguments) {
  std::vector<std::string> all = {"--list-store", store.string()};
  if (!session.list_key_file.empty()) {
    all.insert(all.end(), {"--list-key", session.list_key_file.string()});
  }
  if (session.allow_degraded_sandbox) all.emplace_back("--allow-degraded-sandbox");
  all.emplace_back("list");
  all.insert(all.end(), arguments.begin(), arguments.end());
  return all;
}

ListStore open_list_store(const Session& session, const std::filesystem::path& folder) {
  if (session.list_key_file.empty()) return ListStore::open(folder);
  const auto key = SealKey::read(session.list_key_file);
  if (!key) {
    throw UsageError("key file " + session.list_key_file.string() + ": " +
                     to_sentence(key.error()));
  }
  return ListStore::open(folder, std::make_shared<const SealKey>(*key));
}

scan::ListMatching open_lists(const ListArguments& arguments, const Session& session,
                              const std::filesystem::path& file_lists) {
  auto lists = std::make_unique<LiveLists>();
  std::set<std::string> names_taken;
  const auto keep = [&](const ListStore& store, const std::string& name, const std::string& given) {
    if (!names_taken.insert(name).second) throw UsageError("two lists are called " + name);
    if (const auto added = lists->add(store, name); !added) {
      throw list_problem(given, added.error());
    }
  };
  for (const std::string& given : arguments.lists) {
    const bool may_be_name =
        check_list_name(given).has_value() && std::filesystem::exists(session.list_store);
    if (may_be_name) {
      const ListStore store = open_list_store(session, session.list_store);
      const auto names = store.names();
      if (std::find(names.begin(), names.end(), given) != names.end()) {
        keep(store, given, given);
        continue;
      }
    }
    if (!std::filesystem::exists(given)) {
      throw UsageError("list " + given +
                       ": neither a list that was built (safelight list show) nor a file");
    }
    const ListStore store = open_list_store(session, file_lists);
    const std::string name = name_from_file(given);
    compile_apart(given, name, store, arguments, session);
    keep(store, name, given);
    if (const uint64_t refused = lists->snapshot()->back()->info().refused; refused > 0) {
      StandardErrorLog().log(Severity::warning,
                             "list " + given + ": " + std::to_string(refused) +
                                 " lines or values were refused; `list build` shows them");
    }
  }
  const auto orientations = scan::orientation_choice_from_text(arguments.orientations);
  if (!orientations) throw UsageError("--orientations takes auto, original or all");
  return {std::move(lists), arguments.radius_bits, *orientations};
}

std::string describe(const ImportSummary& import) {
  std::ostringstream out;
  out << "Format: " << to_text(import.format);
  if (!import.header.empty()) out << " (" << escape_name(import.header) << ")";
  out << "\nRead " << import.records << " records:\n";
  add_line(out, "MD5", import.md5);
  add_line(out, "SHA-1", import.sha1);
  add_line(out, "SHA-256", import.sha256);
  add_line(out, "PDQ", import.pdq);
  add_line(out, "PhotoDNA (kept, not matchable here)", import.photodna);
  add_line(out, "dropped, digests of the empty file", import.dropped_empty_file);
  add_line(out, "dropped, placeholders of zeros", import.dropped_placeholder);
  add_line(out, "dropped, fingerprints of a quality under 50", import.dropped_low_quality);
  add_line(out, "values of kinds that are not read", import.other_signals);
  if (import.refused_total() > 0) {
    out << "Refused " << import.refused_total() << ":\n";
    for (const auto& [rule, count] : import.refused) out << "  " << rule << ": " << count << "\n";
    const size_t shown = std::min(import.refusals.size(), kMaxRefusalsShown);
    for (size_t i = 0; i < shown; ++i) {
      out << "  line or record " << import.refusals[i].record_number << ": "
          << to_sentence(import.refusals[i].error) << "\n";
    }
    if (import.refused_total() > shown)
      out << "  and " << import.refused_total() - shown << " more\n";
  }
  return out.str();
}

std::string describe(const HashList& list) {
  const CompiledListInfo& info = list.info();
  std::ostringstream out;
  out << list.name() << "\n";
  const size_t shown = std::min(info.sources.size(), kMaxSourcesShown);
  for (size_t i = 0; i < shown; ++i) {
    const ListSource& source = info.sources[i];
    out << "  source: " << escape_name(source.name) << " (" << source.format << "), SHA-256 "
        << to_hex(source.sha256) << "\n";
  }
  if (info.sources.size() > shown)
    out << "  and " << info.sources.size() - shown << " more sources\n";
  out << "  content id: " << to_hex(info.content_id) << "\n  entries: " << info.entries << " (MD5 "
      << info.md5 << ", SHA-1 " << info.sha1 << ", SHA-256 " << info.sha256 << ", PDQ " << info.pdq;
  if (info.pdq > 0) out << " in mode " << to_text(info.pdq_mode);
  out << ", PhotoDNA " << info.photodna << ")\n";
  for (const ListCategory& category : info.categories) {
    out << "  category " << (category.code.empty() ? "(none)" : escape_name(category.code)) << ": "
        << category.entries << " entries mean " << to_text(category.disposition)
        << (category.mapped ? "" : " (not mapped)") << "\n";
  }
  out << "  " << list.segments().size()
      << (list.segments().size() == 1 ? " segment, " : " segments, ") << info.file_bytes
      << " bytes:\n";
  for (const HashList::Segment& segment : list.segments()) {
    const CompiledListInfo& of_segment = segment->info();
    out << "    " << of_segment.entries << " entries, " << of_segment.removals << " removals, "
        << of_segment.file_bytes << " bytes" << (segment->is_sealed() ? ", encrypted" : "");
    if (of_segment.pdq > 0) {
      out << ", " << (of_segment.index_kind == IndexKind::flat ? "scanned" : "multi-index");
    }
    out << "\n";
  }
  return out.str();
}

}  // namespace safelight::app
