#include "safelight/report/internal/output_file.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "safelight/base/fault.h"

namespace safelight::report {
namespace {

constexpr size_t kBufferBytes = 1 << 18;

}  // namespace

OutputFile::OutputFile(const std::filesystem::path& file)
    : file_(file), temporary_(file.string() + ".XXXXXX") {
  // mkostemp makes the file with mode 0600.
  descriptor_ = mkostemp(temporary_.data(), O_CLOEXEC);
  if (descriptor_ < 0) throw Fault::from_errno("cannot write " + file.string(), errno);
  buffer_.reserve(kBufferBytes);
}

OutputFile::~OutputFile() {
  close(descriptor_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

void OutputFile::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= kBufferBytes) flush();
}

void OutputFile::flush() {
  std::string_view left = buffer_;
  while (!left.empty()) {
    const ssize_t written = ::write(descriptor_, left.data(), left.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      throw Fault::from_errno("cannot write " + file_.string(), errno);
    }
    left.remove_prefix(static_cast<size_t>(written));
  }
  buffer_.clear();
}

void OutputFile::commit() {
  flush();
  if (fsync(descriptor_) != 0 || std::rename(temporary_.c_str(), file_.c_str()) != 0) {
    throw Fault::from_errno("cannot write " + file_.string(), errno);
  }
  temporary_.clear();
  const auto parent = std::filesystem::absolute(file_).parent_path();
  const int directory = open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;
  fsync(directory);
  close(directory);
}

}  // namespace safelight::report
