#include "safelight/lists/internal/list_writer.h"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

#include "safelight/base/fault.h"
#include "safelight/bytes/file.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/index/block_check.h"
#include "safelight/index/flat_index.h"
#include "safelight/index/multi_index.h"
#include "safelight/seal/sealed_file.h"

namespace safelight::lists {
namespace {

constexpr size_t kHashBufferBytes = 1u << 20;
constexpr size_t kCopyBytes = 1u << 18;
static_assert(kPieceBytes % BlockCheck::kBlockBytes == 0);
constexpr size_t kStreamBytes = 1u << 17;
// What Matcher and the commands that use it look up together at most.
constexpr uint64_t kQueriesPerSearch = 1'024;

/// A file under a temporary name, removed unless it is put in its place.
class PendingFile {
 public:
  explicit PendingFile(const std::filesystem::path& destination)
      : destination_(destination),
        name_(
            (folder() / (std::string(kPendingPrefix) + destination.filename().string() + "-XXXXXX"))
                .string()) {
    descriptor_ = Descriptor(::mkostemp(name_.data(), O_CLOEXEC));
    if (!descriptor_.is_open()) throw Fault::from_errno("cannot create " + name_, errno);
  }
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;
  ~PendingFile() {
    if (!placed_) ::unlink(name_.c_str());
  }

  [[nodiscard]] int descriptor() const { return descriptor_.get(); }
  [[nodiscard]] std::filesystem::path folder() const {
    const auto parent = destination_.parent_path();
    return parent.empty() ? "." : parent;
  }

  void sync() const {
    if (::fsync(descriptor()) != 0) throw Fault::from_errno("cannot sync " + name_, errno);
  }

  void put_in_place() {
    if (::rename(name_.c_str(), destination_.c_str()) != 0) {
      throw Fault::from_errno("cannot rename " + name_ + " to " + destination_.string(), errno);
    }
    placed_ = true;
    sync_folder(folder());
  }

 private:
  std::filesystem::path destination_;
  std::string name_;
  Descriptor descriptor_;
  bool placed_ = false;
};

/// A part of a file, mapped to be written to.
class WritableMapping {
 public:
  WritableMapping(int descriptor, const SectionPlace& place) {
    const auto page = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
    const uint64_t start = place.offset_bytes / page * page;
    lead_ = static_cast<size_t>(place.offset_bytes - start);
    length_ = lead_ + static_cast<size_t>(place.length_bytes);
    address_ = ::mmap(nullptr, length_, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor,
                      static_cast<off_t>(start));
    if (address_ == MAP_FAILED) throw Fault::from_errno("cannot map the list to write", errno);
  }
  WritableMapping(const WritableMapping&) = delete;
  WritableMapping& operator=(const WritableMapping&) = delete;
  ~WritableMapping() { ::munmap(address_, length_); }

  [[nodiscard]] std::span<std::byte> bytes() const {
    return std::span(static_cast<std::byte*>(address_), length_).subspan(lead_);
  }

 private:
  void* address_ = nullptr;
  size_t lead_ = 0;
  size_t length_ = 0;
};

void write_at(int descriptor, uint64_t offset_bytes, std::span<const std::byte> bytes) {
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::pwrite(descriptor, bytes.data() + done, bytes.size() - done,
                                   static_cast<off_t>(offset_bytes + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Fault::from_errno("cannot write the list", errno);
    done += static_cast<size_t>(count);
  }
}

void read_back(int descriptor, uint64_t offset_bytes, std::span<std::byte> out) {
  for (size_t done = 0; done < out.size();) {
    const ssize_t count = ::pread(descriptor, out.data() + done, out.size() - done,
                                  static_cast<off_t>(offset_bytes + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throw Fault::from_errno("cannot read the list back", errno);
    done += static_cast<size_t>(count);
  }
}

Sha256 sha256_of(int descriptor, uint64_t length_bytes) {
  Sha256Stream hash;
  std::vector<std::byte> buffer(kHashBufferBytes);
  for (uint64_t done = 0; done < length_bytes; done += buffer.size()) {
    buffer.resize(std::min<uint64_t>(buffer.size(), length_bytes - done));
    read_back(descriptor, done, buffer);
    hash.update(buffer);
  }
  return hash.digest();
}

/// The sums of the blocks between the header and `end_bytes`.
std::vector<uint64_t> block_sums(int descriptor, uint64_t end_bytes) {
  std::vector<std::byte> buffer;
  std::vector<uint64_t> sums;
  for (uint64_t done = kHeaderBytes; done < end_bytes; done += buffer.size()) {
    buffer.resize(std::min<uint64_t>(kPieceBytes, end_bytes - done));
    read_back(descriptor, done, buffer);
    const auto of_piece = BlockCheck::sums_of(buffer);
    sums.insert(sums.end(), of_piece.begin(), of_piece.end());
  }
  return sums;
}

/// Writes what stands in one file, sealed, to another.
void seal_into(int sealed, int plain, const SealKey& key) {
  const Result<FileMapping> mapping = FileMapping::map(plain);
  if (!mapping) throw Fault("cannot map the list to seal it");
  seal(mapping->bytes(), key, random_seal_salt(), sealed,
       std::max(1u, std::thread::hardware_concurrency()));
}

}  // namespace

void SectionOutput::write_at(uint64_t offset_bytes, std::span<const std::byte> bytes) const {
  assert(offset_bytes <= place_.length_bytes && bytes.size() <= place_.length_bytes - offset_bytes);
  lists::write_at(descriptor_, place_.offset_bytes + offset_bytes, bytes);
}

void SectionOutput::fill_mapped(const std::function<void(std::span<std::byte>)>& fill) const {
  const WritableMapping mapping(descriptor_, place_);
  fill(mapping.bytes());
}

void SectionStream::append(std::span<const std::byte> bytes) {
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  if (buffer_.size() >= kStreamBytes) flush();
}

void SectionStream::flush() {
  out_.write_at(offset_bytes_, buffer_);
  offset_bytes_ += buffer_.size();
  buffer_.clear();
}

SectionPlan section_of(std::vector<std::byte> bytes) {
  const uint64_t length = bytes.size();
  return {length, [bytes = std::move(bytes)](const SectionOutput& out) { out.write_at(0, bytes); }};
}

void sync_folder(const std::filesystem::path& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.is_open() || ::fsync(descriptor.get()) != 0) {
    throw Fault::from_errno("cannot sync " + folder.string(), errno);
  }
}

void write_list(const CompiledListInfo& info, std::span<const SegmentRemovals> removals,
                SectionPlans plans, const std::filesystem::path& destination, const SealKey* key) {
  const auto plan = [&](Section section) -> SectionPlan& {
    return plans[static_cast<size_t>(section)];
  };
  plan(Section::sources) = section_of(encode_sources(info.sources));
  plan(Section::mapping) = section_of(encode_mapping(info.mapping));
  plan(Section::categories) = section_of(encode_categories(info.categories));
  plan(Section::removals) = section_of(encode_removals(removals));
  uint64_t summed_bytes = 0;
  std::array<uint64_t, kSections> lengths{};
  for (size_t i = 0; i < kSections; ++i) {
    lengths[i] = plans[i].length_bytes;
    summed_bytes += padded(lengths[i]);
  }
  // The last section: nothing of it was counted yet.
  lengths[static_cast<size_t>(Section::block_sums)] =
      BlockCheck::blocks_of(summed_bytes) * sizeof(uint64_t);
  SectionPlaces places;
  const uint64_t file_bytes = place_sections(lengths, places);

  PendingFile file(destination);
  // What is sealed never lies on the disk as it is.
  const Descriptor in_memory = key != nullptr ? memory_only_file() : Descriptor();
  const int plain = key != nullptr ? in_memory.get() : file.descriptor();
  // Room for all of it at once: a full disk is an error here, and a signal in a mapping.
  if (const int error = ::posix_fallocate(plain, 0, static_cast<off_t>(file_bytes)); error != 0) {
    throw Fault::from_errno("no room for the list " + destination.string(), error);
  }
  for (size_t i = 0; i < kSections; ++i) {
    if (plans[i].length_bytes == 0) continue;
    plans[i].fill(SectionOutput(plain, places[i]));
  }
  const uint64_t sums_offset = places[static_cast<size_t>(Section::block_sums)].offset_bytes;
  const std::vector<uint64_t> sums = block_sums(plain, sums_offset);
  const auto sum_bytes = std::as_bytes(std::span(sums));
  write_at(plain, sums_offset, sum_bytes);
  write_at(plain, 0, encode_header(info, places, sum_of(sum_bytes), file_bytes));
  const uint64_t checked_bytes = file_bytes - kChecksumBytes;
  const Sha256 checksum = sha256_of(plain, checked_bytes);
  write_at(plain, checked_bytes, std::as_bytes(std::span(checksum.bytes)));
  if (key != nullptr) seal_into(file.descriptor(), plain, *key);
  file.sync();
  file.put_in_place();
}

void write_small_file(std::span<const std::byte> bytes, const std::filesystem::path& destination,
                      const std::function<void()>& before_rename) {
  PendingFile file(destination);
  write_at(file.descriptor(), 0, bytes);
  file.sync();
  before_rename();
  file.put_in_place();
}

CompiledListInfo read_back(const std::filesystem::path& path, const SealKey* key) {
  const auto fault = [&](const Error& error) {
    return Fault("the list " + path.string() + " does not read back: " + std::string(error.rule));
  };
  const Result<CompiledList> list = CompiledList::open(path, "", key);
  if (!list) throw fault(list.error());
  if (const auto verified = list->verify(); !verified) throw fault(verified.error());
  return list->info();
}

SectionPlan plan_fingerprints(SpoolFile& values, uint64_t count, CompiledListInfo& info) {
  info.pdq = count;
  info.index_kind = choose_index(count, kQueriesPerSearch);
  const bool flat = info.index_kind == IndexKind::flat;
  const uint64_t length = flat ? FlatIndex::layout_bytes(count) : MultiIndex::layout_bytes(count);
  return {length, [&values, count, flat](const SectionOutput& out) {
            const FileMapping mapping = values.map();
            const std::span fingerprints(
                reinterpret_cast<const Fingerprint*>(mapping.bytes().data()), count);
            if (flat) {
              out.fill_mapped([&](std::span<std::byte> layout) {
                FlatIndex::write_layout(fingerprints, layout);
              });
              return;
            }
            MultiBuildOptions options;
            options.threads = std::max(1u, std::thread::hardware_concurrency());
            MultiIndex::write_layout(fingerprints, options,
                                     [&](uint64_t offset_bytes, std::span<const std::byte> bytes) {
                                       out.write_at(offset_bytes, bytes);
                                     });
          }};
}

SectionPlan plan_copy(SpoolFile& spool) {
  spool.flush();
  return {spool.size_bytes(), [&spool](const SectionOutput& out) {
            std::vector<std::byte> buffer;
            for (uint64_t done = 0; done < spool.size_bytes(); done += buffer.size()) {
              buffer.resize(std::min<uint64_t>(kCopyBytes, spool.size_bytes() - done));
              spool.read_at(done, buffer);
              out.write_at(done, buffer);
            }
          }};
}

}  // namespace safelight::lists
