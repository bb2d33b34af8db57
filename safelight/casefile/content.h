#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "safelight/base/error.h"
#include "safelight/evidence/finding.h"
#include "safelight/evidence/hit.h"
#include "safelight/evidence/origin.h"
#include "safelight/evidence/origin_scope.h"
#include "safelight/hash/digests.h"
#include "safelight/hash/fingerprint.h"

namespace safelight::casefile {

/// Identity of what is examined once, however many items hold it: the SHA-256 of the bytes, or, for
/// a still that has no bytes of its own (a frame, a page), of its file's SHA-256 and its member
/// index.
struct ContentKey {
  Sha256 value;
  friend auto operator<=>(const ContentKey&, const ContentKey&) = default;
};

ContentKey content_key(const Sha256& sha256);
/// The key of member `member_index` of the file with that digest: SHA-256 of "SLM1", the digest and
/// the index in 4 bytes little-endian.
ContentKey member_key(const Sha256& file_sha256, uint32_t member_index);

/// An Error that owns its text, as a case keeps it.
struct StoredError {
  ErrorCode code = ErrorCode::malformed;
  std::string rule;
  uint64_t offset_bytes = 0;
  OffsetKind offset_kind = OffsetKind::none;
  friend bool operator==(const StoredError&, const StoredError&) = default;
};

StoredError stored(const Error& error);

/// What never changes about a content.
struct Content {
  ContentKey key;
  std::optional<Sha256> sha256;  ///< Absent for a still without bytes of its own.
  std::optional<Sha1> sha1;
  std::optional<Md5> md5;
  std::optional<uint64_t> size_bytes;
  friend bool operator==(const Content&, const Content&) = default;
};

/// A child that a content has wherever it turns up, and what the child holds.
struct MemberContent {
  OriginStep step;  ///< From the file to the child.
  ContentKey content;
  friend bool operator==(const MemberContent&, const MemberContent&) = default;
};

/// What one look at a content gave. Complete in itself: a later examination of the same content, in
/// a further mode for instance, repeats what it keeps of the earlier one.
struct Examination {
  std::string format;      ///< codec's name of the type by content, such as "jpeg".
  std::string media_type;  ///< Such as "image/jpeg".
  uint32_t width = 0;      ///< 0 where it is no picture or that is not known.
  uint32_t height = 0;
  Coverage coverage = Coverage::none;
  std::optional<StoredError> error;  ///< Why coverage is not full, where one error is why.
  /// The modes that were asked for, whether or not they gave a fingerprint.
  std::vector<PdqMode> modes;
  OriginScope origin = OriginScope::none;  ///< Likewise.
  /// In all orientations, so that rematching needs no evidence.
  std::vector<PdqHashes> fingerprints;
  std::vector<Finding> findings;
  std::vector<MemberContent> members;
  friend bool operator==(const Examination&, const Examination&) = default;
};

/// Whether fingerprints of that mode were asked for.
bool was_asked_for(const Examination& examination, PdqMode mode);

enum class HitState : uint8_t { added, withdrawn };

/// A hit of a content that came, or that went because the list's entry went or changed.
struct HitChange {
  ContentKey content;
  Hit hit;
  std::string list_content_id;  ///< Of the list as recorded with Writer::use_list().
  HitState state = HitState::added;
};

/// A hit that stands, and the version of the list that gave it.
struct StoredHit {
  Hit hit;
  std::string list_content_id;
  friend auto operator<=>(const StoredHit&, const StoredHit&) = default;
};

/// A content as a case holds it.
struct StoredContent {
  Content content;
  std::optional<Examination> examination;  ///< The latest.
  std::vector<StoredHit> hits;             ///< Those that stand, in ascending order.
  uint64_t examined_in = 0;  ///< Sequence number of the commit of `examination`, 0 without one.
};

/// The gravest disposition of the hits; nothing where there is none.
std::optional<Disposition> gravest(const std::vector<StoredHit>& hits);

}  // namespace safelight::casefile
