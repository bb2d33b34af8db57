#include "safelight/lists/internal/formats/columns.h"

#include <algorithm>

namespace safelight::lists {
namespace {

struct NamedRole {
  std::string_view name;
  Role role;
};

/// Names seen in ICSE exports, NSRL, ThreatExchange (`tx dataset --csv`: collab, signal_type,
/// signal_str, category, tags), hashdeep, and the plain words that people write themselves.
constexpr NamedRole kNames[] = {
    {"md5", Role::md5},
    {"md5hash", Role::md5},
    {"hashmd5", Role::md5},
    {"md5sum", Role::md5},
    {"sha1", Role::sha1},
    {"sha1hash", Role::sha1},
    {"hashsha1", Role::sha1},
    {"sha1sum", Role::sha1},
    {"sha256", Role::sha256},
    {"sha256hash", Role::sha256},
    {"hashsha256", Role::sha256},
    {"sha256sum", Role::sha256},
    {"pdq", Role::pdq},
    {"pdqhash", Role::pdq},
    {"hashpdq", Role::pdq},
    {"pdqfingerprint", Role::pdq},
    {"fingerprint", Role::pdq},
    {"photodna", Role::photodna},
    {"photodnahash", Role::photodna},
    {"hash", Role::hash},
    {"hashvalue", Role::hash},
    {"digest", Role::hash},
    {"checksum", Role::hash},
    {"signal", Role::hash},
    {"signalstr", Role::hash},
    {"signalvalue", Role::hash},
    {"indicator", Role::hash},
    {"signaltype", Role::hash_kind},
    {"indicatortype", Role::hash_kind},
    {"hashtype", Role::hash_kind},
    {"hashname", Role::hash_kind},
    {"algorithm", Role::hash_kind},
    {"type", Role::hash_kind},
    {"quality", Role::quality},
    {"pdqquality", Role::quality},
    {"hashquality", Role::quality},
    {"category", Role::category},
    {"categoryid", Role::category},
    {"categorycode", Role::category},
    {"cat", Role::category},
    {"classification", Role::category},
    {"label", Role::category},
    {"baseline", Role::baseline},
    {"id", Role::entry_id},
    {"entryid", Role::entry_id},
    {"mediaid", Role::entry_id},
    {"imageid", Role::entry_id},
    {"recordid", Role::entry_id},
    {"indicatorid", Role::entry_id},
    {"descriptorid", Role::entry_id},
    {"size", Role::size},
    {"filesize", Role::size},
    {"mediasize", Role::size},
    {"sizebytes", Role::size},
    {"bytes", Role::size},
    {"isdistributed", Role::distributed},
    {"distributed", Role::distributed},
    {"victimidentified", Role::victim_identified},
    {"offenderidentified", Role::offender_identified},
    {"crc32", Role::crc32},
    {"productcode", Role::product_code},
};

}  // namespace

std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') plain += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) plain += c;
  }
  return plain;
}

Columns Columns::from_names(const CsvRow& names) {
  Columns columns;
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string name = plain_name(names[i]);
    const auto* const known = std::find_if(std::begin(kNames), std::end(kNames),
                                           [&](const NamedRole& n) { return n.name == name; });
    if (known == std::end(kNames)) continue;
    auto& index = columns.index_[static_cast<size_t>(known->role)];
    if (!index) index = static_cast<uint16_t>(i);
  }
  return columns;
}

bool Columns::names_a_value() const {
  return has(Role::md5) || has(Role::sha1) || has(Role::sha256) || has(Role::pdq) ||
         has(Role::photodna) || has(Role::hash);
}

ListFormat Columns::format() const {
  if (has(Role::crc32) && has(Role::product_code)) return ListFormat::nsrl_text;
  if (has(Role::photodna) && (has(Role::distributed) || has(Role::victim_identified))) {
    return ListFormat::icse_csv;
  }
  if (has(Role::hash) && has(Role::hash_kind)) return ListFormat::threatexchange_csv;
  return ListFormat::named_columns;
}

}  // namespace safelight::lists
