#pragma once

#include <string>
#include <vector>

#include "safelight/casefile/content.h"
#include "safelight/codec/format.h"
#include "safelight/scan/messages/picture_message.h"

/// From what is known of a file to what a case says of it, in plain words. Pure functions. Every
/// examination names the modes that were asked for, so that a later run knows whether to look
/// again.
namespace safelight::scan {

/// The examination of a picture by a worker's record of it, without further stills.
casefile::Examination picture_examination(codec::Format format, const PictureRequest& request,
                                          const PictureRecord& record);

/// Lowers the coverage to `coverage` for `error`, and says so. `what` names what was not examined.
void lower(casefile::Examination& examination, Coverage coverage, std::string_view what,
           const Error& error);

/// Adds evidence, lowering the coverage where a finding says that something was not examined.
void add_evidence(casefile::Examination& examination, std::vector<Finding> findings);

/// The examination of a picture whose worker gave no record of it.
casefile::Examination failed_examination(codec::Format format, const Asked& asked,
                                         const Error& error);

/// The examination of a file that no worker opens.
casefile::Examination unopened_examination(codec::Format format, const Asked& asked);

/// The examination of an archive. `error` says why members may be missing.
casefile::Examination archive_examination(codec::Format format, const Asked& asked,
                                          const std::optional<Error>& error, bool has_members);

/// Says that a thumbnail shows another picture than the one that it is of, where both have
/// fingerprints that say something and these are far apart.
std::optional<Finding> thumbnail_difference(const casefile::Examination& picture,
                                            const casefile::Examination& thumbnail);

/// How a further still is reached from its file.
OriginStep member_step(const codec::Member& member);

/// Says that a file's extension belongs to another type, where it does.
std::optional<Finding> type_mismatch(std::string_view name, codec::Format format);

}  // namespace safelight::scan
