#include <cstdint>
#include <filesystem>
#include <fstream>

#include "safelight/base/fault.h"
#include "safelight/serve/accounts/accounts_for_test.h"
#include "safelight/serve/accounts/api_key.h"
#include "safelight/serve/accounts/login.h"
#include "safelight/serve/accounts/two_person_act.h"

/// Any bytes as a store of accounts: a Fault or an answer, and no other exception. Whatever the
/// store says, no act is taken that one person asked for and approved.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace safelight;
  using namespace safelight::serve;
  class QuietLog final : public LogSink {
   public:
    void log(Severity, std::string_view) override {}
  };
  static const serve::testing::TestFolder folder;
  static const PasswordHasher hasher(serve::testing::kTestCost, 1);
  for (const char* name : {"accounts.db-wal", "accounts.db-shm"}) {
    std::filesystem::remove(folder.path() / name);
  }
  std::ofstream(folder.path() / "accounts.db", std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  serve::testing::SetClock clock;
  serve::testing::SeededRandom random;
  QuietLog log;
  try {
    AccountStore store = AccountStore::open(folder.path(), log);
    People people(store, clock, random, hasher);
    Sessions sessions(store, clock, random);
    ApiKeys keys(store, clock, random);
    TwoPersonActs acts(store, clock);
    (void)keys.all();
    (void)keys.certificates();
    for (const Person& person : people.all()) {
      (void)sessions.of(person.id);
      (void)people.use_code(person.id, "000000");
    }
    for (const Act& act : acts.open()) {
      const ActAnswer taken = acts.take(act.id);
      if (taken.outcome != ActOutcome::done) continue;
      if (taken.act->settled_by == taken.act->requested_by) __builtin_trap();
    }
    (void)sessions.purge();
  } catch (const Fault&) {
    return 0;
  }
  return 0;
}
