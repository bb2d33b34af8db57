#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "safelight/base/result.h"
#include "safelight/evidence/finding.h"
#include "safelight/metadata/read_metadata.h"
#include "safelight/provenance/marks/internal/json.h"
#include "safelight/provenance/marks/limits.h"

namespace safelight::marks {

/// Where in a file a text stands. A rule names the spots where its tool writes: the same text
/// anywhere else is no mark.
enum class Spot : uint8_t {
  png_text,      ///< tEXt, zTXt, iTXt; of the key.
  png_comf,      ///< A chunk of ComfyUI's own, for animations; of the key.
  exif_text,     ///< A tag of the main or the EXIF directory.
  user_comment,  ///< EXIF
  maker_note,    ///< EXIF; its text up to the first zero byte, where it has no known header.
  jpeg_comment,
  gif_comment,
  xmp,     ///< A property, of the key (its local name) and `ns`.
  hidden,  ///< In the lowest bits of the pixels.
};

struct Statement {
  Spot spot = Spot::png_text;
  std::string key = {};
  std::string ns = {};  ///< Of XMP.
  uint16_t tag = 0;     ///< Of exif_text.
  size_t block = 0;     ///< Which EXIF structure or XMP packet: those of one block belong together.
  std::string text = {};  ///< UTF-8. What is not is taken for Latin-1.
  Place place = {};
};

/// All texts of a file that rules look at, and what they are as JSON. Of XMP only the properties
/// that a rule names.
class Statements {
 public:
  /// `limits` is copied; what JSON uses is taken from the copy.
  Statements(std::span<const std::byte> file, const metadata::Metadata& metadata,
             const MarksLimits& limits);
  /// Those of a text that was hidden in pixels: its members where it is a JSON object with
  /// NovelAI's names, else itself.
  Statements(std::string_view hidden, const MarksLimits& limits);

  [[nodiscard]] const std::vector<Statement>& all() const { return all_; }
  /// Those of one spot, in the file's order.
  [[nodiscard]] std::vector<const Statement*> at(Spot spot) const;
  /// The first text of a PNG keyword; nullptr where there is none. Case counts.
  [[nodiscard]] const Statement* png(std::string_view keyword) const;
  /// The first of that tag in an EXIF structure.
  [[nodiscard]] const Statement* exif(size_t block, metadata::ExifTag tag) const;
  /// The first of that spot in an EXIF structure.
  [[nodiscard]] const Statement* at(size_t block, Spot spot) const;
  [[nodiscard]] size_t exif_blocks() const { return exif_blocks_.size(); }

  /// The object that a text is; nullptr where it is none. Parsed once.
  const Json* object(const Statement& statement);
  /// The object in a part of a text; nullptr likewise. Not kept by this.
  std::unique_ptr<const Json> parse(std::string_view text, const Place& place);
  /// Limits that were reached while parsing.
  [[nodiscard]] const std::vector<std::pair<Error, Place>>& damage() const { return damage_; }

 private:
  void add(Statement statement) { all_.push_back(std::move(statement)); }
  void add_comf_chunks(std::span<const std::byte> file);
  void note(const Error& error, const Place& place);
  [[nodiscard]] std::span<const Statement> exif_block(size_t block) const;

  MarksLimits limits_;
  std::vector<Statement> all_;
  std::vector<std::optional<std::unique_ptr<const Json>>> parsed_;  ///< Beside `all_`.
  std::vector<std::pair<size_t, size_t>> exif_blocks_;  ///< First of each in `all_`, and behind it.
  std::vector<std::pair<Error, Place>> damage_;
};

/// `text` where it is UTF-8, else as Latin-1.
std::string to_utf8(std::string_view text);

}  // namespace safelight::marks
