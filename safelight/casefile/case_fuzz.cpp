#include <cstdint>
#include <cstdlib>
#include <fstream>

#include "safelight/base/fault.h"
#include "safelight/casefile/act_reader.h"
#include "safelight/casefile/canonical_export.h"
#include "safelight/casefile/card_reader.h"
#include "safelight/casefile/internal/sample_case.h"
#include "safelight/casefile/reader.h"
#include "safelight/casefile/verify.h"

/// Any bytes as a case's database: a Fault or an answer, and no other exception. A case that
/// verifies can be read to its end.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight;
  using namespace safelight::casefile;
  static const sample::Folder folder;
  const auto directory = folder / "case";
  std::filesystem::create_directory(directory);
  for (const char* name : {"case.db-wal", "case.db-shm"}) std::filesystem::remove(directory / name);
  std::ofstream(directory / "case.db", std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  bool verified = false;
  try {
    verified = !verify_case(directory, {}).mismatch;
    const Reader reader = Reader::open(directory);
    (void)reader.description();
    (void)reader.sources();
    (void)reader.runs();
    (void)reader.summary();
    (void)reader.triage_state();
    reader.for_each_group([](const StoredGroup&) {});
    reader.for_each_member([](const StoredMember&) {});
    reader.for_each_review([](const ItemReview&) {});
    reader.for_each_item([](const StoredItem&) {});
    export_canonical(reader, [](std::string_view) {});
    for_each_card(directory, [](const Card&) {});
    const ActReader acts = ActReader::open(directory);
    acts.for_each_act(0, [](const StoredAct&) {});
    acts.for_each_exposure([](const Exposure&) {});
    (void)acts.setting("scheme");
  } catch (const Fault&) {
    if (verified) std::abort();
  }
  return 0;
}
