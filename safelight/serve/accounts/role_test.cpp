#include "safelight/serve/accounts/role.h"

#include <gtest/gtest.h>
#include <set>

namespace safelight::serve {
namespace {

/// What each role may do, written out a second time: a change to the table must be meant.
constexpr std::array<std::string_view, kPermissions> kExpected = {
    // role:  client reviewer lead curator auditor admin
    "screen              x.....", "lookup              ..xx..", "see_list            .xxx..",
    "see_distance        .xxx..", "review              .xx...", "see_path            .xx...",
    "reveal              .xx...", "decide              .xx...", "set_policy          ..x...",
    "see_own_exposure    .xx...", "see_team_exposure   ..x...", "see_person_exposure ....x.",
    "read_audit          ....x.", "manage_people       .....x", "manage_keys         .....x",
    "manage_lists        ...x..", "export_report       ..x...", "export_originals    ..x...",
    "hold                ..x...", "purge               ..x..."};

TEST(Role, MayDoWhatTheWrittenTableSays) {
  for (size_t i = 0; i < kPermissions; ++i) {
    const auto permission = static_cast<Permission>(i);
    std::string line(to_text(permission));
    line.resize(20, ' ');
    for (size_t role = 0; role < kRoles; ++role) {
      line += may(static_cast<Role>(role), permission) ? 'x' : '.';
    }
    EXPECT_EQ(line, kExpected[i]);
  }
}

TEST(Role, AdminSeesNoMediaAndNoCase) {
  for (const Permission permission :
       {Permission::review, Permission::reveal, Permission::see_path, Permission::see_list,
        Permission::see_distance, Permission::screen, Permission::lookup, Permission::read_audit}) {
    EXPECT_FALSE(may(Role::admin, permission)) << to_text(permission);
  }
}

TEST(Scopes, GiveNoPermissionOfACase) {
  const Scopes all = {Scope::screen, Scope::lookup, Scope::review};
  const std::set<Permission> allowed = {Permission::screen, Permission::lookup,
                                        Permission::see_list, Permission::see_distance};
  for (size_t i = 0; i < kPermissions; ++i) {
    const auto permission = static_cast<Permission>(i);
    EXPECT_EQ(may(all, permission), allowed.contains(permission)) << to_text(permission);
  }
}

TEST(Scopes, ScreenTellsNothingButTheDisposition) {
  for (size_t i = 0; i < kPermissions; ++i) {
    const auto permission = static_cast<Permission>(i);
    EXPECT_EQ(may(Scopes{Scope::screen}, permission), permission == Permission::screen);
    EXPECT_EQ(may(Scopes{Scope::lookup}, permission), permission == Permission::lookup);
    EXPECT_FALSE(may(Scopes{}, permission));
  }
}

TEST(Role, IsReadFromItsText) {
  for (size_t i = 0; i < kRoles; ++i) {
    EXPECT_EQ(role_from_text(to_text(static_cast<Role>(i))).value(), static_cast<Role>(i));
  }
  EXPECT_EQ(role_from_text("root").error().rule, "accounts.role");
}

TEST(Scopes, AreReadFromTheirBits) {
  EXPECT_EQ(Scopes::from_bits(5).value(), (Scopes{Scope::screen, Scope::review}));
  EXPECT_EQ(Scopes::from_bits(8).error().rule, "accounts.scopes");
  EXPECT_EQ(Scopes::from_bits(-1).error().rule, "accounts.scopes");
  EXPECT_EQ(scope_from_text("lookup").value(), Scope::lookup);
  EXPECT_FALSE(scope_from_text("all").has_value());
}

}  // namespace
}  // namespace safelight::serve
