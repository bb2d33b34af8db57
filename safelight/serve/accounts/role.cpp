#include "safelight/serve/accounts/role.h"

namespace safelight::serve {
namespace {

constexpr std::array<std::string_view, kRoles> kRoleNames = {"screen_client", "reviewer", "lead",
                                                             "list_curator",  "auditor",  "admin"};
constexpr std::array<std::string_view, kScopes> kScopeNames = {"screen", "lookup", "review"};
constexpr std::array<std::string_view, kPermissions> kPermissionNames = {"screen",
                                                                         "lookup",
                                                                         "see_list",
                                                                         "see_distance",
                                                                         "review",
                                                                         "see_path",
                                                                         "reveal",
                                                                         "decide",
                                                                         "set_policy",
                                                                         "see_own_exposure",
                                                                         "see_team_exposure",
                                                                         "see_person_exposure",
                                                                         "read_audit",
                                                                         "manage_people",
                                                                         "manage_keys",
                                                                         "manage_lists",
                                                                         "export_report",
                                                                         "export_originals",
                                                                         "hold",
                                                                         "purge"};

}  // namespace

std::string_view to_text(Role role) { return kRoleNames[static_cast<size_t>(role)]; }

Result<Role> role_from_text(std::string_view text) {
  for (size_t i = 0; i < kRoles; ++i) {
    if (kRoleNames[i] == text) return static_cast<Role>(i);
  }
  return Error{ErrorCode::malformed, "accounts.role"};
}

std::string_view to_text(Scope scope) { return kScopeNames[static_cast<size_t>(scope)]; }

Result<Scope> scope_from_text(std::string_view text) {
  for (size_t i = 0; i < kScopes; ++i) {
    if (kScopeNames[i] == text) return static_cast<Scope>(i);
  }
  return Error{ErrorCode::malformed, "accounts.scope"};
}

std::string_view to_text(Permission permission) {
  return kPermissionNames[static_cast<size_t>(permission)];
}

Result<Scopes> Scopes::from_bits(int64_t bits) {
  if (bits < 0 || bits >= int64_t{1} << kScopes) {
    return Error{ErrorCode::malformed, "accounts.scopes"};
  }
  Scopes scopes;
  scopes.bits_ = static_cast<uint8_t>(bits);
  return scopes;
}

}  // namespace safelight::serve
