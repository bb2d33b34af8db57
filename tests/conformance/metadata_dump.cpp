/// Prints what read_metadata() says of each file named, one JSON object a line, for the tests that
/// hold it against other programs.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "safelight/base/json_writer.h"
#include "safelight/metadata/read_metadata.h"

using namespace safelight;
using namespace safelight::metadata;

namespace {

void decimal(JsonWriter& out, std::string_view name, const std::optional<double>& value) {
  if (!value) return;
  char text[64];
  std::snprintf(text, sizeof text, "%.9f", *value);
  out.field(name, text);
}
void rational(JsonWriter& out, std::string_view name, const std::optional<Rational>& value) {
  if (!value) return;
  out.field(name, std::to_string(value->numerator) + "/" + std::to_string(value->denominator));
}
void range(JsonWriter& out, std::string_view name, ByteRange value) {
  out.key(name).begin_array().number(value.offset_bytes).number(value.length_bytes).end_array();
}
void time(JsonWriter& out, std::string_view name, const ExifTime& value) {
  out.key(name).begin_array().string(value.text).string(value.sub_seconds).string(value.offset);
  out.boolean(value.well_formed).end_array();
}

void dump(JsonWriter& out, const Exif& exif) {
  out.begin_object().key("texts").begin_array();
  for (const ExifText& text : exif.texts) {
    out.begin_array().number(static_cast<uint16_t>(text.tag)).string(text.text).end_array();
  }
  out.end_array();
  time(out, "modified", exif.modified);
  time(out, "original", exif.original);
  time(out, "digitized", exif.digitized);
  if (exif.gps) {
    out.key("gps").begin_object();
    decimal(out, "latitude", exif.gps->latitude);
    decimal(out, "longitude", exif.gps->longitude);
    decimal(out, "altitude", exif.gps->altitude_m);
    decimal(out, "seconds", exif.gps->seconds_of_day);
    out.field("date", exif.gps->date).end_object();
  }
  out.field("orientation", exif.orientation);
  out.field("width", exif.pixel_width).field("height", exif.pixel_height);
  rational(out, "exposure", exif.exposure_time_s);
  rational(out, "f_number", exif.f_number);
  rational(out, "focal_length", exif.focal_length_mm);
  out.field("focal_length_35", exif.focal_length_35mm).field("iso", exif.iso);
  if (exif.user_comment.charset != CommentCharset::none) {
    out.field("comment", exif.user_comment.text);
    out.field("comment_charset", static_cast<int>(exif.user_comment.charset));
  }
  range(out, "thumbnail", exif.thumbnail);
  range(out, "maker_note", exif.maker_note.place);
  out.field("vendor", exif.maker_note.vendor);
  out.field("content_identifier", exif.maker_note.content_identifier).end_object();
}

void dump(JsonWriter& out, const Metadata& metadata) {
  out.key("exif").begin_array();
  for (const ExifBlock& block : metadata.exif) dump(out, block.exif);
  out.end_array().key("xmp").begin_array();
  for (const XmpBlock& block : metadata.xmp) {
    out.begin_object().field("kind", static_cast<int>(block.kind));
    out.field("toolkit", block.xmp.toolkit).key("properties").begin_array();
    for (const XmpProperty& property : block.xmp.properties) {
      out.begin_array().string(property.ns).string(property.name).string(property.path);
      out.string(property.value).end_array();
    }
    out.end_array().end_object();
  }
  out.end_array().key("iim").begin_array();
  for (const IimBlock& block : metadata.iim) {
    for (const IimDataset& dataset : block.iim.datasets) {
      out.begin_array().number(dataset.field.record).number(dataset.field.dataset);
      out.string(dataset.value).end_array();
    }
  }
  out.end_array().key("texts").begin_array();
  for (const TextEntry& entry : metadata.texts) {
    out.begin_array().string(entry.keyword).string(entry.text).end_array();
  }
  out.end_array().key("comments").begin_array();
  for (const Comment& comment : metadata.comments) out.string(comment.text);
  out.end_array().key("damage").begin_array();
  for (const Error& error : metadata.damage) {
    out.begin_array().string(to_text(error.code)).string(error.rule);
    out.number(error.offset_bytes).end_array();
  }
  out.end_array();
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    const std::string file{std::istreambuf_iterator<char>(in), {}};
    std::string line;
    JsonWriter out(line);
    out.begin_object().field("file", argv[i]);
    dump(out, read_metadata(std::as_bytes(std::span(file)), {}));
    out.end_object();
    std::puts(line.c_str());
  }
  return 0;
}
