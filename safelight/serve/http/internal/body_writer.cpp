#include "safelight/serve/http/internal/body_writer.h"

#include <utility>

namespace safelight::serve {

bool BodyBudget::take(uint64_t bytes) {
  uint64_t left = left_bytes_;
  do {
    if (left < bytes) return false;
  } while (!left_bytes_.compare_exchange_weak(left, left - bytes));
  return true;
}

BodyShare::Grown BodyShare::grow(uint64_t bytes) {
  if (!of_class_.take(bytes)) return Grown::exhausted;
  if (!all_.take(bytes)) {
    of_class_.give(bytes);
    return Grown::exhausted;
  }
  bytes_ += bytes;
  return Grown::granted;
}

void BodyWriter::reserve(uint64_t size_bytes) {
  if (size_bytes <= max_memory_bytes_) small_.reserve(static_cast<size_t>(size_bytes));
}

void BodyWriter::append(std::span<const std::byte> bytes) {
  size_bytes_ += bytes.size();
  if (!file_ && size_bytes_ > max_memory_bytes_) {
    file_.emplace();
    file_->append(std::as_bytes(std::span(small_)));
    std::exchange(small_, {});
  }
  if (file_) {
    file_->append(bytes);
  } else {
    small_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
}

Body BodyWriter::finish() && {
  if (file_) return Body(std::move(*file_).seal());
  return Body(std::move(small_));
}

}  // namespace safelight::serve
