#pragma once

#include <span>
#include <string>
#include <vector>

#include "safelight/casefile/item.h"
#include "safelight/evidence/reason.h"
#include "safelight/triage/ranking.h"

namespace safelight::triage {

/// Why an item stands where it does: its class first, then what decides within the class, then
/// what has to do with its group. `ids` are those of all items by number. The codes and what each
/// holds: README.md.
std::vector<Reason> reasons_of(const casefile::StoredItem& stored, const Ranked& ranked,
                               const RankOptions& options, std::span<const ItemId> ids);

/// A reason in a sentence of plain words. Of a code that this version does not know, the code and
/// its data. Texts of files are cut and escaped where the reason was made.
std::string sentence_of(const Reason& reason);
/// All of them, one after another.
std::string sentences_of(std::span<const Reason> reasons);

}  // namespace safelight::triage
