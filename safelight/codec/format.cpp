#include "safelight/codec/format.h"

#include <algorithm>
#include <array>
#include <string>

namespace safelight::codec {
namespace {

/// What is known of a format. An extension may stand at several formats.
struct FormatInfo {
  Format format;
  std::string_view name;
  std::string_view media_type;
  Handling handling;
  std::string_view extensions;  ///< Usual ones, lower case, separated by spaces.
};

constexpr std::string_view kNoMediaType = "application/octet-stream";

// Executables may be self-extracting archives and hold pictures as resources; audio files hold
// cover pictures; of unknown data nothing can be said. So these count as not opened.
constexpr auto kFormats = std::to_array<FormatInfo>({
    {Format::unknown, "unknown", kNoMediaType, Handling::not_opened, ""},
    {Format::empty, "empty", kNoMediaType, Handling::no_pictures, ""},
    {Format::jpeg, "jpeg", "image/jpeg", Handling::still_worker,
     "jpg jpeg jpe jfif jif mpo jps thm"},
    {Format::png, "png", "image/png", Handling::still_worker, "png apng"},
    {Format::webp, "webp", "image/webp", Handling::still_worker, "webp"},
    {Format::gif, "gif", "image/gif", Handling::still_worker, "gif"},
    {Format::tiff, "tiff", "image/tiff", Handling::still_worker,
     "tif tiff tf8 btf dng cr2 nef nrw arw srf sr2 pef srw dcr kdc erf 3fr fff iiq mef mos gpr "
     "orf"},
    {Format::bmp, "bmp", "image/bmp", Handling::still_worker, "bmp dib rle"},
    {Format::jxl, "jxl", "image/jxl", Handling::still_worker, "jxl"},
    {Format::heif, "heif", "image/heif", Handling::heif_worker, "heic heif hif heics heifs"},
    {Format::avif, "avif", "image/avif", Handling::heif_worker, "avif avifs heif hif"},
    {Format::zip, "zip", "application/zip", Handling::archive_worker,
     "zip zipx docx docm dotx xlsx xlsm xltx pptx pptm ppsx potx vsdx odt ods odp odg odf ott jar "
     "war apk aab ipa xpi epub cbz cbr kmz usdz 3mf aff4 pages numbers key whl nupkg crx"},
    {Format::tar, "tar", "application/x-tar", Handling::archive_worker, "tar cbt gem ova"},
    {Format::gzip, "gzip", "application/gzip", Handling::archive_worker, "gz tgz svgz emz"},
    {Format::bzip2, "bzip2", "application/x-bzip2", Handling::archive_worker, "bz2 tbz2 tbz"},
    {Format::xz, "xz", "application/x-xz", Handling::archive_worker, "xz txz"},
    {Format::zstd, "zstd", "application/zstd", Handling::archive_worker, "zst tzst"},
    {Format::lz4, "lz4", "application/x-lz4", Handling::archive_worker, "lz4"},
    {Format::seven_zip, "seven_zip", "application/x-7z-compressed", Handling::archive_worker,
     "7z cb7"},
    {Format::rar, "rar", "application/vnd.rar", Handling::archive_worker, "rar cbr rev"},
    {Format::psd, "psd", "image/vnd.adobe.photoshop", Handling::not_opened, "psd psb"},
    {Format::jpeg2000, "jpeg2000", "image/jp2", Handling::not_opened,
     "jp2 j2k j2c jpc jpx jpf jpm"},
    {Format::ico, "ico", "image/vnd.microsoft.icon", Handling::not_opened, "ico cur"},
    {Format::raw_photo, "raw_photo", "image/x-dcraw", Handling::not_opened,
     "raf cr3 rw2 rwl orf x3f mrw crw"},
    {Format::video_iso, "video_iso", "video/mp4", Handling::not_opened,
     "mp4 m4v mov qt 3gp 3gpp 3g2 f4v mj2 m4a m4b mp4v insv lrv"},
    {Format::video_matroska, "video_matroska", "video/x-matroska", Handling::not_opened,
     "mkv webm mka mk3d"},
    {Format::video_riff, "video_riff", "video/x-msvideo", Handling::not_opened, "avi divx"},
    {Format::video_mpeg, "video_mpeg", "video/mpeg", Handling::not_opened,
     "mpg mpeg mpe m1v m2v m2p vob ts m2ts mts m2t trp mod tod"},
    {Format::video_flash, "video_flash", "video/x-flv", Handling::not_opened, "flv swf"},
    {Format::video_asf, "video_asf", "video/x-ms-asf", Handling::not_opened, "wmv asf wma"},
    {Format::audio, "audio", kNoMediaType, Handling::not_opened,
     "mp3 mp2 mpga ogg oga ogv ogx opus spx flac wav wave aif aiff aifc mid midi amr aac ape wv au "
     "snd caf m4a m4b m4p mp4"},
    {Format::pdf, "pdf", "application/pdf", Handling::not_opened, "pdf ai"},
    {Format::office, "office", "application/x-ole-storage", Handling::not_opened,
     "doc dot xls xlt ppt pot pps msg vsd pub msi mpp rtf wps db"},
    {Format::mail, "mail", "message/rfc822", Handling::not_opened,
     "eml emlx mbox mbx mht mhtml pst ost"},
    {Format::sqlite, "sqlite", "application/vnd.sqlite3", Handling::not_opened,
     "sqlite sqlite3 sqlitedb db db3"},
    {Format::disk_image, "disk_image", kNoMediaType, Handling::not_opened,
     "e01 ex01 l01 lx01 s01 vmdk vdi vhd vhdx qcow qcow2 aff"},
    {Format::executable, "executable", kNoMediaType, Handling::not_opened,
     "exe dll sys ocx scr cpl drv efi so dylib elf class dex wasm"},
    {Format::text, "text", "text/plain", Handling::no_pictures,
     "txt text md rst csv tsv json jsonl xml html htm xhtml css js mjs svg ini conf yaml yml toml "
     "py c h cc cpp hpp java ts tsx kt cs go rs rb php pl sh bat cmd ps1 sql tex srt vtt ics vcf "
     "ps "
     "eps ai eml mbox mbx mht mhtml key vmdk xls so"},
});

constexpr bool in_order() {
  for (size_t i = 0; i < kFormats.size(); ++i) {
    if (static_cast<size_t>(kFormats[i].format) != i) return false;
  }
  return kFormats.size() == static_cast<size_t>(Format::text) + 1;
}
static_assert(in_order(), "a row for every format, in the order of the enumeration");

const FormatInfo& info(Format format) {
  const auto index = static_cast<size_t>(format);
  return kFormats[index < kFormats.size() ? index : 0];
}

bool lists(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const size_t end = words.find(' ');
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(end == std::string_view::npos ? words.size() : end + 1);
  }
  return false;
}

}  // namespace

Handling handling_of(Format format) { return info(format).handling; }

std::string_view to_text(Format format) { return info(format).name; }

Format format_from_text(std::string_view text) {
  const auto found = std::find_if(kFormats.begin(), kFormats.end(),
                                  [&](const FormatInfo& row) { return row.name == text; });
  return found == kFormats.end() ? Format::unknown : found->format;
}

std::string_view media_type(Format format) { return info(format).media_type; }

bool extension_fits(std::string_view extension, Format format) {
  if (format == Format::empty) return true;
  std::string lower(extension);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (lists(info(format).extensions, lower)) return true;
  return std::none_of(kFormats.begin(), kFormats.end(),
                      [&](const FormatInfo& row) { return lists(row.extensions, lower); });
}

}  // namespace safelight::codec
