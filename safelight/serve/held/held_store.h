#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/clock.h"
#include "safelight/base/log.h"
#include "safelight/base/result.h"
#include "safelight/bytes/file.h"
#include "safelight/casefile/item.h"
#include "safelight/serve/accounts/secrets/random_source.h"
#include "safelight/serve/held/held_upload.h"
#include "safelight/serve/screening/held_uploads.h"

namespace safelight::serve {

/// Where a store of held uploads stands.
struct HeldStorePlaces {
  std::filesystem::path case_directory;  ///< The case must be there.
  std::filesystem::path store;           ///< Made where it is not there. Not within the case.
  std::filesystem::path key_file;        ///< As SealKey::read() takes it; within neither.
};

struct HeldStoreOptions {
  uint64_t max_bytes = 64ull << 30;  ///< Of all that is held, as it lies on the disk.
  uint32_t max_holds = 16;           ///< Legal holds of one upload.
  std::string tool_version{};
  /// Is told which step was just done, for tests that end the program there: "object", "key",
  /// "case" of keeping; "noted", "overwritten", "key-gone", "object-gone" of purging; "hold-file"
  /// of holds.
  std::function<void(std::string_view step)> on_step{};
};

enum class PurgeOutcome : uint8_t {
  done,
  not_found,
  held,       ///< A legal hold keeps it, or what is said of holds cannot be read.
  no_reason,  ///< Reason or person are not as place_hold() takes them.
};

/// The bytes of held uploads, each encrypted with a key of its own (AES-256-GCM), which lies
/// wrapped by the store's key; and the case of whose items they are the content. The one writer of
/// that case. What is purged cannot be read again by whoever has all that is left, since its key is
/// gone. Safe from many threads. Members throw Fault where the disk or the case fails. Format:
/// docs/formats/held_store.md.
class HeldStore final : public HeldUploads {
 public:
  /// Opens the store and finishes what an end of the program interrupted: what was kept and is not
  /// in the case yet becomes an item that was not examined; what was being purged is purged. Throws
  /// Fault: where somebody else writes to the case; a store of another case, or with another key; a
  /// key that lies in the case or the store. The references outlive it.
  static std::unique_ptr<HeldStore> open(const HeldStorePlaces& places,
                                         const HeldStoreOptions& options, RandomSource& random,
                                         const Clock& clock, LogSink& log);
  HeldStore(const HeldStore&) = delete;
  HeldStore& operator=(const HeldStore&) = delete;
  ~HeldStore() override;

  /// Throws Fault, having kept nothing, also where there is no room.
  void keep(const FileSource& file, const Screened& screened, const UploadSender& sender) override;

  /// Which upload an item of the case is, or is a still of; nothing for an item of another source.
  [[nodiscard]] std::optional<HeldId> upload_of(const casefile::Item& item) const;
  /// Ids of all that are held, in their order.
  [[nodiscard]] std::vector<HeldId> all() const;
  /// Errors: not_found, "held.upload", where there is none or it was purged; those of unseal().
  [[nodiscard]] Result<HeldUpload> find(const HeldId& id) const;
  /// The bytes, in a sealed memory file; compared with their digest. Errors: as find();
  /// integrity_mismatch, "held.digest".
  [[nodiscard]] Result<FileSource> bytes(const HeldId& id) const;

  /// Keeps an upload from being purged until then, and gives the hold's number. Errors: as find();
  /// malformed, "held.reason" (1 to 2,000 bytes of UTF-8, and somebody's name), "held.expiry" (has
  /// passed); limit_exceeded, "max_holds".
  Result<uint32_t> place_hold(const HeldId& id, std::string_view reason, std::string_view by,
                              int64_t expires_ns);
  /// Errors: as find(); not_found, "held.hold".
  Result<void> lift_hold(const HeldId& id, uint32_t number, std::string_view by);
  /// Those that hold now, by number. Errors: as find().
  [[nodiscard]] Result<std::vector<LegalHold>> holds(const HeldId& id) const;

  /// Deletes the upload's key, and then its bytes, after the case says by whom and why. Who may ask
  /// is the caller's to check. The item and what was found out about it stay in the case.
  PurgeOutcome purge(const HeldId& id, std::string_view reason, std::string_view by);

  /// What all that is held takes on the disk.
  [[nodiscard]] uint64_t used_bytes() const;

 private:
  class State;
  explicit HeldStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace safelight::serve
