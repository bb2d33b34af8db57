#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "safelight/base/error.h"
#include "safelight/hash/digests.h"
#include "safelight/provenance/c2pa/binding/asset_view.h"
#include "safelight/provenance/c2pa/status.h"

namespace safelight::c2pa {

/// The one word that c2pa-rs sums a validation up in; here for comparison.
enum class State : uint8_t {
  none,     ///< No manifest store.
  invalid,  ///< A failure other than that the signer is on no list.
  valid,
  trusted,
};

/// What one question came to.
enum class Answer : uint8_t {
  not_asked,  ///< There was nothing to ask it of, or it could not be checked.
  no,
  yes,
};

/// Where the manifest store was found.
enum class StorePlace : uint8_t { none, embedded, beside };

/// A part of the file that the signature does not speak for.
struct Uncovered {
  ByteRange range;
  std::string parts;      ///< What lies there, by the container's own names.
  bool is_store = false;  ///< It is the manifest store itself.
};

/// Whether the manifest is bound to these bytes, and to which of them.
struct BindingReport {
  Answer fits = Answer::not_asked;
  Answer hash_fits = Answer::not_asked;  ///< The hash alone, whatever is left out of it.
  std::string assertion;                 ///< The label, such as "c2pa.hash.data".
  std::string rule;                      ///< What does not fit; "" where all does.
  uint64_t covered_bytes = 0;
  std::vector<Uncovered> uncovered;
};

/// Why the certificate had to be valid at a time.
enum class TimeBasis : uint8_t {
  clock,           ///< No time-stamp counts: the clock that was passed in.
  trusted_stamp,   ///< A time-stamp by an authority on a list.
  unlisted_stamp,  ///< A time-stamp by an authority on no list: valid if that is believed.
};

struct CertificateReport {
  Answer inside_validity = Answer::not_asked;
  TimeBasis basis = TimeBasis::clock;
  int64_t checked_at_s = 0;
  int64_t not_before_s = 0;
  int64_t not_after_s = 0;
  std::string broken_profile_rule;  ///< "" where the certificate keeps the profile.
};

struct TimeStampReport {
  bool present = false;
  Answer sound = Answer::not_asked;  ///< It is a signature over this claim.
  int64_t time_s = 0;
  std::string authority;
  std::string list;  ///< The list that the authority is on; "" for none.
};

struct SignerReport {
  Answer listed = Answer::not_asked;
  std::string list;  ///< The list's name; "" for none.
  std::string common_name;
  std::string organization;
  std::string issuer_common_name;
  std::string issuer_organization;
  std::string serial_hex;
  Sha256 fingerprint;  ///< SHA-256 of the certificate.
  Answer revoked = Answer::not_asked;
};

/// A source type that the manifest declares (IPTC digital source type).
struct DeclaredSource {
  std::string uri;
  std::string action;  ///< The action that declares it; "" where an ingredient does.
  std::string agent;   ///< The program that the action names.
  std::string manifest;
};

/// A list that was used, so that the result can be made again.
struct ListIdentity {
  std::string name;
  std::string date;
  Sha256 sha256;
  uint64_t certificates = 0;
  uint64_t refused = 0;
};

/// What one manifest of the store is, for the history of the asset.
struct ManifestSummary {
  std::string label;
  std::string generator;
  std::string signer;  ///< Common name and organization.
  bool active = false;
  bool reached = false;  ///< From the active manifest.
};

/// All that a validation found, question by question. None of the answers is made of another: a
/// signer on no list has signed what it has signed.
struct Report {
  StorePlace place = StorePlace::none;
  uint64_t store_bytes = 0;
  ByteRange store_range;        ///< Where embedded: the file's part that holds it.
  std::optional<Error> damage;  ///< Of the container or of the store.
  State state = State::none;

  Answer structure = Answer::not_asked;  ///< The store, the claim and its assertions hold together.
  Answer signature = Answer::not_asked;  ///< The signature is one over the claim.
  std::string signature_algorithm;
  BindingReport binding;
  CertificateReport certificate;
  TimeStampReport time_stamp;
  SignerReport signer;
  std::vector<DeclaredSource> sources;
  std::vector<std::string> generators;       ///< Of the active claim.
  std::vector<std::string> software_agents;  ///< Of the active claim's actions.
  std::vector<std::string> soft_bindings;    ///< Algorithms of soft bindings; not checked.
  std::vector<std::string> identities;       ///< CAWG identity assertions; not checked.
  std::string remote_url;                    ///< Named in the file, never fetched.
  std::vector<ManifestSummary> manifests;

  std::vector<Status> statuses;
  int64_t clock_s = 0;
  std::vector<ListIdentity> lists;

  [[nodiscard]] bool has(std::string_view code) const;
  /// The codes of failures about the active manifest, or about ingredients; each once, in order of
  /// their names. What was recorded before is left out, as c2pa-rs does.
  [[nodiscard]] std::vector<std::string_view> failures(bool of_ingredients) const;
};

std::string_view to_text(State state);
std::string_view to_text(Answer answer);
std::string_view to_text(TimeBasis basis);

/// Seconds since 1970 as "2026-11-23T00:00:00Z"; the number where no calendar goes so far.
std::string time_text(int64_t time_s);

}  // namespace safelight::c2pa
