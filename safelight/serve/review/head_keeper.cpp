#include "safelight/serve/review/head_keeper.h"

#include <system_error>
#include <utility>

#include "safelight/audit/heads/heads_file.h"
#include "safelight/base/fault.h"
#include "safelight/bytes/new_file.h"

namespace safelight::serve {
namespace {

std::vector<std::unique_ptr<audit::HeadDestination>> destinations_of(
    const std::filesystem::path& folder, const std::vector<std::filesystem::path>& elsewhere) {
  std::vector<std::unique_ptr<audit::HeadDestination>> out;
  out.push_back(std::make_unique<audit::HeadsFile>(folder / "heads"));
  for (const auto& file : elsewhere) out.push_back(std::make_unique<audit::HeadsFile>(file));
  return out;
}

}  // namespace

audit::SigningKey server_key(const std::filesystem::path& folder) {
  const auto file = folder / "signing-key.pem";
  std::error_code failed;
  if (!std::filesystem::exists(std::filesystem::symlink_status(file, failed))) {
    const auto made = audit::SigningKey::make();
    made.store(file);
    NewFile shown(folder / "signing-key.pub");
    shown.write(made.public_key().pem());
    shown.commit();
  }
  auto key = audit::SigningKey::read(file);
  if (!key) {
    throw Fault("the signing key " + file.string() +
                " cannot be used: " + std::string(key.error().rule));
  }
  return std::move(*key);
}

HeadKeeper::HeadKeeper(const std::string& log_name, const std::filesystem::path& folder,
                       const std::vector<std::filesystem::path>& elsewhere, const Clock& clock,
                       LogSink& log)
    : publisher_(server_key(folder), {log_name}, destinations_of(folder, elsewhere), clock),
      log_(log) {}

void HeadKeeper::tell(const std::vector<audit::PublishFailure>& failures) {
  for (const auto& failure : failures) {
    log_.log(Severity::warning, "a signed head of an audit log could not be kept in " +
                                    failure.destination + ": " + failure.what);
  }
}

}  // namespace safelight::serve
