#include "safelight/intake/archive_member.h"

namespace safelight {

std::string_view to_text(ArchiveFormat format) {
  switch (format) {
    case ArchiveFormat::zip:
      return "zip";
    case ArchiveFormat::tar:
      return "tar";
    case ArchiveFormat::seven_zip:
      return "seven_zip";
    case ArchiveFormat::rar:
      return "rar";
    case ArchiveFormat::rar5:
      return "rar5";
    case ArchiveFormat::compressed_tar:
      return "compressed_tar";
    case ArchiveFormat::compressed_file:
      break;
  }
  return "compressed_file";
}

std::string_view to_text(MemberKind kind) {
  switch (kind) {
    case MemberKind::file:
      return "file";
    case MemberKind::folder:
      return "folder";
    case MemberKind::link:
      return "link";
    case MemberKind::other:
      break;
  }
  return "other";
}

}  // namespace safelight
