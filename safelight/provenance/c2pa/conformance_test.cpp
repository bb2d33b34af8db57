/// Against what c2pa-rs 0.91 said of files that others made. The differences that stay are listed
/// in docs/c2pa.md, each with its reason.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "safelight/metadata/read_metadata.h"
#include "safelight/provenance/c2pa/crypto/certificate_profile.h"
#include "safelight/provenance/c2pa/validate.h"

namespace safelight::c2pa {
namespace {

constexpr int64_t kClock = 1'795'392'000;  // 2026-11-23T00:00:00Z

std::filesystem::path material() {
  const char* set = std::getenv("SAFELIGHT_CONFORMANCE");
  return std::filesystem::path(set != nullptr ? set : "../shared/data") / "c2pa";
}

std::vector<std::byte> read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

TrustList list_of(const std::string& name) {
  return TrustList::parse(name, "2026-11", read(material() / "trust" / name));
}

/// The trust settings that the truth was made with.
TrustSettings settings_of(const std::string& name) {
  TrustSettings trust;
  const auto usages = read(material() / "trust" / "c2pa-rs-test-ekus.cfg");
  trust.signer_usages = parse_usages({reinterpret_cast<const char*>(usages.data()), usages.size()});
  if (name == "testtrust") trust.signers.push_back(list_of("c2pa-rs-test-anchors.pem"));
  if (name == "c2patrust") {
    trust.signers.push_back(list_of("C2PA-TRUST-LIST.pem"));
    trust.time_stampers.push_back(list_of("C2PA-TSA-TRUST-LIST.pem"));
  }
  return trust;
}

using Codes = std::set<std::string>;

/// The strings of a JSON array of strings.
Codes codes_in(const std::string& json) {
  Codes codes;
  for (size_t at = json.find('"'); at != std::string::npos; at = json.find('"', at + 1)) {
    const size_t end = json.find('"', at + 1);
    codes.insert(json.substr(at + 1, end - at - 1));
    at = end;
  }
  return codes;
}

struct Truth {
  std::string file;
  std::string result;
  std::string state;
  Codes failures;
  Codes ingredient_failures;
};

std::vector<Truth> truth_of(const std::string& setting) {
  std::vector<Truth> rows;
  std::ifstream in(material() / ("truth-" + setting + ".tsv"));
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream columns(line);
    std::vector<std::string> cells;
    for (std::string cell; std::getline(columns, cell, '\t');) cells.push_back(cell);
    if (cells.size() < 6) continue;
    rows.push_back({cells[0], cells[1], cells[2], codes_in(cells[4]), codes_in(cells[5])});
  }
  return rows;
}

Codes ours(const Report& report, bool of_ingredients) {
  const auto failures = report.failures(of_ingredients);
  return {failures.begin(), failures.end()};
}

std::string joined(const Codes& codes) {
  std::string text;
  for (const std::string& code : codes) text += (text.empty() ? "" : ", ") + code;
  return '[' + text + ']';
}

/// The codes of CAWG identity assertions, which are listed here and not checked.
Codes without_identity(Codes codes) {
  std::erase_if(codes, [](const std::string& code) { return code.starts_with("cawg."); });
  return codes;
}

std::string expected_state(const Truth& truth, bool identity_only) {
  if (truth.result == "no_manifest") return "none";
  if (truth.result == "ok") return identity_only ? "Trusted" : truth.state;
  return "";
}

class AgainstC2paRs : public testing::TestWithParam<std::string> {};

TEST_P(AgainstC2paRs, SaysTheSameOfEveryFile) {
  if (!std::filesystem::exists(material())) {
    GTEST_SKIP() << "no material at " << material() << " (SAFELIGHT_CONFORMANCE)";
  }
  Options options;
  options.trust = settings_of(GetParam());
  options.clock_s = kClock;
  const std::vector<Truth> rows = truth_of(GetParam());
  ASSERT_FALSE(rows.empty());
  size_t same = 0;
  for (const Truth& truth : rows) {
    const std::vector<std::byte> file = read(material() / truth.file);
    const auto report = validate({file, container_of(file)}, options);
    ASSERT_TRUE(report) << truth.file << ' ' << report.error().rule;
    const metadata::Metadata read_first = metadata::read_metadata(file, {});
    EXPECT_TRUE(read_first.content_credentials || report->place == StorePlace::none) << truth.file;
    EXPECT_EQ(metadata::manifest_url(read_first), report->remote_url) << truth.file;
    const Codes failures = ours(*report, false);
    const Codes ingredient_failures = ours(*report, true);
    const std::string state(to_text(report->state));
    if (truth.result == "error") {
      // c2pa-rs gives up; here there is always a report, and never a good one.
      EXPECT_TRUE(report->state == State::none || report->state == State::invalid) << truth.file;
      ++same;
      continue;
    }
    const Codes wanted = without_identity(truth.failures);
    const bool identity_only = wanted.empty() && !truth.failures.empty();
    const std::string wanted_state = expected_state(truth, identity_only);
    const bool agrees = state == wanted_state && failures == wanted &&
                        ingredient_failures == truth.ingredient_failures;
    same += agrees ? 1 : 0;
    EXPECT_TRUE(agrees) << truth.file << ": " << wanted_state << ' ' << joined(wanted) << ' '
                        << joined(truth.ingredient_failures) << ", and here " << state << ' '
                        << joined(failures) << ' ' << joined(ingredient_failures);
  }
  RecordProperty("agreeing", static_cast<int>(same));
  RecordProperty("files", static_cast<int>(rows.size()));
}

INSTANTIATE_TEST_SUITE_P(Settings, AgainstC2paRs,
                         testing::Values("offline", "testtrust", "c2patrust"),
                         [](const auto& setting) { return setting.param; });

}  // namespace
}  // namespace safelight::c2pa
