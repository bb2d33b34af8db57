#include "safelight/bytes/new_file.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include "safelight/base/fault.h"

namespace safelight {
namespace {

constexpr size_t kBufferBytes = 1 << 18;

}  // namespace

NewFile::NewFile(const std::filesystem::path& file, std::string called)
    : file_(file), called_(std::move(called)), temporary_(file.string() + ".XXXXXX") {
  buffer_.reserve(kBufferBytes);
  // mkostemp makes the file with mode 0600.
  descriptor_ = Descriptor(::mkostemp(temporary_.data(), O_CLOEXEC));
  if (!descriptor_.is_open()) throw Fault::from_errno("cannot write " + called_, errno);
}

NewFile::~NewFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void NewFile::write(std::span<const std::byte> bytes) {
  if (bytes.size() >= kBufferBytes) {
    flush();
    write_out(bytes);
    return;
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  if (buffer_.size() >= kBufferBytes) flush();
}

void NewFile::flush() {
  write_out(buffer_);
  buffer_.clear();
}

void NewFile::write_out(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_.get(), bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      throw Fault::from_errno("cannot write " + called_, errno);
    }
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
}

void NewFile::commit() {
  flush();
  if (::fsync(descriptor_.get()) != 0 || std::rename(temporary_.c_str(), file_.c_str()) != 0) {
    throw Fault::from_errno("cannot write " + called_, errno);
  }
  temporary_.clear();
  const auto parent = std::filesystem::absolute(file_).parent_path();
  const Descriptor folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.is_open()) ::fsync(folder.get());
}

}  // namespace safelight
