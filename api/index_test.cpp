#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <tuple>
#include <unistd.h>
#include <vector>

#include "api/safelight.h"

#include "safelight/base/sanitizers.h"

namespace {

namespace fs = std::filesystem;

using Random = std::mt19937_64;

sl_fingerprint uniform(Random& random) {
  sl_fingerprint fingerprint;
  for (uint8_t& byte : fingerprint.bytes) byte = static_cast<uint8_t>(random());
  return fingerprint;
}

sl_fingerprint flipped(sl_fingerprint fingerprint, unsigned flips, Random& random) {
  for (unsigned i = 0; i < flips; ++i) {
    const auto bit = random() % 256;
    fingerprint.bytes[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
  }
  return fingerprint;
}

std::vector<sl_fingerprint> rows_of(size_t count, Random& random) {
  std::vector<sl_fingerprint> rows(count);
  for (sl_fingerprint& row : rows) row = uniform(random);
  // Some that are alike, so that a query has several hits.
  for (size_t i = 0; i + 1 < count; i += 3) rows[i + 1] = flipped(rows[i], 4, random);
  return rows;
}

struct IndexDeleter {
  void operator()(sl_index* index) const { sl_index_free(index); }
};
using Index = std::unique_ptr<sl_index, IndexDeleter>;
struct HitsDeleter {
  void operator()(sl_hits* hits) const { sl_hits_free(hits); }
};
using Hits = std::unique_ptr<sl_hits, HitsDeleter>;

Index build(const std::vector<sl_fingerprint>& rows, const std::vector<uint64_t>& ids,
            const sl_index_options& options) {
  sl_index* index = nullptr;
  sl_error error;
  EXPECT_EQ(sl_index_build(rows.data(), ids.empty() ? nullptr : ids.data(), rows.size(), &options,
                           &index, &error),
            SL_OK)
      << error.rule << error.message;
  return Index(index);
}

Hits search(const Index& index, const std::vector<sl_fingerprint>& queries,
            const sl_search_options& options) {
  sl_hits* hits = nullptr;
  sl_error error;
  EXPECT_EQ(sl_index_search(index.get(), queries.data(), queries.size(), &options, &hits, &error),
            SL_OK)
      << error.rule << error.message;
  return Hits(hits);
}

uint32_t distance(const sl_fingerprint& a, const sl_fingerprint& b) {
  uint32_t bits = 0;
  EXPECT_EQ(sl_distance(&a, &b, &bits, nullptr), SL_OK);
  return bits;
}

/// What a search must give, by a plain loop.
void expect_plain_answer(const Hits& hits, const std::vector<sl_fingerprint>& rows,
                         const std::vector<uint64_t>& ids,
                         const std::vector<sl_fingerprint>& queries,
                         const sl_search_options& options) {
  const sl_hit* data = sl_hits_data(hits.get());
  const uint64_t* first = sl_hits_first(hits.get());
  ASSERT_EQ(first[0], 0u);
  ASSERT_EQ(first[queries.size()], sl_hits_count(hits.get()));
  for (uint32_t query = 0; query < queries.size(); ++query) {
    std::vector<std::tuple<uint32_t, uint32_t>> wanted;
    for (uint32_t row = 0; row < rows.size(); ++row) {
      const uint32_t bits = distance(queries[query], rows[row]);
      if (bits <= options.radius_bits) wanted.emplace_back(bits, row);
    }
    std::sort(wanted.begin(), wanted.end());
    const size_t kept = std::min<size_t>(wanted.size(), options.max_hits_per_query);
    ASSERT_EQ(first[query + 1] - first[query], kept);
    ASSERT_EQ(sl_hits_cut(hits.get())[query], wanted.size() - kept);
    for (size_t i = 0; i < kept; ++i) {
      const sl_hit& hit = data[first[query] + i];
      ASSERT_EQ(std::tuple(hit.distance_bits, hit.row), wanted[i]);
      ASSERT_EQ(hit.query, query);
      ASSERT_EQ(hit.id, ids.empty() ? hit.row : ids[hit.row]);
      ASSERT_EQ(hit.reserved, 0u);
    }
  }
}

sl_index_info describe(const Index& index) {
  sl_index_info info = {};
  info.struct_size = sizeof info;
  EXPECT_EQ(sl_index_describe(index.get(), &info, nullptr), SL_OK);
  return info;
}

std::string scratch_file() {
  return testing::TempDir() + "safelight_api_" + std::to_string(::getpid());
}

TEST(ApiIndex, FindsWhatAPlainLoopFindsForEitherKindInMemoryAndFromAFile) {
  for (const size_t rows : {size_t{0}, size_t{1'500}, size_t{50'001}}) {
    Random random(7);
    const auto fingerprints = rows_of(rows, random);
    std::vector<uint64_t> ids(rows);
    for (uint64_t& id : ids) id = random();
    sl_index_options options = SL_INDEX_OPTIONS_INIT(SL_MODE_FULL);
    options.queries_per_call = 1;
    options.threads = 2;
    const Index built = build(fingerprints, ids, options);
    const sl_index_info info = describe(built);
    EXPECT_EQ(info.rows, rows);
    EXPECT_EQ(info.mode, SL_MODE_FULL);
    EXPECT_EQ(info.kind, rows > 50'000 ? SL_INDEX_MULTI : SL_INDEX_FLAT);
    EXPECT_EQ(info.radius_bits, 31u);
    EXPECT_EQ(info.has_ids, rows > 0 ? 1 : 0);

    const std::string path = scratch_file();
    ASSERT_EQ(sl_index_save(built.get(), path.c_str(), nullptr), SL_OK);
    sl_index* raw = nullptr;
    ASSERT_EQ(sl_index_open(path.c_str(), &raw, nullptr), SL_OK);
    fs::remove(path);
    const Index opened(raw);
    EXPECT_EQ(sl_index_verify(opened.get(), nullptr), SL_OK);
    EXPECT_EQ(std::memcmp(&info, std::array{describe(opened)}.data(), sizeof info), 0);

    std::vector<sl_fingerprint> queries = {uniform(random)};
    for (size_t i = 0; i < std::min<size_t>(rows, 60); i += 2) {
      queries.push_back(flipped(fingerprints[i], 9, random));
    }
    sl_search_options wanted = SL_SEARCH_OPTIONS_INIT(SL_MODE_FULL);
    for (const auto& [radius, limit] :
         {std::pair{31u, SL_NO_LIMIT}, {9u, 1u}, {256u, 2u}, {0u, 0u}}) {
      wanted.radius_bits = radius;
      wanted.max_hits_per_query = limit;
      expect_plain_answer(search(built, queries, wanted), fingerprints, ids, queries, wanted);
      expect_plain_answer(search(opened, queries, wanted), fingerprints, ids, queries, wanted);
    }
  }
}

TEST(ApiIndex, GivesItsRowsBack) {
  Random random(8);
  const auto rows = rows_of(10, random);
  const sl_index_options options = SL_INDEX_OPTIONS_INIT(SL_MODE_REFERENCE);
  const Index index = build(rows, {}, options);
  sl_fingerprint fingerprint;
  uint64_t id = 0;
  ASSERT_EQ(sl_index_row(index.get(), 9, &fingerprint, &id, nullptr), SL_OK);
  EXPECT_EQ(distance(fingerprint, rows[9]), 0u);
  EXPECT_EQ(id, 9u);
  EXPECT_EQ(sl_index_row(index.get(), 9, nullptr, nullptr, nullptr), SL_OK);
  sl_error error;
  EXPECT_EQ(sl_index_row(index.get(), 10, &fingerprint, &id, &error), SL_NOT_FOUND);
  EXPECT_STREQ(error.rule, "index.row");
}

TEST(ApiIndex, ManyThreadsSearchOneIndex) {
  Random random(9);
  const auto rows = rows_of(3'000, random);
  const sl_index_options options = SL_INDEX_OPTIONS_INIT(SL_MODE_REFERENCE);
  const Index built = build(rows, {}, options);
  const std::string path = scratch_file();
  ASSERT_EQ(sl_index_save(built.get(), path.c_str(), nullptr), SL_OK);
  sl_index* raw = nullptr;
  ASSERT_EQ(sl_index_open(path.c_str(), &raw, nullptr), SL_OK);
  fs::remove(path);
  const Index index(raw);
  std::vector<std::thread> threads;
  for (unsigned thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      Random own(thread);
      std::vector<sl_fingerprint> queries;
      for (size_t i = thread; i < rows.size(); i += 200) {
        queries.push_back(flipped(rows[i], 5, own));
      }
      const sl_search_options wanted = SL_SEARCH_OPTIONS_INIT(SL_MODE_REFERENCE);
      expect_plain_answer(search(index, queries, wanted), rows, {}, queries, wanted);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(ApiIndex, ADamagedFileIsAnErrorAndNoAnswer) {
  Random random(10);
  const auto rows = rows_of(3'000, random);
  const sl_index_options options = SL_INDEX_OPTIONS_INIT(SL_MODE_REFERENCE);
  const Index built = build(rows, {}, options);
  const std::string path = scratch_file();
  ASSERT_EQ(sl_index_save(built.get(), path.c_str(), nullptr), SL_OK);
  const auto size = fs::file_size(path);
  std::fstream(path, std::ios::in | std::ios::out | std::ios::binary).seekp(100'000).put('X');

  sl_index* raw = nullptr;
  ASSERT_EQ(sl_index_open(path.c_str(), &raw, nullptr), SL_OK);
  const Index index(raw);
  const sl_search_options wanted = SL_SEARCH_OPTIONS_INIT(SL_MODE_REFERENCE);
  sl_hits* hits = nullptr;
  sl_error error;
  EXPECT_EQ(sl_index_search(index.get(), rows.data(), 1, &wanted, &hits, &error),
            SL_INTEGRITY_MISMATCH);
  EXPECT_EQ(hits, nullptr);
  EXPECT_EQ(error.status, SL_INTEGRITY_MISMATCH);
  EXPECT_EQ(error.offset_kind, SL_OFFSET_EXACT);
  EXPECT_EQ(error.offset_bytes, 64u + 65'536u);
  EXPECT_STREQ(error.rule, "block-check.sum");
  EXPECT_EQ(sl_index_verify(index.get(), &error), SL_INTEGRITY_MISMATCH);
  EXPECT_EQ(sl_index_save(index.get(), (path + "-copy").c_str(), &error), SL_INTEGRITY_MISMATCH);

  fs::resize_file(path, size - 1);
  EXPECT_EQ(sl_index_open(path.c_str(), &raw, &error), SL_TRUNCATED);
  EXPECT_EQ(error.offset_bytes, size - 1);
  std::ofstream(path) << "something else, and long enough to be anything at all, by its length";
  EXPECT_EQ(sl_index_open(path.c_str(), &raw, &error), SL_MALFORMED);
  fs::remove(path);
  EXPECT_EQ(sl_index_open(path.c_str(), &raw, &error), SL_NOT_FOUND);
}

TEST(ApiIndex, RefusesCallsThatCannotBe) {
  sl_error error;
  sl_index* index = nullptr;
  sl_hits* hits = nullptr;
  const sl_fingerprint row = {};
  sl_index_options options = SL_INDEX_OPTIONS_INIT(SL_MODE_REFERENCE);
  const auto refusal = [&](sl_status status) {
    EXPECT_EQ(status, SL_INVALID_ARGUMENT);
    EXPECT_EQ(error.status, status);
    return std::string(error.rule);
  };
  EXPECT_EQ(refusal(sl_index_build(nullptr, nullptr, 1, &options, &index, &error)),
            "argument.null");
  EXPECT_EQ(refusal(sl_index_build(&row, nullptr, 1, nullptr, &index, &error)), "argument.null");
  EXPECT_EQ(refusal(sl_index_build(&row, nullptr, 1, &options, nullptr, &error)), "argument.null");
  EXPECT_EQ(sl_index_build(&row, nullptr, 1, nullptr, &index, nullptr), SL_INVALID_ARGUMENT);
  options.struct_size -= 1;
  EXPECT_EQ(refusal(sl_index_build(&row, nullptr, 1, &options, &index, &error)),
            "options.struct-size");
  options = SL_INDEX_OPTIONS_INIT(2);
  EXPECT_EQ(refusal(sl_index_build(&row, nullptr, 1, &options, &index, &error)), "argument.mode");
  options = SL_INDEX_OPTIONS_INIT(SL_MODE_REFERENCE);
  options.radius_bits = 64;
  EXPECT_EQ(refusal(sl_index_build(&row, nullptr, 1, &options, &index, &error)), "index.radius");
  options = SL_INDEX_OPTIONS_INIT(SL_MODE_REFERENCE);
  options.threads = 0;
  EXPECT_EQ(refusal(sl_index_build(&row, nullptr, 1, &options, &index, &error)), "index.threads");
  EXPECT_EQ(index, nullptr);

  options.threads = 1;
  const Index built = build({row}, {}, options);
  sl_search_options wanted = SL_SEARCH_OPTIONS_INIT(SL_MODE_REFERENCE);
  EXPECT_EQ(refusal(sl_index_search(nullptr, &row, 1, &wanted, &hits, &error)), "argument.null");
  EXPECT_EQ(refusal(sl_index_search(built.get(), nullptr, 1, &wanted, &hits, &error)),
            "argument.null");
  EXPECT_EQ(refusal(sl_index_search(built.get(), &row, 1, nullptr, &hits, &error)),
            "argument.null");
  EXPECT_EQ(refusal(sl_index_search(built.get(), &row, 1, &wanted, nullptr, &error)),
            "argument.null");
  wanted.struct_size = 0;
  EXPECT_EQ(refusal(sl_index_search(built.get(), &row, 1, &wanted, &hits, &error)),
            "options.struct-size");
  wanted = SL_SEARCH_OPTIONS_INIT(SL_MODE_FULL);
  EXPECT_EQ(refusal(sl_index_search(built.get(), &row, 1, &wanted, &hits, &error)), "search.mode");
  wanted = SL_SEARCH_OPTIONS_INIT(-1);
  EXPECT_EQ(refusal(sl_index_search(built.get(), &row, 1, &wanted, &hits, &error)),
            "argument.mode");
  wanted = SL_SEARCH_OPTIONS_INIT(SL_MODE_REFERENCE);
  wanted.radius_bits = 257;
  EXPECT_EQ(refusal(sl_index_search(built.get(), &row, 1, &wanted, &hits, &error)),
            "search.radius");
  EXPECT_EQ(hits, nullptr);

  EXPECT_EQ(refusal(sl_index_save(nullptr, "x", &error)), "argument.null");
  EXPECT_EQ(refusal(sl_index_save(built.get(), nullptr, &error)), "argument.null");
  EXPECT_EQ(refusal(sl_index_open(nullptr, &index, &error)), "argument.null");
  EXPECT_EQ(refusal(sl_index_open("x", nullptr, &error)), "argument.null");
  EXPECT_EQ(refusal(sl_index_verify(nullptr, &error)), "argument.null");
  EXPECT_EQ(refusal(sl_index_row(nullptr, 0, nullptr, nullptr, &error)), "argument.null");
  EXPECT_EQ(refusal(sl_index_describe(built.get(), nullptr, &error)), "argument.null");
  sl_index_info info = {};
  EXPECT_EQ(refusal(sl_index_describe(built.get(), &info, &error)), "options.struct-size");
  EXPECT_EQ(sl_hits_data(nullptr), nullptr);
  EXPECT_EQ(sl_hits_count(nullptr), 0u);
  EXPECT_EQ(sl_hits_first(nullptr), nullptr);
  EXPECT_EQ(sl_hits_cut(nullptr), nullptr);
  sl_index_free(nullptr);
  sl_hits_free(nullptr);
}

TEST(ApiIndex, WhatTheMachineWillNotDoIsAnErrorWithWords) {
  const sl_index_options options = SL_INDEX_OPTIONS_INIT(SL_MODE_REFERENCE);
  const Index index = build({}, {}, options);
  sl_error error;
  EXPECT_EQ(sl_index_save(index.get(), "/nowhere/at/all", &error), SL_ENVIRONMENT);
  EXPECT_NE(std::string(error.message).find("/nowhere/at/all"), std::string::npos) << error.message;
  // More than the message holds is cut.
  const std::string long_path = "/" + std::string(300, 'x') + "/y";
  EXPECT_EQ(sl_index_save(index.get(), long_path.c_str(), &error), SL_ENVIRONMENT);
  EXPECT_EQ(std::strlen(error.message), sizeof error.message - 1);
}

/// Too many rows for the memory that is left, which must be counted in a process of its own.
int build_without_memory() {
  std::vector<sl_fingerprint> rows(2'000'000);
  const rlimit limit = {.rlim_cur = 100'000'000, .rlim_max = 100'000'000};
  if (::setrlimit(RLIMIT_AS, &limit) != 0) return 1;
  const sl_index_options options = SL_INDEX_OPTIONS_INIT(SL_MODE_REFERENCE);
  sl_index* index = nullptr;
  sl_error error;
  return sl_index_build(rows.data(), nullptr, rows.size(), &options, &index, &error) ==
                     SL_OUT_OF_MEMORY &&
                 error.status == SL_OUT_OF_MEMORY && index == nullptr
             ? 0
             : 2;
}

TEST(ApiIndex, NoMemoryIsAnErrorAndNotTheEnd) {
  if (safelight::kSanitizerBuild)
    GTEST_SKIP() << "a sanitizer needs more address space than this test leaves";
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) ::_exit(build_without_memory());
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status)) << status;
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
