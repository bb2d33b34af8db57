#include "safelight/metadata/xmp/xmp.h"

#include <gtest/gtest.h>

#include "safelight/metadata/bytes_for_test.h"
#include "safelight/metadata/xmp/xmp_names.h"

namespace safelight::metadata {
namespace {

using Form = XmpProperty::Form;

std::string packet(std::string_view inside, std::string_view attributes = "") {
  return "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
         "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\" x:xmptk=\"Kit 1\">"
         "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\""
         " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
         " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\""
         " xmlns:ext=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\">"
         "<rdf:Description rdf:about=\"\" " +
         std::string(attributes) + ">" + std::string(inside) +
         "</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>";
}

Xmp read(std::string_view text, const MetadataLimits& limits = {}) {
  return read_xmp(bytes_of(text), limits);
}

/// "path=value" of every property.
std::vector<std::string> flat(const Xmp& xmp) {
  std::vector<std::string> out;
  for (const auto& property : xmp.properties) out.push_back(property.path + "=" + property.value);
  return out;
}
using Flat = std::vector<std::string>;

TEST(Xmp, ReadsAttributesElementsAndResources) {
  const std::string text = packet(
      "<xmp:CreatorTool>T &amp; U</xmp:CreatorTool>"
      "<ext:DigitalSourceType rdf:resource=\"http://a/b\"/>"
      "<dc:source/>",
      "dc:format=\"image/png\"");
  const Xmp out = read(text);
  EXPECT_FALSE(out.damage);
  EXPECT_EQ(out.toolkit, "Kit 1");
  EXPECT_EQ(flat(out), (Flat{"format=image/png", "CreatorTool=T & U",
                             "DigitalSourceType=http://a/b", "source="}));
  EXPECT_EQ(out.properties[0].form, Form::attribute);
  EXPECT_EQ(out.properties[1].form, Form::element);
  EXPECT_EQ(out.properties[1].ns, kXmpNs);
  EXPECT_EQ(out.properties[1].offset_bytes, text.find("<xmp:CreatorTool>"));
  EXPECT_EQ(out.properties[2].form, Form::resource);
  EXPECT_EQ(out.value(kCreatorTool), "T & U");
  EXPECT_EQ(out.value(kProvenance), "");
}

TEST(Xmp, ReadsItemsOfEveryContainer) {
  const Xmp out = read(
      packet("<dc:creator><rdf:Seq> <rdf:li>A</rdf:li> <rdf:li>B</rdf:li></rdf:Seq></dc:creator>"
             "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">T</rdf:li></rdf:Alt></dc:title>"
             "<dc:relation><rdf:Bag><rdf:li rdf:resource=\"u\"/></rdf:Bag></dc:relation>"));
  EXPECT_EQ(flat(out), (Flat{"creator[1]=A", "creator[2]=B", "title[1]=T", "relation[1]=u"}));
  for (const auto& property : out.properties) EXPECT_EQ(property.form, Form::item);
  EXPECT_EQ(out.properties[1].name, "creator");
  EXPECT_EQ(out.properties[2].language, "x-default");
}

TEST(Xmp, ReadsStructuresInAllTheirForms) {
  const Flat same = {"P/a=1", "P/b=2"};
  EXPECT_EQ(flat(read(packet("<ext:P rdf:parseType=\"Resource\"><xmp:a>1</xmp:a><xmp:b>2</xmp:b>"
                             "</ext:P>"))),
            same);
  EXPECT_EQ(flat(read(packet("<ext:P><rdf:Description><xmp:a>1</xmp:a><xmp:b>2</xmp:b>"
                             "</rdf:Description></ext:P>"))),
            same);
  EXPECT_EQ(flat(read(packet("<ext:P><rdf:Description xmp:a=\"1\" xmp:b=\"2\"/></ext:P>"))), same);
  EXPECT_EQ(flat(read(packet("<ext:P xmp:a=\"1\" xmp:b=\"2\"/>"))), same);
  EXPECT_EQ(flat(read(packet("<ext:H><rdf:Seq><rdf:li xmp:a=\"1\"/><rdf:li rdf:parseType=\""
                             "Resource\"><xmp:a>2</xmp:a></rdf:li></rdf:Seq></ext:H>"))),
            (Flat{"H[1]/a=1", "H[2]/a=2"}));
}

TEST(Xmp, TakesTheValueAmongQualifiers) {
  const Xmp out =
      read(packet("<xmp:Identifier rdf:parseType=\"Resource\"><rdf:value>id</rdf:value>"
                  "<ext:Scheme>s</ext:Scheme></xmp:Identifier>"));
  EXPECT_EQ(flat(out), (Flat{"Identifier=id", "Identifier/Scheme=s"}));
  EXPECT_EQ(out.properties[0].ns, kXmpNs);
}

TEST(Xmp, FindsPropertiesByTheirNamespaceWhateverThePrefix) {
  const Xmp out =
      read(packet("<q:CreatorTool xmlns:q=\"http://ns.adobe.com/xap/1.0/\">T"
                  "</q:CreatorTool><xmp:CreatorTool xmlns:xmp=\"other\">U"
                  "</xmp:CreatorTool><q:CreatorTool>V</q:CreatorTool>"));
  ASSERT_EQ(out.all(kCreatorTool).size(), 1u);
  EXPECT_EQ(out.value(kCreatorTool), "T");
  EXPECT_EQ(out.properties.at(2).ns, "");  // no longer declared
}

TEST(Xmp, FindsEveryStatementOfADigitalSourceType) {
  const Xmp out =
      read(packet("<ext:DigitalSourceType>a</ext:DigitalSourceType>"
                  "<ext:DigitalSourcefileType>b</ext:DigitalSourcefileType>"
                  "<ext:DigitalSourceType/>"
                  "<dc:DigitalSourceType>other</dc:DigitalSourceType>",
                  "ext:DigitalSourceFileType=\"c\""));
  const auto found = digital_source_types(out);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0]->value, "c");
  EXPECT_EQ(found[1]->value, "a");
  EXPECT_EQ(found[2]->value, "b");
}

TEST(Xmp, ReadsUtf16InBothOrders) {
  const std::string text = packet("<xmp:CreatorTool>T</xmp:CreatorTool>");
  // The mark in the header is one character, U+FEFF; the rest is ASCII.
  const size_t mark = text.find('\xef');
  for (const bool big : {true, false}) {
    std::string wide = big ? "\xfe\xff" : "\xff\xfe";
    for (size_t i = 0; i < text.size(); ++i) {
      const bool at_mark = i == mark;
      const uint16_t unit = at_mark ? 0xfeff : static_cast<uint8_t>(text[i]);
      wide += big ? be(unit, 2) : le(unit, 2);
      if (at_mark) i += 2;
    }
    const Xmp out = read(wide + std::string(8, '\0'));
    EXPECT_FALSE(out.damage);
    EXPECT_EQ(out.value(kCreatorTool), "T");
  }
}

TEST(Xmp, PassesOverPaddingButNotesOtherTrailingBytes) {
  EXPECT_FALSE(read(packet("") + std::string(30, '\0')).damage);
  EXPECT_FALSE(read(packet("") + " \n\n").damage);
  EXPECT_TRUE(read(packet("") + "<more/>").damage);
}

TEST(Xmp, MissesNothingWhereTheMarkOfThePacketsEndIsCut) {
  const std::string whole = packet("");
  const std::string cut = whole.substr(0, whole.size() - 2);
  EXPECT_FALSE(read(cut).damage);
  EXPECT_FALSE(read(cut + std::string(4, '\0')).damage);
  EXPECT_TRUE(read(cut + " more").damage);
  EXPECT_TRUE(read(cut + "<more/>").damage);
  EXPECT_TRUE(read(cut + std::string(4, '\0') + "<more/>").damage);
}

TEST(Xmp, EndsAtADocumentTypeAndExpandsNothing) {
  const Xmp out =
      read("<!DOCTYPE x [<!ENTITY a \"aaaa\">]>" + packet("<dc:format>&a;</dc:format>").substr(56));
  ASSERT_TRUE(out.damage);
  EXPECT_EQ(out.damage->rule, "xmp.document-type");
  EXPECT_TRUE(out.properties.empty());
  EXPECT_EQ(read(packet("<dc:format>&a;</dc:format>")).damage->rule, "xmp.xml");
}

TEST(Xmp, KeepsWhatStandsBeforeEveryTruncation) {
  const std::string text = packet("<xmp:CreatorTool>T</xmp:CreatorTool><dc:source>s</dc:source>");
  const size_t root_end = text.find("</x:xmpmeta>") + 12;
  size_t most = 0;
  for (size_t size = 0; size < text.size(); ++size) {
    const Xmp out = read(text.substr(0, size));
    EXPECT_GE(out.properties.size(), most) << size;
    most = out.properties.size();
    if (size >= root_end) continue;
    ASSERT_TRUE(out.damage) << size;
    EXPECT_EQ(out.damage->code, ErrorCode::truncated) << size;
    EXPECT_LE(out.damage->offset_bytes, size);
  }
  EXPECT_EQ(most, 2u);
}

TEST(Xmp, StopsAtEachLimit) {
  const auto rule = [](std::string_view inside, const MetadataLimits& limits) {
    const Xmp out = read(packet(inside), limits);
    return out.damage && out.damage->code == ErrorCode::limit_exceeded ? out.damage->rule
                                                                       : std::string_view();
  };
  const std::string two = "<dc:a>1</dc:a><dc:b>2</dc:b>";
  EXPECT_EQ(rule(two, {.max_packet_bytes = 400}), "max_packet_bytes");
  EXPECT_EQ(rule(two, {.max_xmp_depth = 3}), "max_xmp_depth");
  EXPECT_EQ(rule(two, {.max_xmp_properties = 1}), "max_xmp_properties");
  EXPECT_EQ(rule(two, {.max_text_bytes = 50}), "max_text_bytes");
  EXPECT_EQ(rule("<dc:a>" + std::string(60, 'x') + "</dc:a>", {.max_text_bytes = 50}),
            "max_text_bytes");
  EXPECT_EQ(rule("<dc:" + std::string(kMaxXmpNameBytes, 'x') + "/>", {}), "");
  EXPECT_EQ(rule("<dc:" + std::string(kMaxXmpNameBytes + 1, 'x') + "/>", {}), "max_xmp_name_bytes");
}

TEST(Xmp, ALongNamespaceCostsNoMoreThanItsTextBudget) {
  std::string attributes = "xmlns:q=\"" + std::string(1 << 20, 'u') + "\"";
  for (int i = 0; i < 20'000; ++i) attributes += " q:a" + std::to_string(i) + "=\"\"";
  const Xmp out = read(packet("", attributes));
  ASSERT_TRUE(out.damage);
  EXPECT_EQ(out.damage->rule, "max_text_bytes");
  EXPECT_LE(out.properties.size(), 16u);
}

}  // namespace
}  // namespace safelight::metadata
