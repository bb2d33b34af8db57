#include <benchmark/benchmark.h>
#include <fcntl.h>

#include "safelight/lists/compile.h"
#include "safelight/lists/internal/collecting_sink.h"
#include "safelight/lists/internal/scratch_folder.h"
#include "safelight/lists/matcher.h"

namespace safelight {
namespace {

using lists::hex_of;
using lists::ScratchFolder;

std::string named_columns(uint64_t entries) {
  std::string text = "md5,sha1,pdq,category\n";
  for (uint64_t i = 0; i < entries; ++i) {
    text += hex_of(i, 32) + "," + hex_of(i, 40) + "," + hex_of(i, 64) + "," +
            std::to_string(i % 6) + "\n";
  }
  return text;
}

/// A media list as exporters write it, about 560 bytes an entry.
std::string vics(uint64_t entries) {
  std::string text =
      R"({"@odata.context":"http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/)"
      R"($metadata#Media","value":[)";
  const std::string photodna(192, 'a');
  for (uint64_t i = 0; i < entries; ++i) {
    text += std::string(i > 0 ? ",\n" : "\n") + R"({"MediaID":)" + std::to_string(i) +
            R"(,"Category":)" + std::to_string(i % 4) + R"(,"MD5":")" + hex_of(i, 32) +
            R"(","SHA1":")" + hex_of(i, 40) + R"(","PhotoDNA":")" + photodna +
            R"(","MediaSize":"123456","MimeType":"image/jpeg","IsDistributed":"true",)"
            R"("MediaFiles":[{"MD5":")" +
            hex_of(i, 32) +
            R"(","FileName":"picture.jpg","FilePath":"folder\\inner","Created":"2020-01-01"}]})";
  }
  return text + "]}";
}

class DiscardingSink final : public EntrySink {
 public:
  Result<void> add(const ListEntry& entry) override {
    benchmark::DoNotOptimize(&entry);
    return {};
  }
};

template <std::string (*kMake)(uint64_t)>
void parse(benchmark::State& state) {
  const std::string text = kMake(static_cast<uint64_t>(state.range(0)));
  const MemorySource source = lists::source_of(text);
  DiscardingSink sink;
  for (auto _ : state) {
    const auto summary = import_list(static_cast<const ByteSource&>(source), ImportOptions{}, sink);
    if (!summary || summary->entries != static_cast<uint64_t>(state.range(0))) {
      state.SkipWithError("the list was not read in full");
    }
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}
BENCHMARK(parse<named_columns>)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(parse<vics>)->Arg(100'000)->Unit(benchmark::kMillisecond);

template <std::string (*kMake)(uint64_t)>
void compile(benchmark::State& state) {
  const ScratchFolder folder;
  const auto path = folder.write("source", kMake(static_cast<uint64_t>(state.range(0))));
  const auto file = FileSource::open(AT_FDCWD, path.c_str());
  for (auto _ : state) {
    const ListInput input{*file, "source"};
    const auto report =
        compile_list(std::span(&input, 1), CompileOptions{}, folder.path() / "a.slist");
    if (!report || report->info.entries != static_cast<uint64_t>(state.range(0))) {
      state.SkipWithError("the list was not compiled in full");
    }
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * file->size_bytes()));
}
BENCHMARK(compile<named_columns>)->Arg(1'000'000)->Unit(benchmark::kMillisecond)->Iterations(3);
BENCHMARK(compile<vics>)->Arg(1'000'000)->Unit(benchmark::kMillisecond)->Iterations(3);

void open_list(benchmark::State& state) {
  const ScratchFolder folder;
  const auto path = folder.write("source", named_columns(static_cast<uint64_t>(state.range(0))));
  const auto file = FileSource::open(AT_FDCWD, path.c_str());
  const ListInput input{*file, "source"};
  const auto report =
      compile_list(std::span(&input, 1), CompileOptions{}, folder.path() / "a.slist");
  for (auto _ : state) {
    const auto list = CompiledList::open(folder.path() / "a.slist", "a");
    if (!list) state.SkipWithError("the list was not opened");
    benchmark::DoNotOptimize(list);
  }
}
BENCHMARK(open_list)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void match_digests(benchmark::State& state) {
  const ScratchFolder folder;
  const auto path = folder.write("source", named_columns(1'000'000));
  const auto file = FileSource::open(AT_FDCWD, path.c_str());
  const ListInput input{*file, "source"};
  const auto report =
      compile_list(std::span(&input, 1), CompileOptions{}, folder.path() / "a.slist");
  const auto list = HashList::open(folder.path() / "a.slist", "a");
  const Matcher matcher({std::make_shared<const HashList>(*list)});
  std::vector<ListQuery> queries(256);
  for (size_t i = 0; i < queries.size(); ++i) {
    queries[i].md5 = *parse_hex<Md5>(hex_of(i * 7'919, 32));
    queries[i].sha1 = *parse_hex<Sha1>(hex_of(i * 7'919 + (i % 2) * 2'000'000, 40));
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(matcher.match(queries, kDefaultRadiusBits));
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * queries.size()));
}
BENCHMARK(match_digests)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace safelight
