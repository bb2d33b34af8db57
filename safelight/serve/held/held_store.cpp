#include "safelight/serve/held/held_store.h"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <mutex>
#include <set>
#include <utility>

#include "safelight/base/fault.h"
#include "safelight/base/json_writer.h"
#include "safelight/base/time_text.h"
#include "safelight/casefile/reader.h"
#include "safelight/casefile/writer.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/sandbox/memory_file.h"
#include "safelight/seal/sealed_file.h"
#include "safelight/seal/sealed_folder.h"
#include "safelight/serve/held/internal/case_entry.h"
#include "safelight/serve/held/internal/held_record.h"

namespace safelight::serve {
namespace {

namespace fs = std::filesystem;
using held::HoldRecord;
using held::KeyRecord;

constexpr size_t kIdBytes = 16;
const std::string kStoreRecord = "store";

bool is_id(std::string_view name) { return held_id_from_text(name).has_value(); }

bool lies_in(const fs::path& path, const fs::path& folder) {
  const fs::path inner = fs::weakly_canonical(path);
  const fs::path outer = fs::weakly_canonical(folder);
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

SealKey read_key(const HeldStorePlaces& places) {
  for (const fs::path& folder : {places.case_directory, places.store}) {
    if (lies_in(places.key_file, folder)) {
      throw Fault("the key of held uploads must not lie beside what it opens");
    }
  }
  if (lies_in(places.store, places.case_directory)) {
    throw Fault("the store of held uploads must not lie in the case");
  }
  auto key = SealKey::read(places.key_file);
  if (!key) throw Fault("cannot use the key of held uploads: " + std::string(key.error().rule));
  return *key;
}

casefile::SourceDescription source_of(const fs::path& store) {
  auto described = casefile::describe_source(fs::absolute(store).string());
  if (!described) throw Fault("cannot use the store of held uploads");
  described->kind = casefile::SourceKind::uploads;
  return *described;
}

bool is_reasoned(std::string_view reason, std::string_view by) {
  return !reason.empty() && reason.size() <= held::kMaxReasonBytes && is_utf8(reason) &&
         !by.empty() && by.size() <= held::kMaxNameBytes && is_utf8(by);
}

std::string_view text_of(const SecretBytes& secret) {
  return {reinterpret_cast<const char*>(secret.bytes().data()), secret.bytes().size()};
}

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

}  // namespace

class HeldStore::State {
 public:
  State(const HeldStorePlaces& places, HeldStoreOptions options, RandomSource& random,
        const Clock& clock, LogSink& log)
      : options_(std::move(options)),
        random_(random),
        clock_(clock),
        log_(log),
        master_(read_key(places)),
        writer_(casefile::Writer::open(places.case_directory, clock, log)),
        reader_(casefile::Reader::open(places.case_directory)),
        root_(places.store, [](std::string_view name) { return name == kStoreRecord; }),
        objects_(places.store / "objects", is_id),
        keys_(places.store / "keys", is_id),
        holds_(places.store / "holds", is_id) {
    check_case();
    source_id_ = writer_.add_source(source_of(places.store));
    writer_.begin_run({"serve", {}, options_.tool_version});
    recover();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    try {
      writer_.end_run("ended");
    } catch (const Fault& fault) {
      log_.log(Severity::warning, fault.what());
    }
  }

  void keep(const FileSource& file, const Screened& screened, const UploadSender& sender) {
    const auto mapping = FileMapping::map(file.descriptor());
    if (!mapping) throw Fault("cannot map an upload");
    const uint64_t needed = sealed_bytes(mapping->bytes().size());
    reserve(needed);
    KeyRecord record = new_record(mapping->bytes().size(), screened, sender);
    const std::string& name = record.upload.id.text;
    try {
      // Without its key the object is nothing, without the case's item nobody was told "hold":
      // whatever is there when the program ends is made whole or removed by recover().
      objects_.write(name, mapping->bytes(), record.key);
      step("object");
      keys_.write(name, held::encode(record).bytes(), master_);
      step("key");
      const std::lock_guard lock(mutex_);
      held::use_lists(writer_, *screened.lists, used_lists_);
      writer_.commit(held::batch_of(source_id_, record.upload, screened, reader_));
    } catch (...) {
      give_up(name, needed);
      throw;
    }
    step("case");
  }

  std::optional<HeldId> upload_of(const casefile::Item& item) const {
    const auto& [source_id, steps] = item.origin;
    if (source_id != source_id_ || steps.empty()) return std::nullopt;
    return held_id_from_text(steps[0].name);
  }

  std::vector<HeldId> all() const {
    std::vector<HeldId> ids;
    for (std::string& name : keys_.names()) {
      if (is_id(name)) ids.push_back({std::move(name)});
    }
    return ids;
  }

  Result<KeyRecord> record(const HeldId& id) const {
    if (!is_id(id.text) || !keys_.has(id.text)) {
      return Error{ErrorCode::not_found, "held.upload"};
    }
    SAFELIGHT_TRY(const SecretBytes plain, keys_.read(id.text, master_));
    SAFELIGHT_TRY(KeyRecord record, held::decode_key_record(plain.bytes()));
    if (record.upload.id != id) return Error{ErrorCode::integrity_mismatch, "held.id"};
    return record;
  }

  Result<FileSource> bytes(const HeldId& id) const {
    SAFELIGHT_TRY(const KeyRecord known, record(id));
    SAFELIGHT_TRY(const SecretBytes plain, objects_.read(id.text, known.key));
    if (sha256_of(plain.bytes()) != known.upload.sha256) {
      return Error{ErrorCode::integrity_mismatch, "held.digest"};
    }
    return FileSource::from_descriptor(sandbox::MemoryFile::copy_of(plain.bytes()).release());
  }

  Result<uint32_t> place_hold(const HeldId& id, std::string_view reason, std::string_view by,
                              int64_t expires_ns) {
    const int64_t now_ns = clock_.now_ns();
    if (!is_reasoned(reason, by)) return Error{ErrorCode::malformed, "held.reason"};
    if (expires_ns <= now_ns) return Error{ErrorCode::malformed, "held.expiry"};
    const std::lock_guard lock(mutex_);
    SAFELIGHT_CHECK(record(id));
    SAFELIGHT_TRY(HoldRecord holds, hold_record(id));
    std::erase_if(holds.holds, [&](const LegalHold& hold) { return hold.expires_ns <= now_ns; });
    if (holds.holds.size() >= options_.max_holds) {
      return Error{ErrorCode::limit_exceeded, "max_holds"};
    }
    const LegalHold hold{holds.next_number++, std::string(reason), std::string(by), now_ns,
                         expires_ns};
    holds.holds.push_back(hold);
    write(holds);
    step("hold-file");
    writer_.note("upload.hold", {{"upload", id.text},
                                 {"number", std::to_string(hold.number)},
                                 {"reason", hold.reason},
                                 {"person", hold.placed_by},
                                 {"until", utc_text(expires_ns)}});
    return hold.number;
  }

  Result<void> lift_hold(const HeldId& id, uint32_t number, std::string_view by) {
    const std::lock_guard lock(mutex_);
    SAFELIGHT_CHECK(record(id));
    SAFELIGHT_TRY(HoldRecord holds, hold_record(id));
    const auto removed =
        std::erase_if(holds.holds, [&](const LegalHold& hold) { return hold.number == number; });
    if (removed == 0) return Error{ErrorCode::not_found, "held.hold"};
    // On record before it takes effect.
    writer_.note(
        "upload.hold_lifted",
        {{"upload", id.text}, {"number", std::to_string(number)}, {"person", std::string(by)}});
    write(holds);
    step("hold-file");
    return {};
  }

  Result<std::vector<LegalHold>> holds(const HeldId& id) const {
    const std::lock_guard lock(mutex_);
    SAFELIGHT_CHECK(record(id));
    return standing_holds(id);
  }

  PurgeOutcome purge(const HeldId& id, std::string_view reason, std::string_view by) {
    if (!is_reasoned(reason, by)) return PurgeOutcome::no_reason;
    const std::lock_guard lock(mutex_);
    // A key that cannot be read any more can be purged, too.
    if (!is_id(id.text) || !keys_.has(id.text)) return PurgeOutcome::not_found;
    const auto standing = standing_holds(id);
    if (!standing || !standing->empty()) return PurgeOutcome::held;
    writer_.note(
        "upload.purge",
        {{"upload", id.text}, {"person", std::string(by)}, {"reason", std::string(reason)}});
    step("noted");
    shred(id.text);
    return PurgeOutcome::done;
  }

  uint64_t used_bytes() const {
    const std::lock_guard lock(room_);
    return used_bytes_;
  }

 private:
  void step(std::string_view name) const {
    if (options_.on_step) options_.on_step(name);
  }

  void reserve(uint64_t bytes) {
    const std::lock_guard lock(room_);
    if (bytes > options_.max_bytes || used_bytes_ > options_.max_bytes - bytes) {
      throw Fault("the store of held uploads is full");
    }
    used_bytes_ += bytes;
  }
  void release(uint64_t bytes) {
    const std::lock_guard lock(room_);
    used_bytes_ -= std::min(bytes, used_bytes_);
  }

  KeyRecord new_record(uint64_t bytes, const Screened& screened, const UploadSender& sender) {
    std::array<std::byte, kIdBytes> id{};
    random_.fill(id);
    SecretBytes key(SealKey::kBytes);
    random_.fill(key.bytes());
    const auto digits = std::span(reinterpret_cast<const uint8_t*>(id.data()), id.size());
    const SecretBytes& filled = key;
    return {{{to_hex(digits)},
             screened.digested.digests.sha256,
             bytes,
             clock_.now_ns(),
             sender.key,
             std::string(sender.tenant)},
            SealKey(filled.bytes().first<SealKey::kBytes>())};
  }

  /// Nothing of an upload that could not be kept stays, as far as the disk still lets us.
  void give_up(const std::string& name, uint64_t bytes) noexcept {
    try {
      const std::lock_guard lock(mutex_);
      // The commit may have been made before it failed: then it is the case's.
      if (reader_.find_item(held::item_id_of(held::origin_of(source_id_, {name})))) return;
      if (keys_.has(name)) keys_.overwrite(name);
      keys_.remove(name);
      objects_.remove(name);
      release(bytes);
    } catch (const std::exception&) {
      // recover() does it at the next start.
    }
  }

  /// Deletes the key, in a way that is finished at the next start if it is interrupted.
  void shred(const std::string& name) {
    const uint64_t bytes = objects_.size_bytes(name);
    if (keys_.has(name)) {
      keys_.overwrite(name);
      step("overwritten");
    }
    keys_.remove(name);
    step("key-gone");
    objects_.remove(name);
    step("object-gone");
    holds_.remove(name);
    release(bytes);
  }

  void check_case() {
    const std::string case_id = reader_.description().case_id;
    if (!root_.has(kStoreRecord)) {
      if (!keys_.names().empty() || !objects_.names().empty()) {
        throw Fault("the store of held uploads does not say of which case it is");
      }
      root_.write(kStoreRecord, bytes_of(held::encode_case_id(case_id)), master_);
    }
    const auto plain = root_.read(kStoreRecord, master_);
    if (!plain) {
      throw Fault("the store of held uploads cannot be opened with this key: " +
                  std::string(plain.error().rule));
    }
    const auto stored = held::decode_case_id(text_of(*plain));
    if (!stored || *stored != case_id) throw Fault("these held uploads are of another case");
  }

  void recover() {
    for (const std::string& name : keys_.names()) {
      if (keys_.is_overwritten(name)) shred(name);
    }
    for (const std::string& name : objects_.names()) {
      if (!keys_.has(name)) objects_.remove(name);
    }
    for (const std::string& name : holds_.names()) {
      if (!keys_.has(name)) holds_.remove(name);
    }
    for (const std::string& name : keys_.names()) {
      used_bytes_ += objects_.size_bytes(name);
      if (reader_.find_item(held::item_id_of(held::origin_of(source_id_, {name})))) continue;
      const auto known = record({name});
      if (!known) {
        log_.log(Severity::error,
                 "the key of a held upload cannot be read: " + std::string(known.error().rule));
        continue;
      }
      writer_.commit(held::batch_of_unexamined(source_id_, known->upload));
    }
  }

  /// With `mutex_` held, as all below.
  Result<HoldRecord> hold_record(const HeldId& id) const {
    if (!holds_.has(id.text)) return HoldRecord{id, 1, {}};
    SAFELIGHT_TRY(const SecretBytes plain, holds_.read(id.text, master_));
    SAFELIGHT_TRY(HoldRecord holds, held::decode_hold_record(text_of(plain)));
    if (holds.id != id) return Error{ErrorCode::integrity_mismatch, "held.id"};
    return holds;
  }
  Result<std::vector<LegalHold>> standing_holds(const HeldId& id) const {
    SAFELIGHT_TRY(HoldRecord holds, hold_record(id));
    const int64_t now_ns = clock_.now_ns();
    std::erase_if(holds.holds, [&](const LegalHold& hold) { return hold.expires_ns <= now_ns; });
    return std::move(holds.holds);
  }
  void write(const HoldRecord& holds) {
    holds_.write(holds.id.text, bytes_of(held::encode(holds)), master_);
  }

  const HeldStoreOptions options_;
  RandomSource& random_;
  const Clock& clock_;
  LogSink& log_;
  const SealKey master_;
  mutable std::mutex mutex_;  ///< Of the case and the holds.
  casefile::Writer writer_;
  casefile::Reader reader_;
  const SealedFolder root_;
  const SealedFolder objects_;
  const SealedFolder keys_;
  const SealedFolder holds_;
  std::string source_id_;
  std::set<std::string> used_lists_;
  mutable std::mutex room_;
  uint64_t used_bytes_ = 0;
};

HeldStore::HeldStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
HeldStore::~HeldStore() = default;

std::unique_ptr<HeldStore> HeldStore::open(const HeldStorePlaces& places,
                                           const HeldStoreOptions& options, RandomSource& random,
                                           const Clock& clock, LogSink& log) {
  return std::unique_ptr<HeldStore>(
      new HeldStore(std::make_unique<State>(places, options, random, clock, log)));
}

void HeldStore::keep(const FileSource& file, const Screened& screened, const UploadSender& sender) {
  state_->keep(file, screened, sender);
}
std::optional<HeldId> HeldStore::upload_of(const casefile::Item& item) const {
  return state_->upload_of(item);
}
std::vector<HeldId> HeldStore::all() const { return state_->all(); }
Result<HeldUpload> HeldStore::find(const HeldId& id) const {
  SAFELIGHT_TRY(const KeyRecord known, state_->record(id));
  return known.upload;
}
Result<FileSource> HeldStore::bytes(const HeldId& id) const { return state_->bytes(id); }
Result<uint32_t> HeldStore::place_hold(const HeldId& id, std::string_view reason,
                                       std::string_view by, int64_t expires_ns) {
  return state_->place_hold(id, reason, by, expires_ns);
}
Result<void> HeldStore::lift_hold(const HeldId& id, uint32_t number, std::string_view by) {
  return state_->lift_hold(id, number, by);
}
Result<std::vector<LegalHold>> HeldStore::holds(const HeldId& id) const {
  return state_->holds(id);
}
PurgeOutcome HeldStore::purge(const HeldId& id, std::string_view reason, std::string_view by) {
  return state_->purge(id, reason, by);
}
uint64_t HeldStore::used_bytes() const { return state_->used_bytes(); }

}  // namespace safelight::serve
