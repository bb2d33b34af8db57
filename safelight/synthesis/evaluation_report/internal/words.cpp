#include "safelight/synthesis/evaluation_report/internal/words.h"

#include "safelight/base/number_text.h"

namespace safelight::synthesis {

std::string meaning_of(const ConfoundCheck& check) {
  constexpr std::string_view kDummy =
      "A dummy model that sees size, format, compression and the presence of metadata, and no "
      "pixel,";
  constexpr std::string_view kEqualisedOnly =
      " Only the equalised condition, in which both classes have had the same resizing and JPEG "
      "compression, may stand first.";
  if (!check.auc) {
    return "Whether size, format or compression alone tell the classes apart could not be checked, "
           "because there are too few sources to leave one out: the set counts as flagged." +
           std::string(kEqualisedOnly);
  }
  std::string out(kDummy);
  out += " tells the classes apart with an AUC of " + fixed_text(*check.auc, 3) +
         " (the limit is " + fixed_text(kConfoundAuc, 1) + ").";
  if (!check.is_flagged()) return out + " The set is not flagged.";
  return out +
         " A detector may have learnt no more than that, so that figures of the pictures as they "
         "are may mean nothing." +
         std::string(kEqualisedOnly);
}

std::string_view to_text(Learning learning) {
  return learning == Learning::none ? "none" : "each_fold";
}

std::string_view to_text(GroupKind kind) {
  switch (kind) {
    case GroupKind::generator:
      return "generator";
    case GroupKind::camera_maker:
      return "camera_maker";
    case GroupKind::size:
      break;
  }
  return "size";
}

std::string_view in_words(Split split) {
  switch (split) {
    case Split::by_source:
      return "one source left out at a time";
    case Split::by_generator:
      return "one generator left out at a time";
    case Split::by_date:
      return "learnt from the earlier half, tested on the later";
    case Split::random:
      break;
  }
  return "fifths drawn at random";
}

std::string_view in_words(Learning learning) {
  return learning == Learning::none
             ? "The detector is as it is: only its calibration is made from these references."
             : "The model is fitted anew to what each fold may learn from.";
}

}  // namespace safelight::synthesis
