/// ONNX Runtime under the confinement of workers.
#include <gtest/gtest.h>
#include <optional>
#include <string>

#include "safelight/sandbox/worker.h"
#include "safelight/synthesis/plugins/runtime_for_test.h"

namespace safelight::synthesis {
namespace {

struct Said final : sandbox::ReplySink {
  Result<void> record(std::span<const std::byte> bytes,
                      std::optional<sandbox::MemoryFile>) override {
    text.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
  std::string text;
};

class OnnxSandbox : public WithRuntime {
 protected:
  sandbox::Worker start(const std::string& model, const std::string& when,
                        const std::string& threads) {
    sandbox::Policy policy;
    policy.memory_bytes = 200'000'000;
    return sandbox::Worker::start(
        SAFELIGHT_ONNX_WORKER, policy,
        {runtime().library().string(), "testdata/onnx/" + model + ".onnx", when, threads});
  }
  static std::string answer(sandbox::Worker& worker, uint32_t timeout_ms = 20'000) {
    Said said;
    const auto done = worker.call({}, said, timeout_ms);
    return done ? said.text : std::string(done.error().rule);
  }
};

TEST_F(OnnxSandbox, ASessionOfOneThreadMadeBeforeConfinementRunsInIt) {
  sandbox::Worker worker = start("mean_of_red", "prepared", "1");
  // A thread left behind would have kept the process out of namespaces of its own.
  EXPECT_TRUE(worker.report().missing().empty());
  EXPECT_EQ(answer(worker), "0.500000");
  EXPECT_EQ(answer(worker), "0.500000");
  EXPECT_EQ(worker.starts(), 1U);
}

TEST_F(OnnxSandbox, ASessionIsMadeInConfinementToo) {
  for (const char* threads : {"1", "3"}) {
    sandbox::Worker worker = start("mean_of_red", "confined", threads);
    EXPECT_TRUE(worker.report().missing().empty());
    EXPECT_EQ(answer(worker), "0.500000") << threads;
    EXPECT_EQ(answer(worker), "0.500000") << threads;
    EXPECT_EQ(worker.starts(), 1U);
  }
}

TEST_F(OnnxSandbox, AModelThatCannotRunIsRefusedInConfinement) {
  sandbox::Worker worker = start("unknown_operator", "confined", "1");
  EXPECT_NE(answer(worker).find("NoSuchOperator"), std::string::npos);
  EXPECT_EQ(worker.starts(), 1U);
}

TEST_F(OnnxSandbox, AModelThatNeverEndsIsKilled) {
  sandbox::Worker worker = start("endless", "prepared", "1");
  EXPECT_EQ(answer(worker, 200), "worker.timeout");
}

TEST_F(OnnxSandbox, AModelThatWantsTooMuchMemoryFailsAndTheWorkerLivesOn) {
  sandbox::Worker worker = start("memory_hungry", "prepared", "1");
  EXPECT_NE(answer(worker).find("alloc"), std::string::npos);
  EXPECT_NE(answer(worker).find("alloc"), std::string::npos);
  EXPECT_EQ(worker.starts(), 1U);
}

}  // namespace
}  // namespace safelight::synthesis
