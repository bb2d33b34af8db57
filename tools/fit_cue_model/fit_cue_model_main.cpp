// Makes the model of safelight/synthesis/cues from a manifest (docs/formats/manifest.md), and says
// what such a model is worth on sources that it has not seen.
//
//   fit_cue_model MANIFEST YYYY-MM-DD OUTPUT
//
// Each file is checked against its digest, decoded and measured twice: as it is, and after the same
// resize and JPEG for both classes (transformation "equalised_85"), since format and size may tell
// the classes apart in a collection. The model is fitted to both. The date is the one that the file
// will state. Numbers leave this program, no pixels.
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "safelight/codec/format.h"
#include "safelight/codec/still/still.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/picture/whole_picture.h"
#include "safelight/synthesis/cues/fit_cue_model.h"
#include "safelight/synthesis/evaluation/manifest.h"
#include "safelight/synthesis/likelihood/measures/cllr.h"
#include "safelight/synthesis/likelihood/measures/discrimination.h"
#include "safelight/synthesis/transformations/transformation.h"

namespace {

using namespace safelight;
using namespace safelight::synthesis;

constexpr std::string_view kConditions[] = {"clean", "equalised_85"};
constexpr size_t kConditionCount = std::size(kConditions);

std::vector<std::byte> bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::vector<char> chars{std::istreambuf_iterator<char>(in), {}};
  const auto bytes = std::as_bytes(std::span(chars));
  return {bytes.begin(), bytes.end()};
}

/// One reference as it was measured.
struct Row {
  Proposition truth;
  std::string source;
  std::optional<std::vector<Cue>> cues[kConditionCount];
};

void skip(const Reference& reference, std::string_view what, std::string_view reason) {
  std::printf("skipped %s (%s): %s\n", reference.path.c_str(), std::string(what).c_str(),
              std::string(reason).c_str());
}

std::optional<Picture> decoded(const Reference& reference, std::span<const std::byte> file) {
  const codec::Format format = codec::sniff(file);
  WholePictureSink sink;
  codec::DecodeRequest request;
  request.nearest = false;
  request.rows = &sink;
  const auto result = codec::decode_still(format, file, std::nullopt, request);
  if (!result || result->incomplete) {
    skip(reference, codec::to_text(format), result ? "decoded in part" : result.error().rule);
    return std::nullopt;
  }
  return std::move(sink.picture);
}

Row measured(const Reference& reference, const Picture& picture) {
  Row row{reference.truth, reference.source, {}};
  for (size_t i = 0; i < kConditionCount; ++i) {
    const Transformation* const transformation = find_transformation(kConditions[i]);
    const auto made = apply(*transformation, picture, {}, {});
    if (!made || !made->not_applicable.empty()) {
      skip(reference, kConditions[i], made ? made->not_applicable : made.error().rule);
      continue;
    }
    CuePanel panel = cue_panel(made->picture);
    if (panel.cues.empty()) {
      skip(reference, kConditions[i], panel.not_assessable);
      continue;
    }
    row.cues[i] = std::move(panel.cues);
  }
  return row;
}

Result<CueModel> fit(std::span<const Row> rows, const std::string& left_out,
                     CueModelOrigin origin) {
  std::vector<LabelledPanel> panels;
  for (const Row& row : rows) {
    if (row.source == left_out) continue;
    bool used = false;
    for (const auto& cues : row.cues) {
      if (!cues) continue;
      panels.push_back({row.truth, *cues});
      used = true;
    }
    if (!used) continue;
    ++(row.truth == Proposition::camera ? origin.camera_pictures : origin.generated_pictures);
  }
  return fit_cue_model(panels, kCueModelPenalty, origin);
}

double score(const CueModel& model, std::span<const Cue> cues) {
  double sum = model.intercept;
  for (size_t i = 0; i < cues.size(); ++i) {
    const CueTerm& term = model.terms[i];
    sum += term.weight * ((cues[i].value - term.mean) / term.scale);
  }
  return sum;
}

void add(TwoClassValues& values, Proposition truth, double value) {
  (truth == Proposition::camera ? values.camera : values.generated).push_back(value);
}

/// A log odds is a log LR here, because each class counted half; of the other sign, since an LR is
/// of H1.
double log10_lr(double score) { return -score / std::log(10.0); }

TwoClassValues ratios(const TwoClassValues& scores) {
  TwoClassValues out;
  for (const double value : scores.camera) out.camera.push_back(log10_lr(value));
  for (const double value : scores.generated) out.generated.push_back(log10_lr(value));
  return out;
}

void print(std::string_view split, size_t condition, const TwoClassValues& scores) {
  std::printf("%-18s %-13s camera %3zu generated %3zu  AUC %.3f  Cllr %.3f\n",
              std::string(split).c_str(), std::string(kConditions[condition]).c_str(),
              scores.camera.size(), scores.generated.size(), auc(scores), cllr(ratios(scores)));
}

bool evaluate(std::span<const Row> rows, const CueModel& fitted_to_all,
              const CueModelOrigin& origin) {
  std::set<std::string> sources;
  for (const Row& row : rows) sources.insert(row.source);
  TwoClassValues unseen[kConditionCount];
  TwoClassValues seen[kConditionCount];
  for (const std::string& source : sources) {
    const auto model = fit(rows, source, origin);
    if (!model) {
      std::fprintf(stderr, "without %s: %s\n", source.c_str(),
                   std::string(model.error().rule).c_str());
      return false;
    }
    for (const Row& row : rows) {
      if (row.source != source) continue;
      for (size_t i = 0; i < kConditionCount; ++i) {
        if (!row.cues[i]) continue;
        add(unseen[i], row.truth, score(*model, *row.cues[i]));
        add(seen[i], row.truth, score(fitted_to_all, *row.cues[i]));
      }
    }
  }
  for (size_t i = 0; i < kConditionCount; ++i) print("leave one source", i, unseen[i]);
  for (size_t i = 0; i < kConditionCount; ++i) print("seen (optimistic)", i, seen[i]);
  return true;
}

std::optional<std::chrono::year_month_day> date_from(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (text.size() != 10) return std::nullopt;
  std::from_chars(text.data(), text.data() + 4, year);
  std::from_chars(text.data() + 5, text.data() + 7, month);
  std::from_chars(text.data() + 8, text.data() + 10, day);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return date;
}

}  // namespace

int main(int argc, char** argv) {
  const auto made = argc == 4 ? date_from(argv[2]) : std::nullopt;
  if (!made) {
    std::fputs("usage: fit_cue_model MANIFEST YYYY-MM-DD OUTPUT\n", stderr);
    return 2;
  }
  const std::filesystem::path manifest_path = argv[1];
  const auto manifest = read_manifest(bytes_of(manifest_path));
  if (!manifest) {
    std::fprintf(stderr, "%s at byte %llu\n", std::string(manifest.error().rule).c_str(),
                 static_cast<unsigned long long>(manifest.error().offset_bytes));
    return 1;
  }
  std::vector<Row> rows;
  for (const Reference& reference : manifest->references) {
    const auto file = bytes_of(manifest_path.parent_path() / reference.path);
    if (sha256_of(file) != reference.sha256) {
      skip(reference, "file", "its digest is not the manifest's");
      continue;
    }
    if (const auto picture = decoded(reference, file)) {
      rows.push_back(measured(reference, *picture));
    }
  }
  const CueModelOrigin origin{manifest->sha256, *made, 0, 0};
  const auto model = fit(rows, "", origin);
  if (!model) {
    std::fprintf(stderr, "%s\n", std::string(model.error().rule).c_str());
    return 1;
  }
  if (!evaluate(rows, *model, origin)) return 1;
  std::ofstream out(argv[3], std::ios::binary);
  out << to_text(*model) << std::flush;
  return out ? 0 : 1;
}
