#include "safelight/serve/http/body.h"

#include <utility>

#include "safelight/base/fault.h"

namespace safelight::serve {

Body::Body(sandbox::MemoryFile file) : file_(std::move(file)) {
  auto mapping = FileMapping::map(file_.descriptor());
  if (!mapping) throw Fault("cannot map the body of a request");
  mapping_ = std::move(*mapping);
}

std::span<const std::byte> Body::bytes() const {
  return file_.descriptor() >= 0 ? mapping_.bytes() : std::as_bytes(std::span(small_));
}

std::string_view Body::text() const {
  const auto all = bytes();
  return {reinterpret_cast<const char*>(all.data()), all.size()};
}

sandbox::MemoryFile Body::take_file() && {
  if (file_.descriptor() < 0) return sandbox::MemoryFile::copy_of(bytes());
  mapping_ = {};
  return std::move(file_);
}

}  // namespace safelight::serve
