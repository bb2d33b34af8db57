#include "safelight/base/html_text.h"

#include <gtest/gtest.h>

namespace safelight {
namespace {

TEST(HtmlText, NoByteOfATextIsMarkup) {
  EXPECT_EQ(escape_html("<a href='x' id=\"y\">&"),
            "&lt;a href=&#39;x&#39; id=&quot;y&quot;&gt;&amp;");
}

TEST(HtmlText, WhatIsNotUtf8IsReplaced) {
  EXPECT_EQ(escape_html("Gr\xc3\xbc\xc3\x9f"), "Gr\xc3\xbc\xc3\x9f");
  EXPECT_EQ(escape_html("a\xff<"), "a&#xfffd;&lt;");
}

}  // namespace
}  // namespace safelight
