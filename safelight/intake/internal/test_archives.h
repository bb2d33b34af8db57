#pragma once

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/base/byte_writer.h"
#include "safelight/intake/archive_reader.h"

/// Archives made in memory, and a sink that keeps what it gets: for tests.
namespace safelight::intake_internal {

inline std::vector<std::byte> to_bytes(std::string_view text) {
  const auto view = std::as_bytes(std::span(text.data(), text.size()));
  return {view.begin(), view.end()};
}

/// CRC-32 of ISO 3309, bit by bit.
inline uint32_t crc32_of(std::span<const std::byte> bytes) {
  uint32_t crc = 0xffffffff;
  for (const auto byte : bytes) {
    crc ^= std::to_integer<uint32_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0u);
  }
  return ~crc;
}

/// One stored member of a zip made field by field.
struct ZipMember {
  std::string name;
  std::string content;
  uint16_t flags = 0;
  uint16_t dos_time = 0x6000;  // 12:00:00
  uint16_t dos_date = 0x5821;  // 2024-01-01
  std::vector<std::byte> extra = {};
};

inline std::vector<std::byte> make_zip(const std::vector<ZipMember>& members) {
  ByteWriter out;
  ByteWriter central;
  for (const auto& member : members) {
    const auto offset = static_cast<uint32_t>(out.view().size());
    const auto content = to_bytes(member.content);
    const auto size = static_cast<uint32_t>(content.size());
    const auto shared = [&](ByteWriter& to) {
      to.u16_le(20);
      to.u16_le(member.flags);
      to.u16_le(0);
      to.u16_le(member.dos_time);
      to.u16_le(member.dos_date);
      to.u32_le(crc32_of(content));
      to.u32_le(size);
      to.u32_le(size);
      to.u16_le(static_cast<uint16_t>(member.name.size()));
      to.u16_le(static_cast<uint16_t>(member.extra.size()));
    };
    out.u32_le(0x04034b50);
    shared(out);
    out.text(member.name);
    out.bytes(member.extra);
    out.bytes(content);
    central.u32_le(0x02014b50);
    central.u16_le(20);
    shared(central);
    central.u16_le(0);
    central.u16_le(0);
    central.u16_le(0);
    central.u32_le(0);
    central.u32_le(offset);
    central.text(member.name);
    central.bytes(member.extra);
  }
  const auto directory_offset = static_cast<uint32_t>(out.view().size());
  out.bytes(central.view());
  out.u32_le(0x06054b50);
  out.u32_le(0);
  out.u16_le(static_cast<uint16_t>(members.size()));
  out.u16_le(static_cast<uint16_t>(members.size()));
  out.u32_le(static_cast<uint32_t>(central.view().size()));
  out.u32_le(directory_offset);
  out.u16_le(0);
  return std::move(out).take();
}

/// A RAR 5 with one stored member, packed at `unix_time`. Source: "RAR 5.0 archive format".
inline std::vector<std::byte> make_rar5(const std::string& name, const std::string& content,
                                        uint32_t unix_time) {
  ByteWriter out;
  out.text(std::string_view("Rar!\x1a\x07\x01\x00", 8));
  const auto block = [&](const ByteWriter& header) {
    ByteWriter sized;
    sized.u8(static_cast<uint8_t>(header.view().size()));
    sized.bytes(header.view());
    out.u32_le(crc32_of(sized.view()));
    out.bytes(sized.view());
  };
  ByteWriter main;
  for (const int byte : {1, 0, 0}) main.u8(static_cast<uint8_t>(byte));
  block(main);
  ByteWriter file;
  const auto size = static_cast<uint8_t>(content.size());
  for (const uint8_t byte : {uint8_t{2}, uint8_t{2}, size, uint8_t{6}, size, uint8_t{0}})
    file.u8(byte);
  file.u32_le(unix_time);
  file.u32_le(crc32_of(to_bytes(content)));
  file.u8(0);  // stored
  file.u8(1);  // Unix
  file.u8(static_cast<uint8_t>(name.size()));
  file.text(name);
  block(file);
  out.text(content);
  ByteWriter end;
  for (const int byte : {5, 0, 0}) end.u8(static_cast<uint8_t>(byte));
  block(end);
  return std::move(out).take();
}

/// A RAR 4 with one stored member of a DOS time. Source: the technical note of RAR 4.
inline std::vector<std::byte> make_rar4(const std::string& name, const std::string& content,
                                        uint32_t dos_date_time) {
  ByteWriter out;
  out.text(std::string_view("Rar!\x1a\x07\x00", 7));
  const auto block = [&](uint8_t type, uint16_t flags, const ByteWriter& rest) {
    ByteWriter header;
    header.u8(type);
    header.u16_le(flags);
    header.u16_le(static_cast<uint16_t>(7 + rest.view().size()));
    header.bytes(rest.view());
    out.u16_le(static_cast<uint16_t>(crc32_of(header.view())));
    out.bytes(header.view());
  };
  ByteWriter main;
  main.u16_le(0);
  main.u32_le(0);
  block(0x73, 0, main);
  ByteWriter file;
  file.u32_le(static_cast<uint32_t>(content.size()));
  file.u32_le(static_cast<uint32_t>(content.size()));
  file.u8(3);  // Unix
  file.u32_le(crc32_of(to_bytes(content)));
  file.u32_le(dos_date_time);
  file.u8(20);
  file.u8(0x30);  // stored
  file.u16_le(static_cast<uint16_t>(name.size()));
  file.u32_le(0100644);
  file.text(name);
  block(0x74, 0x8000, file);
  out.text(content);
  block(0x7b, 0x4000, ByteWriter());
  return std::move(out).take();
}

/// What libarchive writes.
struct WrittenMember {
  std::string name;
  std::string content;
};

/// An archive written by libarchive, with the format and filter of archive_write_set_format_by_name
/// and archive_write_add_filter_by_name ("" for none), and options as archive_write_set_options.
inline std::vector<std::byte> write_archive(const char* format, const char* filter,
                                            const std::vector<WrittenMember>& members,
                                            const char* options = nullptr,
                                            const char* password = nullptr) {
  const auto check = [](int status) {
    if (status < ARCHIVE_WARN) throw std::runtime_error("libarchive cannot write this");
  };
  std::vector<std::byte> out(1 << 20);
  for (const auto& member : members) out.resize(out.size() + member.content.size() + 4096);
  size_t used = 0;
  archive* const a = archive_write_new();
  check(archive_write_set_format_by_name(a, format));
  if (*filter != '\0') check(archive_write_add_filter_by_name(a, filter));
  if (options != nullptr) check(archive_write_set_options(a, options));
  if (password != nullptr) check(archive_write_set_passphrase(a, password));
  archive_write_set_bytes_in_last_block(a, 1);
  check(archive_write_open_memory(a, out.data(), out.size(), &used));
  for (const auto& member : members) {
    archive_entry* const entry = archive_entry_new();
    archive_entry_copy_pathname(entry, member.name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(member.content.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, 1'700'000'000, 0);
    check(archive_write_header(a, entry));
    if (!member.content.empty())
      check(static_cast<int>(std::min<la_ssize_t>(
          0, archive_write_data(a, member.content.data(), member.content.size()))));
    archive_entry_free(entry);
  }
  check(archive_write_close(a));
  archive_write_free(a);
  out.resize(used);
  return out;
}

/// Text of `size` bytes that compresses a little.
inline std::string sample_text(size_t size, uint32_t seed) {
  std::string text;
  while (text.size() < size) {
    seed = seed * 1664525 + 1013904223;
    text += std::to_string(seed >> 8) + "\n";
  }
  text.resize(size);
  return text;
}

/// Keeps all that it gets.
class CollectingSink final : public MemberSink {
 public:
  struct Got {
    ArchiveMember member;
    std::string content;
    std::optional<Error> error;
    bool ended = false;
  };
  MemberAction begin(const ArchiveMember& member) override {
    got.push_back({member, {}, {}, false});
    return action;
  }
  void data(std::span<const std::byte> bytes) override {
    got.back().content.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  void end(const ArchiveMember&, const Result<void>& result) override {
    got.back().ended = true;
    if (!result) got.back().error = result.error();
  }

  std::vector<Got> got;
  MemberAction action = MemberAction::read;
};

}  // namespace safelight::intake_internal
