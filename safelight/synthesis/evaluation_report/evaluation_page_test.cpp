#include "safelight/synthesis/evaluation_report/evaluation_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <vector>

#include "safelight/base/base64.h"
#include "safelight/base/number_text.h"
#include "safelight/digest/sha256_stream.h"
#include "safelight/synthesis/evaluation/source_learner_for_test.h"
#include "safelight/synthesis/evaluation_report/evaluation_json.h"
#include "safelight/synthesis/evaluation_report/invented_for_test.h"

namespace safelight::synthesis {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string page_of(const Evaluation& evaluation) { return evaluation_page(evaluation, "0.1.0"); }

/// Why the page's tags do not nest, or "".
std::string fault_of(const std::string& page) {
  std::vector<std::string> open;
  for (size_t at = 0; (at = page.find('<', at)) != std::string::npos;) {
    const size_t end = page.find('>', at);
    if (end == std::string::npos) return "no end: " + page.substr(at, 40);
    const std::string tag = page.substr(at + 1, end - at - 1);
    const std::string name = tag.substr(0, tag.find_first_of(" /", 1));
    at = end;
    if (name == "!DOCTYPE" || name == "meta" || name == "br" || name == "wbr" || tag.ends_with('/'))
      continue;
    if (name[0] != '/') {
      open.push_back(name);
    } else if (open.empty() || open.back() != name.substr(1)) {
      return name + " closes " + (open.empty() ? "nothing" : open.back());
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : "open at the end: " + open.back();
}

std::string between(const std::string& text, std::string_view begin, std::string_view end) {
  const size_t from = text.find(begin);
  if (from == std::string::npos) return "";
  const size_t start = from + begin.size();
  return text.substr(start, text.find(end, start) - start);
}

size_t times(const std::string& text, std::string_view what) {
  size_t out = 0;
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size()) ++out;
  return out;
}

TEST(EvaluationPage, AllowsItsOwnStyleAndNothingElse) {
  const std::string page = page_of(invented_evaluation({}));
  const std::string style = between(page, "<style>", "</style>");
  EXPECT_EQ(between(page, "Content-Security-Policy\" content=\"", "\">"),
            "default-src 'none'; style-src 'sha256-" +
                base64(sha256_of(std::as_bytes(std::span(style))).bytes, Padding::keep) +
                "'; base-uri 'none'; form-action 'none'");
  for (const std::string_view foreign :
       {"http:", "https:", "//", "url(", "<script", "<img", " style=", " src=", "@import"}) {
    EXPECT_THAT(page, Not(HasSubstr(foreign)));
  }
  for (size_t at = 0; (at = page.find("href=\"", at)) != std::string::npos; ++at) {
    EXPECT_EQ(page[at + 6], '#') << page.substr(at, 60);
  }
}

TEST(EvaluationPage, SaysWhatIsAskedAndForWhatItHolds) {
  const std::string page = page_of(invented_evaluation({}));
  EXPECT_EQ(fault_of(page), "");
  EXPECT_THAT(page, HasSubstr("A camera took the picture"));
  EXPECT_THAT(page, HasSubstr("A model generated all of the picture"));
  EXPECT_THAT(page, HasSubstr("face swaps"));
  EXPECT_THAT(page, HasSubstr("hold for the generators, cameras and processing in this manifest "
                              "alone."));
  EXPECT_THAT(page, HasSubstr("id=\"warnings\"><h2>Warnings</h2>\n<p>None.</p>"));
  EXPECT_THAT(page, HasSubstr("ab" + std::string(62, '0')));
  EXPECT_LT(page.find("id=\"warnings\""), page.find("id=\"headline\""));
  EXPECT_LT(page.find("id=\"headline\""), page.find("id=\"detector-1\""));
}

TEST(EvaluationPage, EveryConditionSplitAndGroupIsARow) {
  const Evaluation evaluation = invented_evaluation({});
  const std::string page = page_of(evaluation);
  const DetectorEvaluation& detector = evaluation.detectors[0];
  const std::string headline = between(page, "id=\"headline\"", "</section>");
  EXPECT_THAT(headline, HasSubstr(">clean<"));
  EXPECT_THAT(headline, HasSubstr(">" + fixed_text(detector.sweep[0].cell.auc.estimate, 3) + "<"));
  EXPECT_THAT(headline, HasSubstr(fixed_text(detector.triage[0].last_tenth, 3)));
  EXPECT_THAT(page, HasSubstr("fifths drawn at random <span class=\"tag\">OPTIMISTIC</span>"));
  EXPECT_THAT(page, HasSubstr("not possible: it takes dates"));
  EXPECT_EQ(times(page, "<tr class=\"worst\">"), 3u);
  for (const std::string_view name :
       {"jpeg_<wbr>75", "jpeg_<wbr>30", "equalised_<wbr>60", "model 5", "Maker B"}) {
    EXPECT_THAT(page, HasSubstr("<th scope=\"row\">" + std::string(name)));
  }
  EXPECT_THAT(page, HasSubstr("left to the last tenth (the dangerous error)"));
}

TEST(EvaluationPage, ADetectorThatKnowsItsSourcesAloneIsExposed) {
  Evaluation evaluation = invented_evaluation({});
  const std::vector<FileFacts> facts(evaluation.references.size(),
                                     {800, 700, 9'000, "png", {}, false});
  const SourceLearner learner(evaluation.references);
  AssessmentTable table = clean_table(std::vector<double>(evaluation.references.size(), 0));
  evaluation.detectors = {evaluate(evaluation.references, facts, table, learner, {"memory", {}, {}},
                                   evaluation.confounds, evaluation.options)};
  const auto& splits = evaluation.detectors[0].splits;
  ASSERT_EQ(splits.back().split, Split::random);
  EXPECT_GT(splits.front().cell->cllr.estimate, 0.95);
  EXPECT_LT(splits.back().cell->cllr.estimate, 0.2);
  const std::string page = page_of(evaluation);
  EXPECT_THAT(page, HasSubstr("memory gives no ratio in a case:"));
  const std::string marked = between(page, "<tr class=\"optimistic\">", "</tr>");
  EXPECT_THAT(marked, HasSubstr("OPTIMISTIC"));
  EXPECT_THAT(marked, HasSubstr(fixed_text(splits.back().cell->cllr.estimate, 3)));
  const std::string headline = between(page, "id=\"headline\"", "</section>");
  EXPECT_THAT(headline, HasSubstr(fixed_text(splits.front().cell->cllr.estimate, 3)));
  EXPECT_THAT(evaluation_json(evaluation, "0.1.0"), HasSubstr("\"is_optimistic\":true"));
}

TEST(EvaluationPage, DrawsFivePlotsWithTheirNumbers) {
  const std::string page = page_of(invented_evaluation({}));
  EXPECT_EQ(times(page, "<svg"), 5u);
  for (const std::string_view title :
       {"Tippett plot", "PAV", "Reliability", "Empirical cross-entropy", "ROC curve"}) {
    EXPECT_THAT(page, HasSubstr("<title>" + std::string(title) + "</title>"));
  }
  EXPECT_THAT(page, HasSubstr("camera pictures (n = 120)"));
  EXPECT_THAT(page, Not(HasSubstr("ECE"))) << "two measures share it";
  EXPECT_EQ(times(page, "120 camera and 120 generated pictures"), 4u);
  EXPECT_THAT(page, Not(HasSubstr("nan")));
  EXPECT_THAT(page, Not(HasSubstr("inf,")));
}

TEST(EvaluationPage, AbstentionNamesTheGroupsThatDecidedIt) {
  const std::string few = page_of(invented_evaluation({}));
  EXPECT_THAT(few, HasSubstr("called a camera's never"));
  EXPECT_THAT(few, HasSubstr("the generator <b>model 0</b> there are held-out ratios of 20 "
                             "pictures only, and with fewer than 59"));
  const Evaluation evaluation = invented_evaluation({.per_source = 80, .distance = 4});
  const FixedDecisions& fixed = evaluation.detectors[0].fixed;
  const std::string enough = page_of(evaluation);
  EXPECT_THAT(enough,
              HasSubstr("the generator <b>" + fixed.camera_decided_by.name + "</b> (n = 80"));
  EXPECT_THAT(enough, HasSubstr("the camera pictures of <b>" + fixed.generated_decided_by.name +
                                "</b> (n = 80"));
}

TEST(EvaluationPage, ADetectorIsNamedByItsModelUnlessEachFoldHasAnother) {
  Evaluation evaluation = invented_evaluation({});
  const std::string digest = "Model: <span class=\"mono\">" + std::string(62, '0') + "01</span>";
  EXPECT_THAT(page_of(evaluation), HasSubstr(digest));
  evaluation.detectors[0].learning = Learning::each_fold;
  const std::string page = page_of(evaluation);
  EXPECT_THAT(page, HasSubstr("Model: another in each fold<br>"));
  EXPECT_THAT(page, Not(HasSubstr(digest)));
}

TEST(EvaluationPage, WarningsComeFirst) {
  Evaluation evaluation = invented_evaluation({.distance = -2, .confounds = {0.8}});
  evaluation.left_out = {{"gone.jpg", "not there"}};
  DetectorEvaluation& detector = evaluation.detectors[0];
  detector.is_constant = true;
  detector.outliers = {{"lab 3", {18, 20}, {30, 200}}};
  detector.splits[1].failed_folds = 2;
  const std::string page = page_of(evaluation);
  const std::string warnings = between(page, "<ul class=\"warnings\">", "</ul>");
  EXPECT_THAT(warnings, HasSubstr("Flagged by the confound check."));
  EXPECT_THAT(warnings, HasSubstr("AUC of 0.800"));
  EXPECT_THAT(warnings, HasSubstr("invented is constant"));
  EXPECT_THAT(warnings, HasSubstr("invented points the wrong way"));
  EXPECT_THAT(warnings, HasSubstr("lab 3:</b> 18 of 20 ratios mislead, but 30 of 200 elsewhere"));
  EXPECT_THAT(warnings, HasSubstr("2 could not be learnt"));
  EXPECT_THAT(warnings, HasSubstr("1 file left out"));
  EXPECT_THAT(between(page, "id=\"headline\"", "</section>"), HasSubstr("equalised_85"));
  EXPECT_THAT(page, HasSubstr("<th scope=\"row\">gone.jpg</th><td>not there</td>"));
}

TEST(EvaluationPage, SmallSetsAndDetectorsWithoutWeightAreCalledSo) {
  const std::string few = page_of(invented_evaluation({.sources = 3}));
  EXPECT_THAT(few, HasSubstr("Too few camera pictures:</b> 60 of 3 sources"));
  EXPECT_THAT(few, HasSubstr("Too few generated pictures:"));
  EXPECT_THAT(page_of(invented_evaluation({.distance = 0})),
              HasSubstr("invented gives no ratio in a case:</b> Cllr "));
}

TEST(EvaluationPage, AFlaggedSetWithoutAnEqualisedConditionHasNoHeadlineAndNoPlot) {
  Evaluation evaluation = invented_evaluation({.confounds = {0.8}});
  evaluation.detectors[0].equalised.clear();
  evaluation.detectors[0].headline.clear();
  const std::string page = page_of(evaluation);
  EXPECT_EQ(fault_of(page), "");
  EXPECT_THAT(page, HasSubstr("invented has no headline:"));
  EXPECT_THAT(page, HasSubstr("no condition may stand first"));
  EXPECT_EQ(times(page, "<svg"), 0u);
}

TEST(EvaluationPage, NoNameIsTakenForMarkup) {
  Evaluation evaluation = invented_evaluation({});
  const std::string hostile = "<script>alert('1')</script>\"&\xff";
  for (Reference& reference : evaluation.references) {
    if (reference.source == "lab 1") reference.source = hostile;
  }
  DetectorEvaluation& detector = evaluation.detectors[0];
  detector.detector.name = hostile;
  detector.headline = hostile;
  detector.sweep[0].condition = hostile;
  detector.triage[0].condition = hostile;
  detector.groups[0].name = hostile;
  detector.fixed.camera_decided_by.name = hostile;
  detector.outliers = {{hostile, {18, 20}, {30, 200}}};
  evaluation.left_out = {{hostile, hostile}};
  const std::string page = evaluation_page(evaluation, hostile);
  EXPECT_EQ(fault_of(page), "");
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("\xff")));
  EXPECT_THAT(page,
              HasSubstr("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;&#xfffd;"));
}

TEST(EvaluationPage, IsTheSameTwiceAndForAnyNumberOfThreads) {
  const std::string once = page_of(invented_evaluation({}));
  EXPECT_EQ(page_of(invented_evaluation({})), once);
  EXPECT_EQ(page_of(invented_evaluation({.threads = 3})), once);
}

TEST(EvaluationPage, WhatCannotBeMeasuredIsADash) {
  const std::string page = page_of(invented_evaluation({.sources = 1, .confounds = {}}));
  EXPECT_EQ(fault_of(page), "");
  EXPECT_THAT(page, HasSubstr("could not be checked"));
  EXPECT_THAT(page, HasSubstr("what its ratios cost on unseen sources cannot be measured."));
  EXPECT_THAT(page, HasSubstr("not possible: too little would be left to learn from"));
  EXPECT_THAT(page, HasSubstr("<td class=\"n\">&ndash;</td>"));
  EXPECT_THAT(page, HasSubstr("None: no picture of one of the classes has a held-out score."));
  EXPECT_THAT(page, Not(HasSubstr("nan")));
}

TEST(EvaluationPage, AFusionStandsBesideItsMembersAndSaysWhetherItPays) {
  Evaluation evaluation = invented_evaluation({});
  EXPECT_THAT(page_of(evaluation), Not(HasSubstr("id=\"fusion\"")));
  evaluation.fusion = invented_fusion();
  const std::string page = page_of(evaluation);
  EXPECT_EQ(fault_of(page), "");
  EXPECT_THAT(page, HasSubstr("<a href=\"#fusion\">"));
  EXPECT_THAT(page, HasSubstr("<b>Together</b>"));
  EXPECT_THAT(page, HasSubstr("It costs less than each of them alone"));
  evaluation.fusion->member_cllrs[1] = 0.4;
  EXPECT_THAT(page_of(evaluation), HasSubstr("It is not to be used"));
}

TEST(EvaluationPage, AnEmptyEvaluationIsAPageThatSaysSo) {
  const std::string page = page_of({});
  EXPECT_EQ(fault_of(page), "");
  EXPECT_THAT(page, HasSubstr("<b>No reference picture</b> was examined."));
  EXPECT_THAT(page, HasSubstr("<b>No detector</b> was evaluated."));
}

}  // namespace
}  // namespace safelight::synthesis
