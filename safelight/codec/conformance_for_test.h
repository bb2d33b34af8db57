#pragma once

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <span>
#include <vector>

#include "safelight/codec/format.h"

namespace safelight::codec {

/// Calls `take` for each file of the conformance material whose content is of a `wanted` format.
/// Gives how many those were; nothing where the material is absent.
inline std::optional<size_t> for_each_file_of_others(
    const std::function<bool(Format)>& wanted,
    const std::function<void(const std::filesystem::path&, std::span<const std::byte>)>& take) {
  const char* named = std::getenv("SAFELIGHT_CONFORMANCE");
  const std::filesystem::path root = named != nullptr ? named : "../shared/data";
  if (!std::filesystem::is_directory(root)) return std::nullopt;
  size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::vector<char> head(kSniffBytes);
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<size_t>(in.gcount()));
    if (!wanted(sniff(std::as_bytes(std::span(head))))) continue;
    in.clear();
    in.seekg(0);
    const std::vector<char> bytes((std::istreambuf_iterator<char>(in)), {});
    take(entry.path(), std::as_bytes(std::span(bytes)));
    ++count;
  }
  return count;
}

}  // namespace safelight::codec
