#pragma once

#include <cstddef>
#include <initializer_list>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "safelight/metadata/read_metadata.h"
#include "safelight/provenance/marks/internal/infotext.h"
#include "safelight/provenance/marks/internal/mark.h"
#include "safelight/provenance/marks/internal/statement.h"
#include "safelight/provenance/marks/limits.h"

namespace safelight::marks {

inline constexpr std::string_view kGeneratorMark = "generator_mark";
inline constexpr std::string_view kDeclaredOrigin = "declared_origin";

/// What rules found so far.
class Marks {
 public:
  explicit Marks(const MarksLimits& limits) : limits_(limits) {}

  /// A new mark for the rule to fill; one that is thrown away where there are too many.
  Mark& add(std::string_view kind, std::string_view rule, std::string_view generator,
            const Place& place);
  /// The camera of this EXIF structure is none: a generator wrote its fields.
  void claim_exif(size_t block) { claimed_exif_.insert(block); }

  [[nodiscard]] const std::vector<Mark>& all() const { return all_; }
  [[nodiscard]] bool claims_exif(size_t block) const { return claimed_exif_.contains(block); }
  [[nodiscard]] bool overflowed() const { return overflowed_; }
  [[nodiscard]] const MarksLimits& limits() const { return limits_; }

 private:
  MarksLimits limits_;
  std::vector<Mark> all_;
  std::vector<Mark> rest_;  ///< The one thrown away.
  std::set<size_t> claimed_exif_;
  bool overflowed_ = false;
};

// Each looks at the spots where its tools write, and adds what it recognises. Rules, places and
// sources: README.md of this module.

void find_web_ui(Statements& statements, Marks& marks);
void find_comfyui(Statements& statements, Marks& marks);
void find_invokeai(Statements& statements, Marks& marks);
void find_fooocus(Statements& statements, Marks& marks);
void find_swarmui(Statements& statements, Marks& marks);
void find_novelai(Statements& statements, Marks& marks);
void find_draw_things(Statements& statements, Marks& marks);
void find_easy_diffusion(Statements& statements, Marks& marks);
void find_services(Statements& statements, Marks& marks);
void find_aigc_label(Statements& statements, Marks& marks);
void find_samsung_edit(std::span<const std::byte> file, const metadata::Metadata& metadata,
                       Statements& statements, Marks& marks);
void find_declared_origin(const metadata::Metadata& metadata, Marks& marks);

/// Whether something beside the text says that it is Fooocus's, whose second scheme is
/// AUTOMATIC1111's text: a scheme in PNG, Software or the scheme in the maker note in EXIF.
bool is_said_to_be_fooocus(const Statements& statements, const Statement& statement);

/// Keeps members of a JSON object as facts: pairs of the fact's name and the member's.
void take_facts(const Json& json,
                std::initializer_list<std::pair<std::string_view, std::string_view>> names,
                Mark& mark);

/// The facts and prompts of a text in AUTOMATIC1111's form, which other tools write too.
void take_infotext(const Infotext& info, Statements& statements, Mark& mark);

/// The sentence of a mark that is the settings of a generator.
std::string settings_statement(std::string_view tool);

}  // namespace safelight::marks
