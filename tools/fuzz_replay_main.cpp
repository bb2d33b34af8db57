/// Replays a fuzz target outside libFuzzer: every file named, every file in a folder named, and a
/// few thousand seeded mutations of them, so that a target that is never fuzzed still never rots.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

constexpr int kMutationsPerInput = 200;

std::vector<uint8_t> read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void replay(const std::vector<uint8_t>& input, std::mt19937_64& random) {
  LLVMFuzzerTestOneInput(input.data(), input.size());
  for (int i = 0; i < kMutationsPerInput; ++i) {
    std::vector<uint8_t> mutated = input;
    if (mutated.empty()) mutated.resize(random() % 64);
    const int edits = static_cast<int>(1 + random() % 4);
    for (int edit = 0; edit < edits && !mutated.empty(); ++edit) {
      mutated[random() % mutated.size()] = static_cast<uint8_t>(random());
    }
    if (random() % 3 == 0) mutated.resize(random() % (mutated.size() + 1));
    LLVMFuzzerTestOneInput(mutated.data(), mutated.size());
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::mt19937_64 random(20260101);
  size_t inputs = 1;
  replay({}, random);
  for (int i = 1; i < argc; ++i) {
    const std::filesystem::path path(argv[i]);
    std::error_code ignored;
    std::vector<std::filesystem::path> files;
    if (std::filesystem::is_directory(path, ignored)) {
      for (const auto& entry : std::filesystem::directory_iterator(path)) {
        if (entry.is_regular_file()) files.push_back(entry.path());
      }
    } else if (std::filesystem::is_regular_file(path, ignored)) {
      files.push_back(path);
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) replay(read_file(file), random);
    inputs += files.size();
  }
  std::printf("replayed %zu inputs, %d mutations each\n", inputs, kMutationsPerInput);
  return 0;
}
