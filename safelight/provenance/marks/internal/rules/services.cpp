#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "safelight/metadata/xmp/xmp_names.h"
#include "safelight/provenance/marks/internal/rules/rules.h"

/// Generators that run as services and leave short marks.
namespace safelight::marks {
namespace {

using Tag = metadata::ExifTag;

constexpr std::string_view kUnsigned = " It is not signed: anybody can write it.";

bool is_uuid(std::string_view text) {
  constexpr std::string_view kShape = "00000000-0000-0000-0000-000000000000";
  if (text.size() != kShape.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (kShape[i] == '-' ? c != '-' : !hex) return false;
  }
  return true;
}

std::string_view text_of(const Statement* statement) {
  return statement == nullptr ? std::string_view() : std::string_view(statement->text);
}

/// The prompt, its flags, and "Job ID: " with a UUID at the end.
struct JobText {
  std::string_view prompt;
  std::string_view flags;  ///< From the first " --" on; empty where there is none.
  std::string_view job_id;
};

std::optional<JobText> job_text(std::string_view text) {
  constexpr std::string_view kJob = "Job ID: ";
  constexpr size_t kUuidBytes = 36;
  while (text.ends_with(' ') || text.ends_with('\n')) text.remove_suffix(1);
  if (text.size() < kJob.size() + kUuidBytes) return std::nullopt;
  JobText out;
  out.job_id = text.substr(text.size() - kUuidBytes);
  text.remove_suffix(kUuidBytes);
  if (!is_uuid(out.job_id) || !text.ends_with(kJob)) return std::nullopt;
  text.remove_suffix(kJob.size());
  const size_t flags = text.find(" --");
  out.prompt = text.substr(0, flags);
  if (flags != std::string_view::npos) out.flags = text.substr(flags + 1);
  while (out.prompt.ends_with(' ')) out.prompt.remove_suffix(1);
  return out;
}

std::string value_of_flag(std::string_view flags, std::string_view flag) {
  const size_t at = flags.find(flag);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = flags.substr(at + flag.size());
  return std::string(rest.substr(0, rest.find(' ')));
}

void find_midjourney(const Statements& statements, Marks& marks) {
  std::set<std::string_view> guids;
  for (const Statement* statement : statements.at(Spot::xmp)) {
    if (statement->key == metadata::kDigitalImageGuid.name) guids.insert(statement->text);
  }
  const bool has_author =
      statements.png("Author") != nullptr && statements.png("Creation Time") != nullptr;
  for (const Statement& statement : statements.all()) {
    const bool png = statement.spot == Spot::png_text && statement.key == "Description";
    const bool exif = statement.spot == Spot::exif_text &&
                      statement.tag == static_cast<uint16_t>(Tag::image_description);
    const bool xmp = statement.spot == Spot::xmp && statement.key == "description";
    if (!png && !exif && !xmp) continue;
    const auto job = job_text(statement.text);
    if (!job) continue;
    // Other services give jobs ids too: a second sign is asked for.
    if (job->flags.empty() && !guids.contains(job->job_id) && !has_author) continue;
    Mark& mark = marks.add(kGeneratorMark,
                           png   ? "midjourney.png-text"
                           : xmp ? "midjourney.xmp"
                                 : "midjourney.exif",
                           "Midjourney", statement.place);
    mark.state("The file carries a description in the form of Midjourney." +
               std::string(kUnsigned));
    mark.fact("job_id", std::string(job->job_id));
    mark.fact("software_version", value_of_flag(job->flags, "--v "));
    mark.fact("seed", value_of_flag(job->flags, "--seed "));
    mark.prompt(PromptKind::positive, job->prompt);
    const size_t no = job->flags.find("--no ");
    if (no != std::string_view::npos) {
      const std::string_view rest = job->flags.substr(no + 5);
      mark.prompt(PromptKind::negative, rest.substr(0, rest.find(" --")));
    }
    return;  // one description, which stands in several places
  }
}

bool is_grok_signature(std::string_view text) {
  constexpr std::string_view kStart = "Signature: ";
  constexpr size_t kMinBase64Bytes = 64;
  if (!text.starts_with(kStart)) return false;
  text.remove_prefix(kStart.size());
  return text.size() >= kMinBase64Bytes && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '+' || c == '/' || c == '=';
         });
}

void find_in_exif(const Statements& statements, size_t block, Marks& marks) {
  const Statement* make = statements.exif(block, Tag::make);
  const std::string_view software = text_of(statements.exif(block, Tag::software));
  const std::string_view model = text_of(statements.exif(block, Tag::model));
  if (text_of(make) == "Black Forest Labs" &&
      (software.starts_with("AI generated") || model.starts_with("flux"))) {
    marks.claim_exif(block);
    Mark& mark = marks.add(kGeneratorMark, "bfl.exif", "Black Forest Labs", make->place);
    mark.state("EXIF names Black Forest Labs' program for FLUX as what made the picture." +
               std::string(kUnsigned));
    mark.fact("model", std::string(model));
    mark.fact("software", std::string(software));
  }
  if (text_of(make) == "Ideogram AI") {
    marks.claim_exif(block);
    marks.add(kGeneratorMark, "ideogram.exif", "Ideogram", make->place)
        .state("EXIF names Ideogram AI as what made the picture." + std::string(kUnsigned));
  }

  const Statement* artist = statements.exif(block, Tag::artist);
  if (!is_uuid(text_of(artist))) return;
  for (const Statement* holder :
       {statements.exif(block, Tag::image_description), statements.at(block, Spot::user_comment)}) {
    if (!is_grok_signature(text_of(holder))) continue;
    Mark& mark = marks.add(kGeneratorMark, "grok.exif", "xAI Grok", holder->place);
    mark.state(
        "EXIF carries what xAI's Grok writes: a signature and a picture's id. The key to check the "
        "signature with is not public: anybody can write such fields.");
    mark.fact("picture_id", artist->text);
    mark.fact("signature_sha256", sha256_text(holder->text));
    return;
  }
}

void find_hugging_face(const Statements& statements, Marks& marks) {
  constexpr size_t kMaxIdBytes = 100;
  const Statement* job = statements.png("hf-job-id");
  const std::string_view id = text_of(job);
  if (id.empty() || id.size() > kMaxIdBytes ||
      id.find_first_of(" \t\r\n") != std::string_view::npos) {
    return;
  }
  Mark& mark = marks.add(kGeneratorMark, "huggingface.job", "Hugging Face job", job->place);
  mark.state(
      "The file names a job of Hugging Face, whose machines run generators and other programs. It "
      "does not say which." +
      std::string(kUnsigned));
  mark.fact("job_id", std::string(id));
}

}  // namespace

void find_services(Statements& statements, Marks& marks) {
  find_midjourney(statements, marks);
  for (size_t block = 0; block < statements.exif_blocks(); ++block) {
    find_in_exif(statements, block, marks);
  }
  find_hugging_face(statements, marks);
}

}  // namespace safelight::marks
