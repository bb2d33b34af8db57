import { folderOf, folders, reasonsOf, sourceOf } from "./case_data.mjs";
import { hash, idOf } from "./rand.mjs";

const hex = (n, ...parts) => {
  let text = "";
  for (let i = 0; text.length < n; ++i)
    text += hash(...parts, i)
      .toString(16)
      .padStart(8, "0");
  return text.slice(0, n);
};

const gradeWords = {
  "verified-trusted":
    "Signed, bound to these bytes, and the signer is on a list that this laboratory trusts.",
  contradicted: "A signature, digest or declaration does not fit the bytes.",
  declared:
    "The file says so without a signature that was checked. Anybody can write it, copy it from another file, or take it away.",
  weak: "Statistics of the pixels. Chance and ordinary processing can look alike; never enough alone.",
  fact: "Says what the file is, not where it came from.",
};

const statements = {
  "verified-trusted": [
    "c2pa_manifest",
    "A signed manifest says that a camera captured this picture.",
    [
      ["signer", "Example Camera Works"],
      ["time", "2024-05-11T09:14:02Z"],
    ],
  ],
  contradicted: [
    "c2pa_mismatch",
    "A manifest’s digest does not fit the picture: it was changed after signing.",
    [["assertion", "c2pa.hash.data"]],
  ],
  declared: [
    "camera_metadata",
    "EXIF names a camera.",
    [
      ["make", "Canon"],
      ["model", "EOS 40D"],
      ["captured", "2024:05:11 09:14:02"],
    ],
  ],
  weak: [
    "colour_filter_pattern",
    "Traces of a colour filter array, as cameras have.",
    [["strength", "0.31"]],
  ],
};

/** All of an invented item. */
export function itemOf(queue, number) {
  const card = queue.card(number);
  const picture = card.width !== null;
  const findings = card.grades.map((grade) => {
    const [kind, statement, fields] = statements[grade];
    return { kind, grade, grade_words: gradeWords[grade], statement, fields, offset: 24 + (number % 900) };
  });
  if (number % 3 === 0) {
    findings.push({
      kind: "type_mismatch",
      grade: "fact",
      grade_words: gradeWords.fact,
      statement: "Its name ends in .png; its bytes are JPEG.",
      fields: [
        ["extension", "png"],
        ["type", "jpeg"],
      ],
      offset: null,
    });
  }
  if (card.coverage !== "full") {
    findings.push({
      kind: "not_examined",
      grade: "fact",
      grade_words: gradeWords.fact,
      statement: "Its content could not be examined: it is encrypted.",
      fields: [["code", "encrypted"]],
      offset: 0,
    });
  }
  const hits = (card.list ?? []).map((list) => ({
    list: list.name,
    version: "2026-10",
    category: list.category,
    disposition: card.class === "review" ? "review" : "known",
    kind: card.class === "resembles_known" ? "pdq" : "sha256",
    distance: card.class === "resembles_known" ? 12 : null,
    entry: `#${1000 + (number % 9000)}`,
    victim_identified: number % 2 ? "no" : "not_stated",
  }));
  return {
    item: card.item,
    card,
    path: [
      { kind: "source", name: sourceOf(number) },
      { kind: "folder", name: `Users/owner/${folders[folderOf(number)]}`, offset: null },
      ...(number % 5 === 0
        ? [
            { kind: "file", name: "holiday.zip", offset: null },
            { kind: "member", name: card.name, offset: 40960 + number },
          ]
        : [{ kind: "file", name: card.name, offset: null }]),
    ],
    times: {
      ...(card.modified === null ? {} : { modified: card.modified }),
      ...(number % 5 === 0 ? { in_container: "2024-05-11T09:14:02" } : {}),
    },
    digests: {
      ...(card.coverage === "none" ? {} : { md5: hex(32, "md5", number), sha1: hex(40, "sha1", number) }),
      ...(card.coverage === "none" ? {} : { sha256: hex(64, "sha256", number) }),
    },
    format: card.type,
    media_type: picture ? `image/${card.type}` : "",
    width: card.width,
    height: card.height,
    size: card.size,
    coverage: card.coverage,
    error:
      card.coverage === "none"
        ? { code: "encrypted", rule: "zip: the member is encrypted", offset: 0 }
        : null,
    reasons: reasonsOf(card),
    findings,
    hits,
    fingerprints: picture ? [{ mode: "reference", quality: 60 + (number % 41) }] : [],
    copies: number % 6 === 0 ? [idOf((number + 11) % queue.total)] : [],
    near: Array.from({ length: Math.min(12, card.members - 1) }, (_, i) => ({
      item: idOf((number + 1 + i) % queue.total),
    })),
    history: [],
    exposures: 0,
  };
}
