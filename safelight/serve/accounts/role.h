#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "safelight/base/result.h"

namespace safelight::serve {

/// What a person is on a review server. Each person has one.
enum class Role : uint8_t { screen_client, reviewer, lead, list_curator, auditor, admin };
inline constexpr size_t kRoles = 6;

/// What an API key may be given. A key has scopes and no role.
enum class Scope : uint8_t { screen, lookup, review };
inline constexpr size_t kScopes = 3;

/// One thing that somebody may do or see. Routes and fields name the one that they need.
enum class Permission : uint8_t {
  screen,               ///< Upload a picture; learn accept or hold.
  lookup,               ///< Ask whether a digest or fingerprint is in a list.
  see_list,             ///< Which list and entry a hit is of.
  see_distance,         ///< How far a fingerprint is from the entry.
  review,               ///< The queue of a case, covered renditions, facts of an item.
  see_path,             ///< Where in the evidence an item lies, with its names.
  reveal,               ///< The picture itself.
  decide,               ///< Categories, notes, flags, undo.
  set_policy,           ///< Budgets, breaks, second looks, thresholds of a case.
  see_own_exposure,     ///< One's own.
  see_team_exposure,    ///< The total of all.
  see_person_exposure,  ///< One person's; asked for with a reason.
  read_audit,
  manage_people,
  manage_keys,  ///< API keys and certificates.
  manage_lists,
  export_report,
  export_originals,
  hold,  ///< Place and lift a legal hold.
  purge,
};
inline constexpr size_t kPermissions = 20;

std::string_view to_text(Role role);
/// Errors: malformed, rule "accounts.role".
Result<Role> role_from_text(std::string_view text);
std::string_view to_text(Scope scope);
/// Errors: malformed, rule "accounts.scope".
Result<Scope> scope_from_text(std::string_view text);
std::string_view to_text(Permission permission);

/// A set of permissions.
class Permissions {
 public:
  constexpr Permissions() = default;
  constexpr Permissions(std::initializer_list<Permission> list) {
    for (const Permission permission : list) bits_ |= bit(permission);
  }
  [[nodiscard]] constexpr bool holds(Permission permission) const {
    return (bits_ & bit(permission)) != 0;
  }
  /// Whether one of them is in both.
  [[nodiscard]] constexpr bool meets(Permissions other) const { return (bits_ & other.bits_) != 0; }
  constexpr Permissions& operator|=(Permissions other) { return bits_ |= other.bits_, *this; }
  friend constexpr bool operator==(Permissions, Permissions) = default;

 private:
  static constexpr uint32_t bit(Permission permission) {
    return uint32_t{1} << static_cast<uint32_t>(permission);
  }
  uint32_t bits_ = 0;
};

/// A set of scopes, as a key is stored with it.
class Scopes {
 public:
  constexpr Scopes() = default;
  constexpr Scopes(std::initializer_list<Scope> list) {
    for (const Scope scope : list) bits_ |= bit(scope);
  }
  /// Errors: malformed, rule "accounts.scopes", for bits that are no scope.
  static Result<Scopes> from_bits(int64_t bits);
  [[nodiscard]] constexpr uint8_t bits() const { return bits_; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr bool holds(Scope scope) const { return (bits_ & bit(scope)) != 0; }
  friend constexpr bool operator==(Scopes, Scopes) = default;

 private:
  static constexpr uint8_t bit(Scope scope) {
    return static_cast<uint8_t>(1u << static_cast<uint32_t>(scope));
  }
  uint8_t bits_ = 0;
};

/// What each role may do, by Role. An admin keeps people and keys and sees no media, no list and no
/// case; an auditor reads what others did and sees none of what they saw; a curator sees lists and
/// no case. Acts that need two persons need two who may do them.
inline constexpr std::array<Permissions, kRoles> kPermissionsOfRole = {{
    // screen_client
    {Permission::screen},
    // reviewer
    {Permission::see_list, Permission::see_distance, Permission::review, Permission::see_path,
     Permission::reveal, Permission::decide, Permission::see_own_exposure},
    // lead
    {Permission::lookup, Permission::see_list, Permission::see_distance, Permission::review,
     Permission::see_path, Permission::reveal, Permission::decide, Permission::set_policy,
     Permission::see_own_exposure, Permission::see_team_exposure, Permission::export_report,
     Permission::export_originals, Permission::hold, Permission::purge},
    // list_curator
    {Permission::lookup, Permission::see_list, Permission::see_distance, Permission::manage_lists},
    // auditor
    {Permission::see_person_exposure, Permission::read_audit},
    // admin
    {Permission::manage_people, Permission::manage_keys},
}};

/// What each scope lets a key do, by Scope. No scope shows a case, a path or a picture.
inline constexpr std::array<Permissions, kScopes> kPermissionsOfScope = {{
    // screen
    {Permission::screen},
    // lookup
    {Permission::lookup},
    // review
    {Permission::lookup, Permission::see_list, Permission::see_distance},
}};

[[nodiscard]] constexpr Permissions permissions_of(Role role) {
  return kPermissionsOfRole[static_cast<size_t>(role)];
}

[[nodiscard]] constexpr bool may(Role role, Permission permission) {
  return permissions_of(role).holds(permission);
}

[[nodiscard]] constexpr bool may(Scopes scopes, Permission permission) {
  Permissions all;
  for (size_t i = 0; i < kScopes; ++i) {
    if (scopes.holds(static_cast<Scope>(i))) all |= kPermissionsOfScope[i];
  }
  return all.holds(permission);
}

}  // namespace safelight::serve
