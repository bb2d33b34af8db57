#include "safelight/serve/originals/originals_manifest.h"

#include <gtest/gtest.h>

#include "safelight/base/limits.h"
#include "safelight/evidence/origin.h"

namespace safelight::serve {
namespace {

OriginalsManifest sample() {
  OriginalsManifest out;
  out.case_id = "0b5c6b1e-0000-4000-8000-000000000000";
  out.approval = 7;
  out.asked_by = "ana";
  out.approved_by = "finn";
  out.reason = "for the \"court\"";
  out.originals = {{ItemId{}, "a/b.jpg", {Sha256{}, 12, std::nullopt}},
                   {ItemId{}, "c.heic", {Sha256{}, 12, 3}}};
  out.missing = {{ItemId{}, "gone.png", Error{ErrorCode::not_found, "file.open"}}};
  return out;
}

TEST(OriginalsManifest, SaysWhatWasWrittenAndWhatWasNot) {
  const std::string text = to_json(sample());
  for (const std::string_view part :
       {R"("asked_by":"ana","approved_by":"finn")", R"("path":"a/b.jpg")", R"("still":3)",
        R"("path":"gone.png","code":"not_found","rule":"file.open")"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

TEST(OriginalsManifest, IsTakenWithTheKeyThatSignedItAndIsNoOtherKindOfText) {
  const auto key = audit::SigningKey::make();
  const std::string text = to_json(sample());
  const std::string given = signed_text(kSignedManifest, text, key);
  EXPECT_EQ(*check_signed(kSignedManifest, given, key.public_key()), text);
  EXPECT_EQ(
      check_signed(kSignedManifest, given, audit::SigningKey::make().public_key()).error().rule,
      "originals.key");
  SignedKind other = kSignedManifest;
  other.domain = "another kind\n";
  EXPECT_EQ(check_signed(other, given, key.public_key()).error().rule, "originals.signature");
}

TEST(OriginalsManifest, IsTakenHoweverLongTheNamesInTheEvidenceAre) {
  OriginalsManifest manifest = sample();
  const std::string name(Limits().max_name_bytes, '\xff');
  const OriginalsManifest::Written one{ItemId{}, escape_name(name + "/" + name), {}};
  manifest.originals.assign(1'000, one);
  const auto key = audit::SigningKey::make();
  const std::string text = to_json(manifest);
  EXPECT_TRUE(
      check_signed(kSignedManifest, signed_text(kSignedManifest, text, key), key.public_key()));
}

}  // namespace
}  // namespace safelight::serve
