#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "safelight/casefile/act_reader.h"
#include "safelight/casefile/reader.h"

namespace safelight::serve {

/// Readers of one case for many threads, each of which has one for as long as it holds it. As many
/// are open as were ever held at once.
class ReaderPool {
 public:
  explicit ReaderPool(std::filesystem::path directory) : directory_(std::move(directory)) {}

  struct Readers {
    casefile::Reader reader;
    casefile::ActReader acts;
  };

  class Held {
   public:
    Held(ReaderPool& pool, Readers readers) : pool_(pool), readers_(std::move(readers)) {}
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    ~Held() { pool_.take_back(std::move(readers_)); }
    [[nodiscard]] const casefile::Reader& reader() const { return readers_.reader; }
    [[nodiscard]] const casefile::ActReader& acts() const { return readers_.acts; }

   private:
    ReaderPool& pool_;
    Readers readers_;
  };

  /// Throws Fault where the case cannot be opened.
  [[nodiscard]] Held hold() {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        Readers readers = std::move(free_.back());
        free_.pop_back();
        return Held(*this, std::move(readers));
      }
    }
    return Held(*this, {casefile::Reader::open(directory_), casefile::ActReader::open(directory_)});
  }

 private:
  void take_back(Readers readers) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(readers));
  }

  const std::filesystem::path directory_;
  std::mutex mutex_;
  std::vector<Readers> free_;
};

}  // namespace safelight::serve
