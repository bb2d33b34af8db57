#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "safelight/metadata/byte_order.h"
#include "safelight/metadata/bytes_for_test.h"

/// Builds EXIF structures for tests.
namespace safelight::metadata {

struct TestEntry {
  uint16_t tag;
  uint16_t type;
  uint32_t count;
  std::string data;
};

/// Directories in the order main, EXIF, GPS, second; an empty one is left out.
struct TestExif {
  std::vector<TestEntry> main, details, gps, second;
  ByteOrder order = ByteOrder::big_endian;

  [[nodiscard]] std::string number(uint64_t value, int bytes) const {
    return order == ByteOrder::big_endian ? be(value, bytes) : le(value, bytes);
  }
  [[nodiscard]] TestEntry text(uint16_t tag, const std::string& value) const {
    return {tag, 2, static_cast<uint32_t>(value.size() + 1), value + '\0'};
  }
  [[nodiscard]] TestEntry bytes(uint16_t tag, const std::string& value) const {
    return {tag, 7, static_cast<uint32_t>(value.size()), value};
  }
  [[nodiscard]] TestEntry u16(uint16_t tag, uint16_t value) const {
    return {tag, 3, 1, number(value, 2)};
  }
  [[nodiscard]] TestEntry u32(uint16_t tag, uint32_t value) const {
    return {tag, 4, 1, number(value, 4)};
  }
  [[nodiscard]] TestEntry rationals(uint16_t tag, const std::vector<uint32_t>& parts) const {
    TestEntry entry{tag, 5, static_cast<uint32_t>(parts.size() / 2), {}};
    for (const uint32_t part : parts) entry.data += number(part, 4);
    return entry;
  }

  [[nodiscard]] std::string build() const {
    std::vector<TestEntry> first = main;
    if (!details.empty()) first.push_back(u32(0x8769, 0));
    if (!gps.empty()) first.push_back(u32(0x8825, 0));
    uint64_t end = 8 + size_of(first);
    for (TestEntry& entry : first) {
      if (entry.tag == 0x8769 && !details.empty())
        entry.data = number(end, 4), end += size_of(details);
      if (entry.tag == 0x8825 && !gps.empty()) entry.data = number(end, 4), end += size_of(gps);
    }
    std::string out = (order == ByteOrder::big_endian ? "MM" : "II") + number(42, 2) + number(8, 4);
    append(out, first, second.empty() ? 0 : end);
    if (!details.empty()) append(out, details, 0);
    if (!gps.empty()) append(out, gps, 0);
    if (!second.empty()) append(out, second, 0);
    return out;
  }

 private:
  static uint64_t size_of(const std::vector<TestEntry>& entries) {
    uint64_t size = 6 + 12 * entries.size();
    for (const TestEntry& entry : entries) {
      if (entry.data.size() > 4) size += entry.data.size();
    }
    return size;
  }
  void append(std::string& out, const std::vector<TestEntry>& entries, uint64_t next) const {
    uint64_t values = out.size() + 6 + 12 * entries.size();
    std::string tail;
    out += number(entries.size(), 2);
    for (const TestEntry& entry : entries) {
      out += number(entry.tag, 2) + number(entry.type, 2) + number(entry.count, 4);
      if (entry.data.size() <= 4) {
        out += entry.data + std::string(4 - entry.data.size(), '\0');
      } else {
        out += number(values, 4);
        values += entry.data.size();
        tail += entry.data;
      }
    }
    out += number(next, 4) + tail;
  }
};

/// An EXIF structure with something of each kind.
inline TestExif sample_exif() {
  TestExif exif;
  exif.main = {exif.text(0x010f, "Maker  "),
               exif.text(0x0110, "Model 1"),
               exif.u16(0x0112, 6),
               exif.text(0x0131, "Writer 2.0"),
               exif.text(0x0132, "2024:02:29 23:59:60"),
               exif.bytes(0x9c9c, std::string("n\0o\0t\0e\0\0\0", 10))};
  exif.details = {exif.rationals(0x829a, {1, 50}),
                  exif.rationals(0x829d, {28, 10}),
                  exif.u16(0x8827, 200),
                  exif.text(0x9003, "2024:02:30 10:00:00"),
                  exif.text(0x9011, "+02:00"),
                  exif.text(0x9291, "123"),
                  exif.rationals(0x920a, {35, 1}),
                  exif.bytes(0x9286, std::string("UNICODE\0\0h\0i", 12)),
                  exif.bytes(0x927c, std::string("Nikon\0\2\x10", 8)),
                  exif.u32(0xa002, 4000),
                  exif.u32(0xa003, 3000),
                  exif.text(0xa431, "SN1"),
                  exif.text(0xa434, "Lens 35mm")};
  exif.gps = {exif.text(1, "S"),
              exif.rationals(2, {33, 1, 30, 1, 36, 1}),
              exif.text(3, "E"),
              exif.rationals(4, {151, 1, 0, 1, 0, 1}),
              {5, 1, 1, "\1"},
              exif.rationals(6, {15, 2}),
              exif.rationals(7, {12, 1, 30, 1, 15, 2}),
              exif.text(29, "2024:02:29")};
  exif.second = {exif.u32(0x0201, 8), exif.u32(0x0202, 16)};
  return exif;
}

}  // namespace safelight::metadata
