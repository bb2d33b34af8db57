/// A worker program for tests: runs one ONNX model, confined.
///   onnx_worker RUNTIME MODEL prepared|confined THREADS
/// The session is made before the process is confined, or by the first request.
#include <fstream>
#include <functional>
#include <iterator>
#include <numeric>
#include <string>
#include <vector>

#include "safelight/sandbox/serve.h"
#include "safelight/synthesis/plugins/onnx_session.h"

namespace {

using namespace safelight;
using synthesis::OnnxPort;
using synthesis::OnnxRuntime;
using synthesis::OnnxSession;

class OnnxWorker final : public sandbox::Handler {
 public:
  explicit OnnxWorker(std::span<const std::string> arguments) : arguments_(arguments) {}

  void prepare() override {
    const std::filesystem::path library = arguments_[0];
    runtime_ = OnnxRuntime::load(std::span(&library, 1), complaint_);
    std::ifstream in(arguments_[1], std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto bytes = std::as_bytes(std::span(text));
    model_.assign(bytes.begin(), bytes.end());
    if (arguments_[2] == "prepared") create();
  }

  /// Replies with the first value of the output, for a picture of which every value is 0.5.
  Result<void> handle(sandbox::IncomingRequest&, sandbox::ReplyWriter& reply) override {
    if (!session_) create();
    if (!session_ || !*session_) return complain(reply);
    const OnnxPort& input = (*session_)->inputs().front();
    std::vector<int64_t> dims = input.dims;
    for (int64_t& dim : dims) dim = dim < 0 ? 1 : dim;
    const int64_t count =
        std::accumulate(dims.begin(), dims.end(), int64_t{1}, std::multiplies<>());
    std::vector<float> values(static_cast<size_t>(count), 0.5F);
    const auto out =
        (*session_)->run(input.name, dims, values, (*session_)->outputs().front().name, complaint_);
    if (!out) return complain(reply);
    return send(reply, std::to_string(out->values.front()));
  }

 private:
  void create() {
    if (!runtime_ || !*runtime_) return;
    const auto threads = static_cast<uint32_t>(std::stoul(arguments_[3]));
    session_ = OnnxSession::create(**runtime_, model_, {threads}, complaint_);
    model_.clear();
    model_.shrink_to_fit();
  }
  Result<void> complain(sandbox::ReplyWriter& reply) { return send(reply, complaint_); }
  static Result<void> send(sandbox::ReplyWriter& reply, const std::string& text) {
    return reply.record(std::as_bytes(std::span(text)));
  }

  std::span<const std::string> arguments_;
  std::optional<Result<OnnxRuntime>> runtime_;
  std::optional<Result<OnnxSession>> session_;
  std::vector<std::byte> model_;
  std::string complaint_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  OnnxWorker worker(arguments);
  return sandbox::serve(worker);
}
