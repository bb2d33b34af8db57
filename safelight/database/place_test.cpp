#include "safelight/database/place.h"

#include <gtest/gtest.h>

namespace safelight::database {
namespace {

TEST(FileSystem, NetworkOnesAreToldFromLocalOnesAndFuse) {
  EXPECT_EQ(file_system_kind(0xef53), FileSystemKind::local);      // ext4
  EXPECT_EQ(file_system_kind(0x01021994), FileSystemKind::local);  // tmpfs
  EXPECT_EQ(file_system_kind(0x6969), FileSystemKind::network);
  EXPECT_EQ(file_system_kind(0xff534d42), FileSystemKind::network);
  EXPECT_EQ(file_system_kind(0xfe534d42), FileSystemKind::network);
  EXPECT_EQ(file_system_kind(0x01021997), FileSystemKind::network);
  EXPECT_EQ(file_system_kind(0x65735546), FileSystemKind::fuse);
}

}  // namespace
}  // namespace safelight::database
