/// A case made by a scan, whose items are opened again and shown, with the workers' programs.
#include "safelight/scan/open_item.h"

#include <archive.h>
#include <archive_entry.h>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <unistd.h>

#include "safelight/base/log.h"
#include "safelight/codec/still/jpeg/jpeg_encode_for_test.h"
#include "safelight/codec/still/png/png_encode_for_test.h"
#include "safelight/codec/still/tiff/tiff_encode_for_test.h"
#include "safelight/codec/still/webp/webp.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/picture/whole_picture.h"
#include "safelight/scan/scanner.h"

namespace safelight::scan {
namespace {

namespace fs = std::filesystem;
using codec::ByteVector;

class NoLog final : public LogSink {
 public:
  void log(Severity /*severity*/, std::string_view /*message*/) override {}
};

using Rgb = std::array<uint8_t, 3>;
constexpr Rgb kRed = {200, 30, 30};
constexpr Rgb kBlue = {30, 30, 200};

ByteVector plain_png(const Rgb& colour, uint32_t width = 40, uint32_t height = 30) {
  std::vector<uint8_t> rows;
  for (uint32_t i = 0; i < width * height; ++i)
    rows.insert(rows.end(), colour.begin(), colour.end());
  return codec::encode_png({.width = width, .height = height, .rows = rows});
}

ByteVector photo_like_jpeg(uint32_t width = 400, uint32_t height = 300, uint32_t channels = 3) {
  return codec::test_jpeg(codec::Content::natural,
                          {.width = width, .height = height, .channels = channels}, 1);
}

ByteVector plain_jpeg_of(const Rgb& colour) {
  std::vector<uint8_t> samples;
  for (int i = 0; i < 40 * 30; ++i) samples.insert(samples.end(), colour.begin(), colour.end());
  return codec::encode_jpeg(samples, {.width = 40, .height = 30});
}

/// The thumbnail in a segment of the JFIF extension (10.1 of JFIF 1.02), behind the start marker.
ByteVector with_thumbnail(const ByteVector& jpeg, const ByteVector& thumbnail) {
  ByteWriter segment;
  segment.text("\xff\xe0");
  const size_t length = 2 + 6 + thumbnail.size();
  segment.u8(static_cast<uint8_t>(length >> 8));
  segment.u8(static_cast<uint8_t>(length));
  segment.text(std::string_view("JFXX\0\x10", 6));
  segment.bytes(thumbnail);
  ByteVector out = jpeg;
  out.insert(out.begin() + 2, segment.view().begin(), segment.view().end());
  return out;
}

ByteVector two_pages() {
  std::vector<codec::TiffDirectory> pages;
  for (const Rgb& colour : {kRed, kBlue}) {
    std::vector<uint8_t> samples;
    for (int i = 0; i < 20 * 10; ++i) samples.insert(samples.end(), colour.begin(), colour.end());
    pages.push_back(codec::tiff_directory(20, 10, 8, 2, 3, samples));
  }
  return codec::write_tiff(pages);
}

struct Member {
  std::string name;
  ByteVector content;
};

ByteVector packed(const std::vector<Member>& members, int format = ARCHIVE_FORMAT_ZIP,
                  const char* password = nullptr) {
  ByteVector out(4 << 20);
  size_t used = 0;
  archive* writer = archive_write_new();
  archive_write_set_format(writer, format);
  if (password != nullptr) {
    EXPECT_EQ(archive_write_set_options(writer, "zip:encryption=aes256"), ARCHIVE_OK);
    EXPECT_EQ(archive_write_set_passphrase(writer, password), ARCHIVE_OK);
  }
  archive_write_open_memory(writer, out.data(), out.size(), &used);
  for (const Member& member : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.name.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(member.content.size()));
    archive_write_header(writer, entry);
    archive_write_data(writer, member.content.data(), member.content.size());
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  out.resize(used);
  return out;
}

ByteVector testdata(const std::string& name) {
  std::ifstream in(fs::path(SAFELIGHT_TESTDATA) / "corrupt" / name, std::ios::binary);
  EXPECT_TRUE(in) << name;
  const std::vector<char> text{std::istreambuf_iterator<char>(in), {}};
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

class OpenItem : public testing::Test {
 protected:
  OpenItem()
      : folder_(fs::temp_directory_path() / ("safelight-open-item-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(evidence());
  }
  ~OpenItem() override { fs::remove_all(folder_); }

  [[nodiscard]] fs::path evidence() const { return folder_ / "evidence"; }

  void write(const std::string& name, std::span<const std::byte> bytes) const {
    fs::create_directories((evidence() / name).parent_path());
    std::ofstream(evidence() / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }

  static ExaminerOptions options(const char* workers = SAFELIGHT_WORKERS) {
    ExaminerOptions out;
    out.worker_folder = workers;
    out.degraded = sandbox::Degraded::allow;
    return out;
  }

  void scan_evidence(const std::vector<std::string>& passwords = {}) {
    auto writer =
        casefile::Writer::create(folder_ / "case", casefile::random_case_id(), {}, clock_, log_);
    ListMatching matching(std::make_unique<LiveLists>(), 31, OrientationChoice::original);
    ScanOptions scan_options;
    scan_options.sources = {evidence().string()};
    scan_options.jobs = 1;
    scan_options.asked = {{true, false}, OriginScope::none};
    scan_options.examiner = options();
    scan_options.examiner.passwords = passwords;
    Progress progress;
    const std::atomic<bool> stop = false;
    writer.begin_run({"scan", {}, "test"});
    scan(writer, folder_ / "case", matching, scan_options, progress, stop);
    writer.end_run("done");
    reader_.emplace(casefile::Reader::open(folder_ / "case"));
    reader_->for_each_item([&](const casefile::StoredItem& stored) {
      items_.emplace(stored.display_path, stored.item);
    });
  }

  [[nodiscard]] const casefile::Item& item(const std::string& path) const {
    const auto found = items_.find(path);
    if (found == items_.end()) throw std::out_of_range("no item " + path);
    return found->second;
  }

  [[nodiscard]] Result<OpenedItem> open(const std::string& path) {
    return open_item(examiner_, *reader_, item(path));
  }

  [[nodiscard]] Result<Rendition> show(const std::string& path, RenditionRequest wanted) {
    SAFELIGHT_TRY(const OpenedItem opened, open(path));
    return examiner_.rendition(opened.file, opened.picture, wanted);
  }

  /// The pixels that a browser would show; fails the test where there are none.
  static Picture pixels_of(const Result<Rendition>& shown) {
    if (!shown) {
      ADD_FAILURE() << shown.error().rule;
      return {};
    }
    EXPECT_EQ(shown->media_type, "image/webp");
    WholePictureSink whole;
    codec::DecodeRequest request;
    request.rows = &whole;
    EXPECT_TRUE(codec::decode_webp(shown->file, std::nullopt, request));
    EXPECT_EQ(whole.picture.shape.width, shown->width);
    EXPECT_EQ(whole.picture.shape.height, shown->height);
    return std::move(whole.picture);
  }

  [[nodiscard]] Rgb middle(const std::string& path) {
    const Picture picture = pixels_of(show(path, {RenditionStyle::colour, 32}));
    if (picture.samples.empty()) return {};
    const auto row = picture.row(picture.shape.height / 2);
    const size_t at = picture.shape.width / 2 * size_t{3};
    return {row[at], row[at + 1], row[at + 2]};
  }

  fs::path folder_;
  SystemClock clock_;
  NoLog log_;
  std::optional<casefile::Reader> reader_;
  std::map<std::string, casefile::Item> items_;
  Examiner examiner_{options()};
};

bool is_near(const Rgb& a, const Rgb& b) {
  return std::equal(a.begin(), a.end(), b.begin(),
                    [](int x, int y) { return std::abs(x - y) <= 12; });
}

TEST_F(OpenItem, EveryContentOfACaseIsOpenedAgainAndPicturesAreShown) {
  write("photo.jpg", photo_like_jpeg());
  write("deep/er/photo.jpg", photo_like_jpeg(300, 400));
  write("thumbnail.jpg", with_thumbnail(photo_like_jpeg(), plain_jpeg_of(kRed)));
  write("pages.tif", two_pages());
  write("moving.gif", testdata("codec_still_gif_fuzz/anim.gif"));
  write("moving.png", testdata("codec_still_png_png_fuzz/animation.png"));
  write("moving.webp", testdata("codec_still_webp_webp_fuzz/animation.webp"));
  write("small.heic", testdata("codec_heif_heif_fuzz/small.heic"));
  const ByteVector zip =
      packed({{"a/red.png", plain_png(kRed)},
              {"blue.png", plain_png(kBlue)},
              {"thumbnail.jpg", with_thumbnail(photo_like_jpeg(), plain_jpeg_of(kBlue))},
              {"moving.gif", testdata("codec_still_gif_fuzz/anim.gif")}});
  write("pictures.zip", zip);
  for (const auto& [name, format] :
       {std::pair{"nested.tar", ARCHIVE_FORMAT_TAR_USTAR}, {"nested.7z", ARCHIVE_FORMAT_7ZIP}}) {
    write(name, packed({{"note.txt", ByteVector(700, std::byte{'x'})},
                        {"inner.zip", packed({{"pictures.zip", zip}})},
                        {"blue.png", plain_png(kBlue)}},
                       format));
  }
  scan_evidence();

  size_t stills = 0;
  size_t parts = 0;
  for (const auto& [path, each] : items_) {
    if (!each.content) continue;
    const auto opened = open(path);
    ASSERT_TRUE(opened) << path << ' ' << opened.error().rule;
    const auto stored = reader_->find_content(*each.content);
    EXPECT_EQ(opened->picture.member.has_value(), !stored->content.sha256) << path;
    if (!opened->picture.member) {
      EXPECT_EQ(opened->sha256, stored->content.sha256) << path;
    }
    if (opened->picture.member) ++stills;
    const bool is_part = opened->picture.extent.length_bytes != opened->file.size_bytes();
    if (is_part) ++parts;
    const auto handling = codec::handling_of(opened->picture.format);
    const bool is_picture =
        handling == codec::Handling::still_worker || handling == codec::Handling::heif_worker;
    for (const RenditionStyle style : {RenditionStyle::drawing, RenditionStyle::blur,
                                       RenditionStyle::grey, RenditionStyle::colour}) {
      const auto shown = examiner_.rendition(opened->file, opened->picture, {style, 48});
      if (!is_picture) {
        ASSERT_FALSE(shown) << path;
        EXPECT_EQ(shown.error(), (Error{ErrorCode::unsupported, "rendition.format"}));
      } else {
        const Picture picture = pixels_of(shown);
        EXPECT_LE(std::max(picture.shape.width, picture.shape.height), 48u) << path;
      }
    }
  }
  EXPECT_GE(stills, 8u);
  EXPECT_EQ(parts, 4u);

  EXPECT_TRUE(is_near(middle("pictures.zip!a/red.png"), kRed));
  EXPECT_TRUE(is_near(middle("pictures.zip!blue.png"), kBlue));
  EXPECT_TRUE(is_near(middle("nested.tar!inner.zip!pictures.zip!a/red.png"), kRed));
  EXPECT_TRUE(is_near(middle("nested.7z!inner.zip!pictures.zip!blue.png"), kBlue));
  EXPECT_TRUE(is_near(middle("nested.7z!blue.png"), kBlue));
  EXPECT_TRUE(is_near(middle("thumbnail.jpg#thumbnail 1"), kRed));
  EXPECT_TRUE(
      is_near(middle("nested.tar!inner.zip!pictures.zip!thumbnail.jpg#thumbnail 1"), kBlue));
  EXPECT_TRUE(is_near(middle("pages.tif"), kRed));
  EXPECT_TRUE(is_near(middle("pages.tif#page 1"), kBlue));
}

TEST_F(OpenItem, AFrameIsShownAsItIsAndNotAsTheFirst) {
  write("moving.gif", testdata("codec_still_gif_fuzz/anim.gif"));
  scan_evidence();
  ASSERT_TRUE(items_.contains("moving.gif#frame 1"));
  const auto first = show("moving.gif", {RenditionStyle::colour, 32});
  const auto other = show("moving.gif#frame 1", {RenditionStyle::colour, 32});
  ASSERT_TRUE(first && other);
  EXPECT_NE(first->file, other->file);
}

TEST_F(OpenItem, ARenditionKeepsToItsSizeAndStyle) {
  write("photo.jpg", photo_like_jpeg(1'600, 1'200));
  scan_evidence();
  const Picture small = pixels_of(show("photo.jpg", {RenditionStyle::grey, kCoveredSide}));
  EXPECT_EQ(small.shape, (PictureShape{192, 144, 3}));
  const Picture large = pixels_of(show("photo.jpg", {RenditionStyle::colour, kMaxRenditionSide}));
  EXPECT_EQ(large.shape, (PictureShape{1'600, 1'200, 3}));
  const Picture drawing =
      pixels_of(show("photo.jpg", {RenditionStyle::drawing, kMaxRenditionSide}));
  EXPECT_EQ(drawing.shape, (PictureShape{kMaxCoveredSide, 384, 3}));
}

TEST_F(OpenItem, WhatIsNotThereAnyMoreIsNotFound) {
  write("photo.jpg", photo_like_jpeg());
  write("pictures.zip", packed({{"red.png", plain_png(kRed)}, {"blue.png", plain_png(kBlue)}}));
  scan_evidence();
  fs::remove(evidence() / "photo.jpg");
  EXPECT_EQ(open("photo.jpg").error().code, ErrorCode::not_found);
  fs::rename(evidence(), folder_ / "elsewhere");
  EXPECT_EQ(open("pictures.zip!red.png").error().code, ErrorCode::not_found);
  fs::rename(folder_ / "elsewhere", evidence());
  EXPECT_TRUE(open("pictures.zip!red.png"));
}

TEST_F(OpenItem, WhatChangedSinceIsNeverShown) {
  write("photo.jpg", photo_like_jpeg());
  write("moving.gif", testdata("codec_still_gif_fuzz/anim.gif"));
  write("pictures.zip", packed({{"red.png", plain_png(kRed)}, {"blue.png", plain_png(kBlue)}}));
  scan_evidence();
  write("photo.jpg", photo_like_jpeg(400, 301));
  EXPECT_EQ(open("photo.jpg").error(), (Error{ErrorCode::changed, "item.digest"}));
  ByteVector frames = testdata("codec_still_gif_fuzz/anim.gif");
  frames[13] ^= std::byte{1};
  write("moving.gif", frames);
  EXPECT_EQ(open("moving.gif#frame 1").error(), (Error{ErrorCode::changed, "item.digest"}));
  // Another picture at that place, none, and no archive.
  write("pictures.zip", packed({{"red.png", plain_png(kBlue)}, {"blue.png", plain_png(kBlue)}}));
  EXPECT_EQ(open("pictures.zip!red.png").error(), (Error{ErrorCode::changed, "item.digest"}));
  EXPECT_TRUE(open("pictures.zip!blue.png"));
  write("pictures.zip", packed({{"red.png", plain_png(kRed)}}));
  EXPECT_TRUE(open("pictures.zip!red.png"));
  EXPECT_EQ(open("pictures.zip!blue.png").error(),
            (Error{ErrorCode::changed, "item.archive-digest"}));
  write("pictures.zip", ByteVector(500, std::byte{1}));
  EXPECT_EQ(open("pictures.zip!red.png").error(),
            (Error{ErrorCode::changed, "item.archive-digest"}));
}

TEST_F(OpenItem, AFileThatChangesWhileItIsShownIsNotShown) {
  write("photo.jpg", photo_like_jpeg());
  scan_evidence();
  const auto opened = open("photo.jpg");
  ASSERT_TRUE(opened);
  write("photo.jpg", photo_like_jpeg(401, 300));
  const auto shown = examiner_.rendition(opened->file, opened->picture, {});
  ASSERT_FALSE(shown);
  EXPECT_EQ(shown.error().code, ErrorCode::changed);
}

TEST_F(OpenItem, NoLinkIsFollowedThatStandsWhereAFolderOrFileWas) {
  write("folder/photo.jpg", photo_like_jpeg());
  write("photo.jpg", photo_like_jpeg(500, 300));
  scan_evidence();
  fs::rename(evidence() / "folder", folder_ / "folder");
  fs::create_directory_symlink(folder_ / "folder", evidence() / "folder");
  fs::rename(evidence() / "photo.jpg", folder_ / "photo.jpg");
  fs::create_symlink(folder_ / "photo.jpg", evidence() / "photo.jpg");
  EXPECT_EQ(open("folder/photo.jpg").error().code, ErrorCode::changed);
  EXPECT_EQ(open("photo.jpg").error(), (Error{ErrorCode::changed, "file.link"}));
}

TEST_F(OpenItem, OneFileAloneIsASourceToo) {
  write("photo.jpg", photo_like_jpeg());
  fs::rename(evidence() / "photo.jpg", folder_ / "photo.jpg");
  fs::remove(evidence());
  fs::rename(folder_ / "photo.jpg", evidence());
  scan_evidence();
  EXPECT_TRUE(open("evidence"));
}

TEST_F(OpenItem, LimitsHoldAsInAScan) {
  write("pictures.zip", packed({{"inner.zip", packed({{"red.png", plain_png(kRed)}})}}));
  scan_evidence();
  const auto& red = item("pictures.zip!inner.zip!red.png");
  ExaminerOptions small = options();
  small.limits.max_member_bytes = 20;
  Examiner holds_little(small);
  EXPECT_EQ(open_item(holds_little, *reader_, red).error(),
            (Error{ErrorCode::limit_exceeded, "max_member_bytes"}));
  ExaminerOptions shallow = options();
  shallow.limits.max_container_depth = 1;
  Examiner goes_in_once(shallow);
  EXPECT_EQ(open_item(goes_in_once, *reader_, red).error(),
            (Error{ErrorCode::limit_exceeded, "max_container_depth"}));
}

TEST_F(OpenItem, AMemberOpensWithThePasswordsOfItsScanOnly) {
  const Member red{"red.png", plain_png(kRed)};
  write("locked.zip", packed({{"blue.png", plain_png(kBlue)}, red}, ARCHIVE_FORMAT_ZIP, "lamp"));
  scan_evidence({"other", "lamp"});
  EXPECT_EQ(open("locked.zip!red.png").error().code, ErrorCode::encrypted);
  ExaminerOptions with_passwords = options();
  with_passwords.passwords = {"other", "lamp"};
  Examiner knows_it(with_passwords);
  const auto opened = open_item(knows_it, *reader_, item("locked.zip!red.png"));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->sha256, sha256_of(red.content));
}

TEST_F(OpenItem, AFolderOrALinkHasNothingToShow) {
  write("photo.jpg", photo_like_jpeg());
  fs::create_symlink("photo.jpg", evidence() / "link.jpg");
  scan_evidence();
  EXPECT_EQ(open("link.jpg").error(), (Error{ErrorCode::not_found, "item.content"}));
}

TEST_F(OpenItem, ACutPictureIsShownAsFarAsItGoesAndSaysSo) {
  const ByteVector whole = photo_like_jpeg();
  write("half.jpg", std::span(whole).first(whole.size() / 2));
  write("head.jpg", std::span(whole).first(100));
  write("whole.jpg", whole);
  scan_evidence();
  const auto half = show("half.jpg", {RenditionStyle::grey, 64});
  ASSERT_TRUE(half);
  ASSERT_TRUE(half->incomplete);
  EXPECT_EQ(half->incomplete->code, ErrorCode::truncated);
  EXPECT_EQ(show("head.jpg", {}).error().code, ErrorCode::truncated);
  const auto after = show("whole.jpg", {RenditionStyle::grey, 64});
  ASSERT_TRUE(after);
  EXPECT_FALSE(after->incomplete);
}

TEST_F(OpenItem, APictureThatKillsItsDecoderGivesAnErrorAndTheNextIsShown) {
  write("grey.jpg", photo_like_jpeg(60, 40, 1));
  write("photo.jpg", photo_like_jpeg());
  scan_evidence();
  Examiner crashing(options(SAFELIGHT_CRASHING_WORKERS));
  for (int round = 0; round < 2; ++round) {
    const auto grey = open("grey.jpg");
    const auto photo = open("photo.jpg");
    ASSERT_TRUE(grey && photo);
    const auto dead = crashing.rendition(grey->file, grey->picture, {});
    ASSERT_FALSE(dead);
    EXPECT_EQ(dead.error().code, ErrorCode::worker_crashed);
    EXPECT_TRUE(crashing.rendition(photo->file, photo->picture, {}));
  }
}

}  // namespace
}  // namespace safelight::scan
