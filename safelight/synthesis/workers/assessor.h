#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/limits.h"
#include "safelight/base/result.h"
#include "safelight/bytes/file.h"
#include "safelight/codec/format.h"
#include "safelight/sandbox/policy.h"
#include "safelight/sandbox/worker.h"
#include "safelight/synthesis/detectors/detector.h"

namespace safelight::synthesis {

/// The name of the worker program; it lies beside the program that starts it.
inline constexpr std::string_view kSynthesisWorker = "safelight-synthesis-worker";

/// The condition of a picture as it is.
inline constexpr std::string_view kCleanCondition = "clean";

struct AssessorOptions {
  std::filesystem::path program;       ///< The worker program.
  std::vector<std::string> arguments;  ///< What it gets: where the models lie.
  /// Of them max_pixels, max_side_pixels and max_decode_memory_bytes bound what is decoded;
  /// item_timeout_ms is the time for one picture under one condition.
  Limits limits;
  /// Private memory of the worker, models included.
  uint64_t memory_bytes = 4'000'000'000;
  /// How long the worker may take to load its models and to name them.
  uint32_t loading_timeout_ms = 120'000;
  sandbox::Degraded degraded = sandbox::Degraded::refuse;
};

/// A picture, as all of a file or a part of it.
struct PictureFile {
  const FileSource& file;
  uint64_t offset_bytes = 0;
  uint64_t length_bytes = 0;
  codec::Format format = codec::Format::unknown;
  /// How the pixels were stored before they became this file; nothing: the file tells.
  std::optional<Storage> stored_as = {};
};

/// A file of pixels (picture/bitmap.h) that another program decoded from one stored with loss.
PictureFile decoded_picture(const FileSource& file);

/// What the detectors say of a picture under one condition.
struct Assessments {
  std::vector<Assessment> by_detector;  ///< In the order of Assessor::detectors().
  /// Why the condition does not apply to the picture, in plain words; else empty. Then nothing else
  /// is here.
  std::string not_applicable;
};

/// Asks detectors of generated pictures, which run in a confined worker process. Used by one thread
/// at a time; many Assessors work side by side.
class Assessor {
 public:
  /// Starts the worker and has it name its detectors. Throws Fault if the worker cannot be started
  /// or does not answer.
  static Assessor start(AssessorOptions options);

  [[nodiscard]] const std::vector<DetectorIdentity>& detectors() const { return detectors_; }
  /// What the worker could not load and why, in plain words. Untrusted text.
  [[nodiscard]] const std::vector<std::string>& remarks() const { return remarks_; }
  /// How the worker is confined.
  [[nodiscard]] const sandbox::Report& confinement() const { return worker_.report(); }

  /// What every detector says of the picture after the transformation of that name
  /// (kCleanCondition: as it is).
  /// Errors: unsupported, "synthesis.heif" for HEIC, HEIF and AVIF, whose decoder is in another
  /// worker (decoded_picture()), "synthesis.format" for what is no picture; those of decoding;
  /// not_found, "synthesis-request.condition"; those of sandbox::Worker::call(), of which
  /// last_work() says what was being done; malformed where the worker's records are not as they
  /// must be; changed, "synthesis.detectors", where its detectors are no longer detectors(), as
  /// after a change of the folder of models. Throws Fault where the worker cannot be started anew.
  Result<Assessments> assess(const PictureFile& picture, std::string_view condition);

  /// What the worker did last in the last assess(), in plain words, such as "the detector X,
  /// condition jpeg_60": to be told with an error.
  [[nodiscard]] const std::string& last_work() const { return last_work_; }

 private:
  Assessor(AssessorOptions options, sandbox::Worker worker)
      : options_(std::move(options)), worker_(std::move(worker)) {}
  void describe();

  AssessorOptions options_;
  sandbox::Worker worker_;
  std::vector<DetectorIdentity> detectors_;
  std::vector<std::string> remarks_;
  std::string last_work_;
};

}  // namespace safelight::synthesis
