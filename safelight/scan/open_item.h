#pragma once

#include <functional>
#include <string_view>

#include "safelight/casefile/reader.h"
#include "safelight/scan/examiner.h"

namespace safelight::scan {

/// An item whose bytes are those that its case knows.
struct OpenedItem {
  /// The file in the source, or a sealed memory file where it comes out of an archive.
  FileSource file;
  PicturePlace picture;  ///< What the item is of it: all of it, a part, or one still.
  Sha256 sha256;         ///< Of `picture.extent`.
};

/// Gives the bytes of a held upload, by what it is called below its source.
using OpenUpload = std::function<Result<FileSource>(std::string_view name)>;

/// Opens the content of `item` again, from the source that the case names: the file below the
/// source's root, no link on the way followed; out of each archive by its worker, with the limits
/// and passwords of `examiner`; and reads it once, to compare its digest with the case's. Nothing
/// is written to a disk; memory holds one member of each archive on the way, of
/// Limits::max_member_bytes at most. A file in a folder can still change once it is open:
/// Examiner::rendition() says so.
/// Errors: not_found, where the source, the file or the archive's member is not there, and
/// "item.content" for an item without a content (a folder, a link, what could not be read);
/// unsupported, "item.upload", for an item of a source of uploads without `open_upload`, and else
/// its errors; changed, where something else is there now, "item.digest" by its digest; unreadable;
/// limit_exceeded; encrypted and what else keeps an archive from being read; those of its worker.
/// Throws Fault where the case is damaged or a worker cannot be started.
Result<OpenedItem> open_item(Examiner& examiner, const casefile::Reader& reader,
                             const casefile::Item& item, const OpenUpload& open_upload = {});

}  // namespace safelight::scan
