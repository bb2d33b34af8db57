#include "safelight/codec/format.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

namespace safelight::codec {
namespace {

using namespace std::string_literals;

Format sniff_text(std::string_view head) { return sniff(std::as_bytes(std::span(head))); }

std::string at(size_t offset, std::string_view bytes, size_t size, char fill = '\0') {
  std::string head(size, fill);
  head.replace(offset, bytes.size(), bytes);
  return head;
}

std::string ftyp(std::string_view major, std::string_view compatible) {
  const auto size = static_cast<char>(16 + compatible.size());
  return "\0\0\0"s + size + "ftyp" + std::string(major) + "\0\0\0\0"s + std::string(compatible) +
         "\0\0\1\0meta"s;
}

/// The header of a tar archive from before POSIX: nothing but the checksum tells.
std::string old_tar() {
  std::string head = at(0, "holiday/beach.jpg", 1024);
  head.replace(148, 8, "        ");
  unsigned sum = 0;
  for (size_t i = 0; i < 512; ++i) sum += static_cast<unsigned char>(head[i]);
  char digits[8];
  std::snprintf(digits, sizeof digits, "%06o", sum);
  head.replace(148, 8, std::string(digits) + "\0 "s);
  return head;
}

std::string partition_table() {
  std::string head(512, '\x5a');
  head.replace(446, 64, std::string(64, '\0'));
  head[446] = '\x80';
  head[450] = 7;
  head[459] = 1;
  head[458] = 1;
  head.replace(510, 2, "\x55\xaa");
  return head;
}

std::string ext4() {
  std::string head(4096, '\0');
  head[1024] = 1;
  head[1028] = 1;
  head.replace(1024 + 56, 2, "\x53\xef");
  return head;
}

std::string bmp(char second_header) {
  return "BM\x46\0\0\0\0\0\0\0\x36\0\0\0"s + second_header + "\0\0\0"s;
}

std::string windows_program() {
  std::string head = at(0, "MZ", 256);
  head[60] = '\x80';
  return head.replace(128, 4, "PE\0\0"s);
}

std::string packets(size_t first, size_t step) {
  std::string head(first + 2 * step + 1, '\x01');
  for (size_t i = 0; i < 3; ++i) head[first + i * step] = 0x47;
  return head;
}

struct Sample {
  const char* what;
  std::string head;
  Format format;
};

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = {
      {"noise", "\x01\x9c\xee\x03\x02\xf3\x11\x90\xab"s, Format::unknown},
      {"zeros", std::string(4096, '\0'), Format::unknown},
      {"nothing", "", Format::empty},
      {"JFIF", "\xff\xd8\xff\xe0\0\x10JFIF"s, Format::jpeg},
      {"PNG", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"s, Format::png},
      {"WebP", "RIFF\x10\0\0\0WEBPVP8 "s, Format::webp},
      {"GIF87a", "GIF87a\1\0\1\0"s, Format::gif},
      {"GIF89a", "GIF89a\1\0\1\0"s, Format::gif},
      {"TIFF, little-endian", "II*\0\x08\0\0\0"s, Format::tiff},
      {"TIFF, big-endian", "MM\0*\0\0\0\x08"s, Format::tiff},
      {"BigTIFF, little-endian", "II+\0\x08\0\0\0\x10"s, Format::tiff},
      {"BigTIFF, big-endian", "MM\0+\0\x08\0\0\0"s, Format::tiff},
      {"BMP of Windows 3", bmp(40), Format::bmp},
      {"BMP of OS/2", bmp(12), Format::bmp},
      {"BMP of Windows 98", bmp(124), Format::bmp},
      {"JPEG XL codestream", "\xff\x0a\xfa\x1f\x01"s, Format::jxl},
      {"JPEG XL container", "\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14"s, Format::jxl},
      {"HEIC", ftyp("heic", "mif1heic"), Format::heif},
      {"HEIC of ten bits", ftyp("heix", ""), Format::heif},
      {"HEIC sequence", ftyp("hevc", "msf1"), Format::heif},
      {"HEIF of any codec", ftyp("mif1", "mif1miaf"), Format::heif},
      {"HEIF sequence of any codec", ftyp("msf1", ""), Format::heif},
      {"HEIC by a compatible brand", ftyp("ABCD", "mif1heic"), Format::heif},
      {"AVIF", ftyp("avif", "mif1miafMA1B"), Format::avif},
      {"AVIF sequence", ftyp("avis", "msf1"), Format::avif},
      {"AVIF by a compatible brand", ftyp("mif1", "miafavif"), Format::avif},
      {"zip", "PK\3\4\x14\0"s, Format::zip},
      {"empty zip", "PK\5\6"s + std::string(18, '\0'), Format::zip},
      {"split zip", "PK\7\x08PK\3\4"s, Format::zip},
      {"tar, POSIX", at(257, "ustar\0"s + "00", 512, 'a'), Format::tar},
      {"tar, GNU", at(257, "ustar  \0"s, 512, 'a'), Format::tar},
      {"tar, before POSIX", old_tar(), Format::tar},
      {"gzip", "\x1f\x8b\x08\0\0\0"s, Format::gzip},
      {"bzip2", "BZh91AY&SY"s, Format::bzip2},
      {"bzip2 of nothing", "BZh9\x17\x72\x45\x38\x50\x90"s, Format::bzip2},
      {"xz", "\xfd\x37zXZ\0\0\4"s, Format::xz},
      {"zstd", "\x28\xb5\x2f\xfd\x04"s, Format::zstd},
      {"zstd, skippable frame first", "\x50\x2a\x4d\x18\1\0\0\0x\x28\xb5\x2f\xfd"s, Format::zstd},
      {"lz4", "\x04\x22\x4d\x18\x64"s, Format::lz4},
      {"lz4, skippable frame first", "\x5f\x2a\x4d\x18\1\0\0\0x\x04\x22\x4d\x18"s, Format::lz4},
      {"7z", "7z\xbc\xaf\x27\x1c\0\4"s, Format::seven_zip},
      {"rar 4", "Rar!\x1a\x07\0\xcf"s, Format::rar},
      {"rar 5", "Rar!\x1a\x07\1\0"s, Format::rar},
      {"Photoshop", "8BPS\0\1"s, Format::psd},
      {"JPEG 2000 file", "\0\0\0\x0cjP  \r\n\x87\n"s, Format::jpeg2000},
      {"JPEG 2000 codestream", "\xff\x4f\xff\x51\0"s, Format::jpeg2000},
      {"icon", "\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0\x68\4\0\0\x16\0\0\0"s, Format::ico},
      {"Fujifilm", "FUJIFILMCCD-RAW 0201"s, Format::raw_photo},
      {"Canon CR3", ftyp("crx ", "crx isom"), Format::raw_photo},
      {"Canon CRW", "II\x1a\0\0\0HEAPCCDR"s, Format::raw_photo},
      {"Panasonic", "IIU\0\x18\0\0\0"s, Format::raw_photo},
      {"Olympus", "IIRO\x08\0\0\0"s, Format::raw_photo},
      {"MP4", ftyp("mp42", "isommp42"), Format::video_iso},
      {"MP4 that lists a picture brand", ftyp("isom", "mif1heic"), Format::video_iso},
      {"QuickTime", ftyp("qt  ", ""), Format::video_iso},
      {"3GP", ftyp("3gp5", ""), Format::video_iso},
      {"QuickTime without a brand", "\0\0\1\0moov\0\0\0\x6cmvhd"s, Format::video_iso},
      {"Matroska", "\x1a\x45\xdf\xa3\x93"s, Format::video_matroska},
      {"AVI", "RIFF\x10\0\0\0AVI LIST"s, Format::video_riff},
      {"MPEG program stream", "\0\0\1\xba\x44"s, Format::video_mpeg},
      {"MPEG transport stream", packets(0, 188), Format::video_mpeg},
      {"AVCHD", packets(4, 192), Format::video_mpeg},
      {"Flash video", "FLV\1\5\0\0\0\x09"s, Format::video_flash},
      {"Shockwave", "CWS\x0a\0\1\0\0\x78"s, Format::video_flash},
      {"Windows Media", "\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0\x62\xce\x6c"s,
       Format::video_asf},
      {"WAVE", "RIFF\x10\0\0\0WAVEfmt "s, Format::audio},
      {"MP3 with a tag", "ID3\3\0\0\0\0"s, Format::audio},
      {"MP3", "\xff\xfb\x90\x64\0"s, Format::audio},
      {"AAC", "\xff\xf1\x50\x80\0"s, Format::audio},
      {"Ogg", "OggS\0\2"s, Format::audio},
      {"FLAC", "fLaC\0\0\0\x22"s, Format::audio},
      {"AIFF", "FORM\0\0\1\0AIFFCOMM"s, Format::audio},
      {"iTunes audio", ftyp("M4A ", "M4A mp42"), Format::audio},
      {"PDF", "%PDF-1.7\n", Format::pdf},
      {"PDF after other lines", "\x01junk\r\n%PDF-1.4\r\n", Format::pdf},
      {"Word", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0"s, Format::office},
      {"RTF", "{\\rtf1\\ansi", Format::office},
      {"message", "Return-Path: <a@example.org>\r\nReceived: from x\r\n by y\r\nSubject: z\r\n",
       Format::mail},
      {"mailbox", "From a@example.org Mon Jan  1 00:00:00 2024\nFrom: a\nTo: b\n\nHello",
       Format::mail},
      {"Outlook", "!BDN\1\2\3\4"s, Format::mail},
      {"SQLite", "SQLite format 3\0\x10"s, Format::sqlite},
      {"EnCase", "EVF\x09\r\n\xff\0\1"s, Format::disk_image},
      {"qcow", "QFI\xfb\0\0\0\2"s, Format::disk_image},
      {"VMDK", "KDMV\1\0\0\0"s, Format::disk_image},
      {"VDI", at(64, "\x7f\x10\xda\xbe", 72), Format::disk_image},
      {"VHDX", "vhdxfile", Format::disk_image},
      {"disk with partitions", partition_table(), Format::disk_image},
      {"NTFS volume", at(0, "\xeb\x52\x90NTFS    ", 512), Format::disk_image},
      {"FAT volume", at(82, "FAT32   ", 512), Format::disk_image},
      {"ext4 volume", ext4(), Format::disk_image},
      {"ELF", "\x7f\x45LF\2\1\1"s, Format::executable},
      {"Windows program", windows_program(), Format::executable},
      {"Mach-O", "\xcf\xfa\xed\xfe\7"s, Format::executable},
      {"Mach-O for two processors", "\xca\xfe\xba\xbe\0\0\0\2"s, Format::executable},
      {"plain words", "Dear all,\n\tthe beach was nice.\n", Format::text},
      {"words that begin as BMP does", "BMW drivers of the world", Format::text},
      {"words that begin as a program does", "MZ stands for Mark Zbikowski, who wrote it.",
       Format::text},
      {"UTF-8", "Stra\xc3\x9f\x65 und Gr\xc3\xbc\xc3\x9f\x65", Format::text},
      {"UTF-8 with a mark", "\xef\xbb\xbfhello", Format::text},
      {"UTF-16, little-endian", "\xff\xfeh\0i\0"s, Format::text},
      {"UTF-16, big-endian", "\xfe\xff\0h\0i"s, Format::text},
      {"Latin-1", "Gr\xfc\xdf\x65 aus der Stadt", Format::text},
      {"drawing", "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>",
       Format::text},
  };
  return all;
}

TEST(Sniff, TellsEveryFormatByItsContent) {
  for (const Sample& sample : samples()) {
    EXPECT_EQ(to_text(sniff_text(sample.head)), to_text(sample.format)) << sample.what;
  }
}

TEST(Sniff, HasASampleOfEveryFormatInThisTest) {
  std::set<Format> seen;
  for (const Sample& sample : samples()) seen.insert(sample.format);
  EXPECT_EQ(seen.size(), static_cast<size_t>(Format::text) + 1);
}

TEST(Sniff, FindsTheSameFormatWhateverFollows) {
  for (const Sample& sample : samples()) {
    if (sample.format == Format::empty || sample.format == Format::text ||
        sample.format == Format::mail || sample.format == Format::unknown)
      continue;
    std::string longer = sample.head;
    longer.append(8192, '\xa7');
    EXPECT_EQ(to_text(sniff_text(longer)), to_text(sample.format)) << sample.what;
  }
}

TEST(Sniff, LooksAtNothingPastItsBound) {
  std::string head(kSniffBytes, 'a');
  EXPECT_EQ(sniff_text(head + "\1\2\3"), Format::text);
  head.back() = '\1';
  EXPECT_EQ(sniff_text(head), Format::unknown);
}

TEST(Sniff, NamesNothingElseForATruncatedSample) {
  // Of a shorter head it may know less, or read plain characters as text, but it never takes one
  // kind of picture or archive for another.
  const std::set<Format> less = {Format::unknown, Format::empty, Format::text, Format::video_iso,
                                 Format::heif,    Format::zstd,  Format::mail};
  for (const Sample& sample : samples()) {
    for (size_t size = 0; size < sample.head.size(); ++size) {
      const Format format = sniff_text(std::string_view(sample.head).substr(0, size));
      EXPECT_TRUE(format == sample.format || less.contains(format))
          << sample.what << " cut at " << size << " became " << to_text(format);
    }
  }
}

TEST(Sniff, RefusesABrokenTarChecksum) {
  std::string head = old_tar();
  ASSERT_EQ(sniff_text(head), Format::tar);
  head[0] = 'H';
  EXPECT_EQ(sniff_text(head), Format::unknown);
}

TEST(Sniff, RefusesAnAudioFrameWithReservedFields) {
  EXPECT_EQ(sniff_text("\xff\xfb\xf0\x64\0\1"s), Format::unknown);  // bit rate 15
  EXPECT_EQ(sniff_text("\xff\xfb\x9c\x64\0\1"s), Format::unknown);  // sampling 3
  EXPECT_EQ(sniff_text("\xff\xeb\x90\x64\0\1"s), Format::unknown);  // version 1
}

TEST(Sniff, DoesNotTakeControlBytesForText) {
  EXPECT_EQ(sniff_text("hello\1world"), Format::unknown);
  EXPECT_EQ(sniff_text("\xff\xfeh\0\1\0"s), Format::unknown);
  EXPECT_EQ(sniff_text("\x9c\x9d\xfe\xa7xyz"), Format::unknown);  // mostly not ASCII, not UTF-8
}

TEST(Sniff, WantsTwoHeaderLinesForMail) {
  EXPECT_EQ(sniff_text("Subject: one field is a note\n"), Format::text);
  EXPECT_EQ(sniff_text("note: a\nbene: b\nto be: c\n"), Format::text);
  EXPECT_EQ(sniff_text("SUBJECT: a\nX-Odd: b\nDATE: c\n"), Format::mail);
}

TEST(Format, EveryFormatHasANameOfItsOwnAndAMediaType) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Format::text); ++i) {
    const auto format = static_cast<Format>(i);
    EXPECT_TRUE(names.insert(to_text(format)).second) << to_text(format);
    EXPECT_NE(media_type(format).find('/'), std::string_view::npos);
  }
  EXPECT_EQ(to_text(Format::seven_zip), "seven_zip");
  EXPECT_EQ(media_type(Format::jpeg), "image/jpeg");
  EXPECT_EQ(media_type(Format::unknown), "application/octet-stream");
}

TEST(Format, EveryNameReadsBack) {
  for (int i = 0; i <= static_cast<int>(Format::text); ++i) {
    EXPECT_EQ(format_from_text(to_text(static_cast<Format>(i))), static_cast<Format>(i));
  }
  EXPECT_EQ(format_from_text("no such format"), Format::unknown);
}

TEST(Format, HandlingSaysWhoOpensIt) {
  for (const Format format : {Format::jpeg, Format::png, Format::webp, Format::gif, Format::tiff,
                              Format::bmp, Format::jxl}) {
    EXPECT_EQ(handling_of(format), Handling::still_worker) << to_text(format);
  }
  for (const Format format : {Format::heif, Format::avif}) {
    EXPECT_EQ(handling_of(format), Handling::heif_worker) << to_text(format);
  }
  for (const Format format : {Format::zip, Format::tar, Format::gzip, Format::bzip2, Format::xz,
                              Format::zstd, Format::lz4, Format::seven_zip, Format::rar}) {
    EXPECT_EQ(handling_of(format), Handling::archive_worker) << to_text(format);
  }
  for (const Format format : {Format::empty, Format::text}) {
    EXPECT_EQ(handling_of(format), Handling::no_pictures) << to_text(format);
  }
  for (const Format format : {Format::unknown, Format::pdf, Format::office, Format::mail,
                              Format::executable, Format::video_iso, Format::audio}) {
    EXPECT_EQ(handling_of(format), Handling::not_opened) << to_text(format);
  }
}

TEST(Extension, FitsItsOwnFormatInAnyCase) {
  EXPECT_TRUE(extension_fits("jpg", Format::jpeg));
  EXPECT_TRUE(extension_fits("JPEG", Format::jpeg));
  EXPECT_TRUE(extension_fits("DocX", Format::zip));
  EXPECT_TRUE(extension_fits("nef", Format::tiff));
  EXPECT_TRUE(extension_fits("orf", Format::tiff));
  EXPECT_TRUE(extension_fits("orf", Format::raw_photo));
}

TEST(Extension, ThatBelongsToAnotherFormatDoesNotFit) {
  EXPECT_FALSE(extension_fits("jpg", Format::png));
  EXPECT_FALSE(extension_fits("txt", Format::zip));
  EXPECT_FALSE(extension_fits("jpg", Format::unknown));
  EXPECT_FALSE(extension_fits("heic", Format::jpeg));
}

TEST(Extension, ThatNobodyKnowsFitsEverything) {
  for (int i = 0; i <= static_cast<int>(Format::text); ++i) {
    EXPECT_TRUE(extension_fits("", static_cast<Format>(i)));
    EXPECT_TRUE(extension_fits("xyzzy", static_cast<Format>(i)));
    EXPECT_TRUE(extension_fits("jpg png", static_cast<Format>(i)));
  }
  EXPECT_TRUE(extension_fits("jpg", Format::empty));
}

}  // namespace
}  // namespace safelight::codec
