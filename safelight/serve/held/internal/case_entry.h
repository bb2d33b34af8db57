#pragma once

#include <set>
#include <string>
#include <vector>

#include "safelight/casefile/reader.h"
#include "safelight/casefile/writer.h"
#include "safelight/serve/held/held_upload.h"
#include "safelight/serve/screening/screener.h"

/// How a held upload stands in its case.
namespace safelight::serve::held {

Origin origin_of(const std::string& source_id, const HeldId& id);
ItemId item_id_of(const Origin& origin);

/// What is committed for an upload that was screened: contents, its item and those of the stills in
/// it, and the hits that do not stand in the case already.
casefile::Batch batch_of(const std::string& source_id, const HeldUpload& upload,
                         const Screened& screened, const casefile::Reader& reader);

/// Likewise for one of which nothing is known but its bytes.
casefile::Batch batch_of_unexamined(const std::string& source_id, const HeldUpload& upload);

/// Names the versions of the lists to the case that were not named before.
void use_lists(casefile::Writer& writer, const ListsAtOnce& lists, std::set<std::string>& used);

}  // namespace safelight::serve::held
