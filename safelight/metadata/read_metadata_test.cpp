#include "safelight/metadata/read_metadata.h"

#include <gtest/gtest.h>

#include "safelight/metadata/bytes_for_test.h"
#include "safelight/metadata/exif/exif_for_test.h"
#include "safelight/metadata/xmp/xmp_names.h"

namespace safelight::metadata {
namespace {

using namespace std::string_literals;

Metadata read(std::string_view file, const MetadataLimits& limits = {}) {
  return read_metadata(bytes_of(file), limits);
}

std::string packet(const std::string& tool, const std::string& more = "") {
  return "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\""
         "http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\""
         " xmlns:note=\"http://ns.adobe.com/xmp/note/\"><rdf:Description xmp:CreatorTool=\"" +
         tool + "\"" + more + "/></rdf:RDF></x:xmpmeta>";
}
std::string small_exif() {
  TestExif exif;
  exif.main = {exif.text(0x010f, "Maker")};
  return exif.build();
}
std::string credit(const std::string& who) { return "\x1c\2\x6e" + be(who.size(), 2) + who; }

const std::string kExifStart = "Exif\0\0"s;
const std::string kXmpStart = "http://ns.adobe.com/xap/1.0/\0"s;
const std::string kExtensionStart = "http://ns.adobe.com/xmp/extension/\0"s;

/// One EXIF structure by Maker, in place, and one XMP packet by Tool.
void expect_both(const std::string& file, Container container, bool direct = true) {
  const Metadata out = read(file);
  EXPECT_EQ(out.container, container);
  EXPECT_TRUE(out.damage.empty()) << out.damage[0].rule;
  ASSERT_EQ(out.exif.size(), 1u);
  EXPECT_EQ(out.exif[0].exif.text(ExifTag::make), "Maker");
  EXPECT_EQ(out.exif[0].place.direct, direct);
  if (direct) {
    const ExifText* make = out.exif[0].exif.find(ExifTag::make);
    EXPECT_EQ(text_at(bytes_of(file), make->place), "Maker\0"s);
  }
  ASSERT_EQ(out.xmp.size(), 1u);
  EXPECT_EQ(out.xmp[0].xmp.value(kCreatorTool), "Tool");
  EXPECT_EQ(out.xmp[0].place.direct, direct);
  if (direct) {
    EXPECT_EQ(text_at(bytes_of(file), out.xmp[0].place.range), packet("Tool"));
    const auto& property = out.xmp[0].xmp.properties.at(0);
    EXPECT_TRUE(file.substr(property.offset_bytes).starts_with("<rdf:Description"));
  }
  EXPECT_FALSE(out.trailing_offset_bytes);
}

TEST(ReadMetadata, OfJpeg) {
  expect_both(jpeg_file(jpeg_segment(0xe1, kExifStart + small_exif()) +
                        jpeg_segment(0xe1, kXmpStart + packet("Tool"))),
              Container::jpeg);
}

TEST(ReadMetadata, OfJpegCommentsAndIptc) {
  const std::string file = jpeg_file(
      jpeg_segment(0xfe, "note") +
      jpeg_segment(0xed, "Photoshop 3.0\0"s + photoshop_resource(0x0404, credit("Agency"))));
  const Metadata out = read(file + "trailing");
  ASSERT_EQ(out.comments.size(), 1u);
  EXPECT_EQ(out.comments[0].text, "note");
  EXPECT_EQ(out.comments[0].place, (ByteRange{6, 4}));
  ASSERT_EQ(out.iim.size(), 1u);
  EXPECT_EQ(out.iim[0].iim.value(kIimCredit), "Agency");
  EXPECT_EQ(text_at(bytes_of(file), out.iim[0].iim.datasets[0].place), "Agency");
  EXPECT_EQ(out.trailing_offset_bytes, file.size());
}

TEST(ReadMetadata, JoinsPhotoshopSegments) {
  const std::string resource = photoshop_resource(0x0404, credit("Agency"));
  const Metadata out =
      read(jpeg_file(jpeg_segment(0xed, "Photoshop 3.0\0"s + resource.substr(0, 20)) +
                     jpeg_segment(0xed, "Photoshop 3.0\0"s + resource.substr(20))));
  EXPECT_TRUE(out.damage.empty());
  ASSERT_EQ(out.iim.size(), 1u);
  EXPECT_FALSE(out.iim[0].place.direct);
  EXPECT_EQ(out.iim[0].iim.value(kIimCredit), "Agency");
}

TEST(ReadMetadata, TellsWhetherExtendedXmpBelongsToTheMainPacket) {
  const std::string rest = packet("Rest");
  const auto file_with = [&](const std::string& named, const std::string& guid) {
    return jpeg_file(
        jpeg_segment(0xe1, kXmpStart + packet("Tool", " note:HasExtendedXMP=\"" + named + "\"")) +
        jpeg_segment(0xe1, kExtensionStart + guid + be(rest.size(), 4) + be(0, 4) + rest));
  };
  const auto kind = [&](const std::string& named, const std::string& guid) {
    const Metadata out = read(file_with(named, guid));
    EXPECT_EQ(out.xmp.at(1).xmp.value(kCreatorTool), "Rest");
    return out.xmp.at(1).kind;
  };
  const std::string fits = "1C365C840B9E459464A5827D7ADCCD69";  // the MD5 of `rest`
  const std::string other(32, 'A');
  EXPECT_EQ(kind(fits, fits), XmpBlock::Kind::extended);
  EXPECT_EQ(kind(other, fits), XmpBlock::Kind::unannounced);
  EXPECT_EQ(kind(other, other), XmpBlock::Kind::wrong_digest);
}

TEST(ReadMetadata, OfPng) {
  expect_both(png_file(png_chunk("eXIf", small_exif()) +
                       png_chunk("iTXt", "XML:com.adobe.xmp\0\0\0\0\0"s + packet("Tool"))),
              Container::png);
}

TEST(ReadMetadata, OfPngWithRawProfiles) {
  const auto profile = [](const std::string& name, const std::string& bytes) {
    std::string hex;
    for (const char c : bytes) {
      hex += "0123456789abcdef"[static_cast<uint8_t>(c) >> 4];
      hex += "0123456789abcdef"[c & 15];
    }
    return png_chunk("zTXt", "Raw profile type " + name + "\0\0"s +
                                 deflated("\n" + name + "\n  " + std::to_string(bytes.size()) +
                                          "\n" + hex + "\n"));
  };
  expect_both(png_file(profile("exif", kExifStart + small_exif()) + profile("xmp", packet("Tool"))),
              Container::png, false);
  expect_both(png_file(profile("APP1", kExifStart + small_exif()) +
                       profile("APP1", kXmpStart + packet("Tool"))),
              Container::png, false);
  const Metadata out =
      read(png_file(profile("iptc", photoshop_resource(0x0404, credit("Agency")))));
  EXPECT_EQ(out.iim.at(0).iim.value(kIimCredit), "Agency");
}

TEST(ReadMetadata, OfPngTextsEvenThoseWhoseChecksumDoesNotFit) {
  std::string file = png_file(png_chunk("tEXt", "parameters\0Steps: 20"s));
  file[file.size() - 13] ^= 1;  // the checksum before IEND
  const Metadata out = read(file);
  ASSERT_EQ(out.texts.size(), 1u);
  EXPECT_EQ(out.texts[0].keyword, "parameters");
  EXPECT_EQ(out.texts[0].text, "Steps: 20");
  EXPECT_FALSE(out.texts[0].checksum_fits);
  EXPECT_EQ(out.damage.at(0), Error::at(ErrorCode::integrity_mismatch, "png.chunk-crc", 33));
}

TEST(ReadMetadata, OfWebp) {
  expect_both(
      riff_file("WEBP", riff_chunk("EXIF", small_exif()) + riff_chunk("XMP ", packet("Tool"))),
      Container::riff);
  expect_both(riff_file("WEBP", riff_chunk("EXIF", kExifStart + small_exif()) +
                                    riff_chunk("XMP ", packet("Tool"))),
              Container::riff);
}

TEST(ReadMetadata, OfRiffInfo) {
  const Metadata out =
      read(riff_file("AVI ", riff_chunk("LIST", "INFO" + riff_chunk("ISFT", "Lavf58\0\0"s))));
  ASSERT_EQ(out.texts.size(), 1u);
  EXPECT_EQ(out.texts[0].keyword, "ISFT");
  EXPECT_EQ(out.texts[0].text, "Lavf58");
}

TEST(ReadMetadata, OfGif) {
  std::string trailer = "\1";
  for (int i = 255; i >= 0; --i) trailer += static_cast<char>(i);
  const std::string raw = "\x0bXMP DataXMP" + packet("Tool") + trailer + '\0';
  const std::string file = gif_file(gif_extension(0xfe, gif_sub_blocks(std::string(300, 'n'))) +
                                    gif_extension(0xff, raw));
  const Metadata out = read(file);
  EXPECT_TRUE(out.damage.empty());
  EXPECT_EQ(out.comments.at(0).text, std::string(300, 'n'));
  ASSERT_EQ(out.xmp.size(), 1u);
  EXPECT_TRUE(out.xmp[0].place.direct);
  EXPECT_EQ(text_at(bytes_of(file), out.xmp[0].place.range), packet("Tool"));

  const Metadata other =
      read(gif_file(gif_extension(0xff, "\x0bXMP DataXMP" + gif_sub_blocks(packet("Tool")))));
  EXPECT_EQ(other.xmp.at(0).xmp.value(kCreatorTool), "Tool");
  EXPECT_FALSE(other.xmp.at(0).place.direct);
}

TEST(ReadMetadata, OfTiff) {
  TestExif exif;
  exif.main = {exif.text(0x010f, "Maker"), exif.bytes(700, packet("Tool")),
               exif.bytes(33723, credit("Agency")),
               exif.bytes(34377, photoshop_resource(0x0404, credit("Other")))};
  const std::string file = exif.build();
  expect_both(file, Container::tiff);
  const Metadata out = read(file);
  ASSERT_EQ(out.iim.size(), 2u);
  EXPECT_EQ(out.iim[0].iim.value(kIimCredit), "Agency");
  EXPECT_EQ(out.iim[1].iim.value(kIimCredit), "Other");
}

TEST(ReadMetadata, OfHeif) {
  const std::string exif = be(6, 4) + kExifStart + small_exif();
  const std::string xmp = packet("Tool");
  const auto infe = [](int id, const std::string& type) {
    return full_box("infe", 2, be(id, 2) + be(0, 2) + type + '\0');
  };
  const auto located = [&](size_t at) {
    return full_box(
        "meta", 0,
        full_box("iinf", 0, be(2, 2) + infe(1, "Exif") + infe(2, "mime\0application/rdf+xml"s)) +
            full_box("iloc", 0,
                     be(0x4400, 2) + be(2, 2) + be(1, 2) + be(0, 2) + be(1, 2) + be(at, 4) +
                         be(exif.size(), 4) + be(2, 2) + be(0, 2) + be(1, 2) +
                         be(at + exif.size(), 4) + be(xmp.size(), 4)));
  };
  const std::string start = box("ftyp", "heic");
  const size_t at = start.size() + located(0).size() + 8;
  expect_both(start + located(at) + box("mdat", exif + xmp), Container::bmff);
}

TEST(ReadMetadata, OfFilmsAndJpegXl) {
  const std::string uuid =
      "\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac" + packet("Tool");
  EXPECT_EQ(read(box("ftyp", "mp42") + box("uuid", uuid)).xmp.at(0).xmp.value(kCreatorTool),
            "Tool");
  EXPECT_EQ(read(box("ftyp", "qt  ") + box("moov", box("udta", box("XMP_", packet("Tool")))))
                .xmp.at(0)
                .xmp.value(kCreatorTool),
            "Tool");
  const std::string jxl = box("JXL ", "\r\n\x87\n") + box("ftyp", "jxl ");
  expect_both(jxl + box("Exif", be(0, 4) + small_exif()) + box("xml ", packet("Tool")),
              Container::jpeg_xl);
  EXPECT_EQ(read(jxl + box("brob", "Exif")).damage.at(0).rule, "jxl.brob");
}

/// A JUMBF superbox whose content is of this kind.
std::string jumbf(const std::string& kind) {
  return box("jumb", box("jumd", kind + std::string(12, '\0') + "\3c2pa\0"s));
}
const std::string kJpegJumbf = "JP\0\1\0\0\0\1"s;
const std::string kC2paBox =
    "\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81\0\0\0\0manifest\0"s;

TEST(ReadMetadata, TellsThatAContainerHoldsAManifestStore) {
  TestExif tiff;
  tiff.main = {tiff.text(0x010f, "Maker")};
  tiff.second = {tiff.bytes(0xcd41, jumbf("c2pa"))};
  const std::string jxl = box("JXL ", "\r\n\x87\n") + box("ftyp", "jxl ");
  for (const std::string& file :
       {jpeg_file(jpeg_segment(0xeb, kJpegJumbf + jumbf("c2pa"))),
        png_file(png_chunk("IDAT", "data") + png_chunk("caBX", jumbf("c2pa"))),
        riff_file("WEBP", riff_chunk("VP8 ", "data") + riff_chunk("C2PA", jumbf("c2pa"))),
        gif_file(gif_extension(0xff,
                               "\x0b"
                               "C2PA_GIF\1\0\0"s +
                                   gif_sub_blocks(jumbf("c2pa")))),
        tiff.build(), box("ftyp", "heic") + box("uuid", kC2paBox), jxl + jumbf("c2pa")}) {
    EXPECT_TRUE(read(file).content_credentials) << to_text(container_of(bytes_of(file)));
  }
}

TEST(ReadMetadata, TakesNothingElseForAManifestStore) {
  const std::string jxl = box("JXL ", "\r\n\x87\n") + box("ftyp", "jxl ");
  for (const std::string& file :
       {jpeg_file(jpeg_segment(0xeb, kJpegJumbf + jumbf("json"))),
        jpeg_file(jpeg_segment(0xe1, kJpegJumbf + jumbf("c2pa"))),
        jpeg_file("") + jpeg_segment(0xeb, kJpegJumbf + jumbf("c2pa")),
        png_file(png_chunk("tEXt", "caBX\0jumb"s)) + png_chunk("caBX", jumbf("c2pa")),
        riff_file("WEBP", riff_chunk("VP8 ", riff_chunk("C2PA", jumbf("c2pa")))),
        gif_file(gif_extension(0xff,
                               "\x0b"
                               "C2PA_GIF\2\0\0"s +
                                   gif_sub_blocks(jumbf("c2pa")))),
        small_exif(), box("ftyp", "heic") + box("mdat", box("uuid", kC2paBox)),
        box("ftyp", "heic") + box("uuid", std::string(40, 'u')), jxl + jumbf("json")}) {
    EXPECT_FALSE(read(file).content_credentials) << to_text(container_of(bytes_of(file)));
  }
  const std::string whole = jpeg_file(jpeg_segment(0xeb, kJpegJumbf + jumbf("c2pa")));
  for (size_t size = 3; size < whole.size(); ++size) {
    const Metadata out = read(whole.substr(0, size));
    EXPECT_TRUE(out.content_credentials || !out.damage.empty()) << size;
  }
}

TEST(ReadMetadata, TellsWhereXmpSaysThatAManifestIsKept) {
  const auto url = [](const std::string& value) {
    return std::string(manifest_url(read(jpeg_file(jpeg_segment(
        0xe1, kXmpStart + packet("Tool", " xmlns:dcterms=\"http://purl.org/dc/terms/\"" +
                                             (value.empty()
                                                  ? value
                                                  : " dcterms:provenance=\"" + value + "\"")))))));
  };
  EXPECT_EQ(url("https://example.org/1.c2pa"), "https://example.org/1.c2pa");
  EXPECT_EQ(url("self#jumbf=/c2pa/urn:1"), "");
  EXPECT_EQ(url(""), "");
}

TEST(ReadMetadata, TakesNothingThatOnlyLooksLikeMetadata) {
  const std::string looks = kExifStart + small_exif() + kXmpStart + packet("Tool") +
                            png_chunk("tEXt", "parameters\0Steps: 20"s);
  for (const std::string& file :
       {looks, jpeg_file("") + looks, jpeg_file("", looks), png_file("") + looks,
        png_file(png_chunk("IDAT", looks)), riff_file("WEBP", riff_chunk("VP8 ", looks)),
        box("ftyp", "") + box("mdat", looks)}) {
    const Metadata out = read(file);
    EXPECT_TRUE(out.exif.empty() && out.xmp.empty() && out.texts.empty());
  }
}

TEST(ReadMetadata, StandsEveryTruncation) {
  const std::string file =
      jpeg_file(jpeg_segment(0xe1, kExifStart + small_exif()) +
                jpeg_segment(0xe1, kXmpStart + packet("Tool")) + jpeg_segment(0xfe, "note"));
  for (size_t size = 3; size < file.size(); ++size) {
    const Metadata out = read(file.substr(0, size));
    EXPECT_FALSE(out.damage.empty()) << size;
    EXPECT_EQ(out.exif.size(), size >= 6 + 6 + small_exif().size() ? 1 : 0) << size;
  }
}

TEST(ReadMetadata, StopsAtTheLimitOfBlocks) {
  const std::string file = jpeg_file(jpeg_segment(0xfe, "a") + jpeg_segment(0xfe, "b"));
  const Metadata out = read(file, {.max_blocks = 1});
  EXPECT_EQ(out.comments.size(), 1u);
  EXPECT_EQ(out.damage.at(0), Error::at(ErrorCode::limit_exceeded, "max_blocks", 11));
}

TEST(ReadMetadata, AllTextsTogetherStayWithinTheirLimit) {
  std::string segments;
  for (int i = 0; i < 50; ++i) segments += jpeg_segment(0xfe, std::string(1000, 'c'));
  const Metadata out = read(jpeg_file(segments), {.max_text_bytes = 2500});
  size_t kept = 0;
  for (const Comment& comment : out.comments) kept += comment.text.size();
  EXPECT_EQ(kept, 2500u);
  EXPECT_EQ(out.damage.at(0).rule, "max_text_bytes");
}

}  // namespace
}  // namespace safelight::metadata
