#pragma once

#include <memory>
#include <string>

#include "safelight/base/result.h"
#include "safelight/synthesis/plugins/internal/onnx_abi.h"

namespace safelight::synthesis::onnx {

/// Releases what the runtime made.
template <typename T>
class Deleter {
 public:
  explicit Deleter(void (*release)(T*) = nullptr) : release_(release) {}
  void operator()(T* object) const { release_(object); }

 private:
  void (*release_)(T*);
};
template <typename T>
using Owned = std::unique_ptr<T, Deleter<T>>;

/// An Error where `status` is one, which is then released; what the runtime said goes to
/// `complaint`.
Result<void> check(const Api& api, Status* status, std::string& complaint);

/// Calls a function whose last parameter takes what it makes, and owns that.
template <typename T, typename Create>
Result<Owned<T>> make(const Api& api, void (*release)(T*), std::string& complaint,
                      const Create& create) {
  T* made = nullptr;
  SAFELIGHT_CHECK(check(api, create(&made), complaint));
  return Owned<T>(made, Deleter<T>(release));
}

/// Text of another's making, cut to `kMaxComplaintBytes` and without anything but printable ASCII.
std::string printable(std::string_view text);

}  // namespace safelight::synthesis::onnx
