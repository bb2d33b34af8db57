// What unmarked pictures reach by chance against each known watermark payload: the measurement
// behind the thresholds of safelight/provenance/watermark/known_marks.cpp (docs/watermarks.md).
//
//   bench_watermark_null FILE_OR_FOLDER...
//
// A picture that looks like an earlier one in any orientation (PDQ distance up to 31) is left out.
// Prints, for each payload and colour path, over the pictures as they are, over their tiles of
// 512x512 pixels, and over the pictures with each cyclic shift of the payload: how many, the most
// bits that agree, how many reach each threshold, and for the upper one the 95 % Clopper-Pearson
// bound of the rate. Tiles and shifts of one picture depend on each other: their bound is not one
// of pictures.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "safelight/bytes/file.h"
#include "safelight/codec/format.h"
#include "safelight/codec/still/still.h"
#include "safelight/pdq/reference.h"
#include "safelight/picture/whole_picture.h"
#include "safelight/provenance/watermark/dwt_mark.h"

namespace {

using namespace safelight;
using provenance::MarkReading;
using provenance::MarkScore;

constexpr uint32_t kTilePixels = 512;

/// The one-sided 95 % Clopper-Pearson bound on a rate that showed itself `hits` times in `trials`.
double upper_bound(uint64_t hits, uint64_t trials) {
  if (hits >= trials) return 1;
  double low = 0;
  double high = 1;
  for (int i = 0; i < 60; ++i) {
    const double rate = (low + high) / 2;
    double term = std::exp(static_cast<double>(trials) * std::log1p(-rate));
    double at_most_hits = term;
    for (uint64_t k = 0; k < hits; ++k) {
      term *= static_cast<double>(trials - k) / static_cast<double>(k + 1) * rate / (1 - rate);
      at_most_hits += term;
    }
    (at_most_hits > 0.05 ? low : high) = rate;
  }
  return high;
}

/// How often each number of agreeing bits occurred.
struct Tally {
  std::vector<uint64_t> by_bits = std::vector<uint64_t>(provenance::kMaxMarkBits + 1);

  void print(const char* over, const MarkScore& score) const {
    uint64_t all = 0;
    uint64_t possible = 0;
    uint64_t found = 0;
    size_t most = 0;
    for (size_t bits = 0; bits < by_bits.size(); ++bits) {
      all += by_bits[bits];
      if (bits >= score.mark->possible_bits) possible += by_bits[bits];
      if (bits >= score.mark->found_bits) found += by_bits[bits];
      if (by_bits[bits] != 0) most = bits;
    }
    std::printf(
        "%s\t%s\t%s\t%zu\t%llu\t%zu\t%u\t%llu\t%u\t%llu\t%.4f\n", over, score.mark->name.data(),
        score.path == provenance::ColourPath::integer ? "integer" : "floating",
        score.mark->bits.size(), static_cast<unsigned long long>(all), most,
        score.mark->possible_bits, static_cast<unsigned long long>(possible),
        score.mark->found_bits, static_cast<unsigned long long>(found), upper_bound(found, all));
  }
};

uint32_t shifted_match(const MarkScore& score, size_t shift) {
  const std::string_view bits = score.mark->bits;
  uint32_t matched = 0;
  for (size_t i = 0; i < bits.size(); ++i) {
    if ((score.bits[i] == 1) == (bits[(i + shift) % bits.size()] == '1')) ++matched;
  }
  return matched;
}

class Null {
 public:
  void examine(const std::string& path) {
    const auto file = FileSource::open(AT_FDCWD, path.c_str());
    if (!file) return;
    const auto mapping = FileMapping::map(file->descriptor());
    if (!mapping) return;
    const auto bytes = mapping->bytes();
    const auto format = codec::sniff(bytes.first(std::min(bytes.size(), codec::kSniffBytes)));
    if (codec::handling_of(format) != codec::Handling::still_worker) return;
    WholePictureSink whole;
    codec::DecodeRequest request;
    request.rows = &whole;
    const auto decoded = codec::decode_still(format, bytes, std::nullopt, request);
    if (!decoded || decoded->incomplete || seen_before(decoded->nearest)) return;
    const Picture& picture = whole.picture;
    const MarkReading reading = read(picture, 0, 0, picture.shape.width, picture.shape.height);
    if (reading.not_readable) {
      ++not_readable_;
      return;
    }
    add(reading, pictures_);
    for (size_t i = 0; i < reading.scores.size(); ++i) {
      for (size_t shift = 1; shift < reading.scores[i].bits.size(); ++shift) {
        ++shifts_[i].by_bits[shifted_match(reading.scores[i], shift)];
      }
    }
    for (uint32_t top = 0; top + kTilePixels <= picture.shape.height; top += kTilePixels) {
      for (uint32_t left = 0; left + kTilePixels <= picture.shape.width; left += kTilePixels) {
        const MarkReading tile = read(picture, left, top, kTilePixels, kTilePixels);
        if (!tile.not_readable) add(tile, tiles_);
      }
    }
    for (const MarkScore& score : reading.scores) {
      if (score.matched_bits >= score.mark->possible_bits) {
        std::printf("reaches possible: %s %s %u\n", path.c_str(), score.mark->name.data(),
                    score.matched_bits);
      }
    }
    sample_ = reading.scores;
  }

  void print() const {
    std::printf("not readable: %llu\n", static_cast<unsigned long long>(not_readable_));
    std::puts("over\tpayload\tpath\tbits\tnumber\tmost\tpossible\treach\tfound\treach\tbound");
    for (size_t i = 0; i < sample_.size(); ++i) {
      pictures_.at(i).print("pictures", sample_[i]);
      tiles_.at(i).print("tiles", sample_[i]);
      shifts_.at(i).print("shifts", sample_[i]);
    }
  }

 private:
  using Tallies = std::map<size_t, Tally>;

  static MarkReading read(const Picture& picture, uint32_t left, uint32_t top, uint32_t width,
                          uint32_t height) {
    provenance::DwtMarkReader reader;
    const uint32_t channels = picture.shape.channels;
    reader.begin({width, height, channels});
    for (uint32_t y = 0; y < height; ++y) {
      reader.rows(y,
                  picture.row(top + y).subspan(size_t{left} * channels, size_t{width} * channels));
    }
    return reader.finish();
  }

  static void add(const MarkReading& reading, Tallies& tallies) {
    for (size_t i = 0; i < reading.scores.size(); ++i) {
      ++tallies[i].by_bits[reading.scores[i].matched_bits];
    }
  }

  bool seen_before(const Picture& nearest) {
    const auto hashes = hasher_.hash_all_orientations(nearest);
    if (!hashes) return true;
    for (const auto& hash : *hashes) {
      for (const Fingerprint& earlier : seen_) {
        if (hamming_distance(hash.fingerprint, earlier) <= kDefaultRadiusBits) return true;
      }
    }
    seen_.push_back(hashes->front().fingerprint);
    return false;
  }

  pdq::ReferenceHasher hasher_{detect_simd_level()};
  std::vector<Fingerprint> seen_;
  uint64_t not_readable_ = 0;
  Tallies pictures_;
  Tallies tiles_;
  Tallies shifts_;
  std::vector<MarkScore> sample_;
};

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> paths;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) {
      paths.emplace_back(argv[i]);
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (entry.is_regular_file()) paths.push_back(entry.path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  Null null;
  for (const std::string& path : paths) null.examine(path);
  null.print();
  return 0;
}
