import { hash, idOf, pick } from "./rand.mjs";

/** An invented case of any size: every card is worked out from its number when it is asked for. */

export const scheme = {
  name: "Example scheme",
  categories: [
    {
      code: "1",
      key: "1",
      name: "Category 1",
      hint: "Gravest; a second person looks too",
      colour: "red",
      grave: true,
      second_look: true,
    },
    {
      code: "2",
      key: "2",
      name: "Category 2",
      hint: "Grave",
      colour: "orange",
      grave: true,
      second_look: false,
    },
    {
      code: "3",
      key: "3",
      name: "Of interest",
      hint: "Bears on the case otherwise",
      colour: "yellow",
      grave: false,
      second_look: false,
    },
    {
      code: "4",
      key: "4",
      name: "Unclear",
      hint: "Cannot be told from what is here",
      colour: "violet",
      grave: false,
      second_look: false,
    },
    {
      code: "5",
      key: "5",
      name: "Not pertinent",
      hint: "Ordinary",
      colour: "green",
      grave: false,
      second_look: false,
    },
  ],
};

export const policy = {
  second_look: false,
  known_needs_reason: true,
  reveal_max_seconds: 20,
  cover_after_idle_seconds: 10,
  budget: { reveals_a_day: 60, seconds_a_day: 900, break_every_minutes: 50, break_minutes: 10 },
  floor: "grey",
  interleave_every: 0,
};

export const lists = [
  { name: "charts", version: "2026-10", entries: 1200000 },
  { name: "landscapes", version: "2026-11", entries: 86000 },
];
export const sources = ["laptop", "phone", "card"];
const types = ["jpeg", "jpeg", "jpeg", "png", "png", "heif", "webp", "gif", "zip", "pdf", "mp4"];
const folderNames = ["Bilder", "Downloads", "Camera Roll", "Backup 2024", "Desktop"];
export const folders = Object.fromEntries(folderNames.map((name) => [`f${hash(name).toString(16)}`, name]));
const folderIds = Object.keys(folders);

/** Classes in the order of review, with the share of the case that each has. */
const shares = [
  ["resembles_known", 0.002],
  ["review", 0.003],
  ["known_sample", 0.0005],
  ["beside_known", 0.06],
  ["not_examined", 0.05],
  ["partly_examined", 0.02],
  ["unmatched", 0.75],
  ["known", 0.0145],
  ["ordinary", 1],
];

export function classOf(number, total) {
  let edge = 0;
  for (const [name, share] of shares) {
    edge += share * total;
    if (number < Math.max(edge, 1)) return name;
  }
  return "ordinary";
}

const reasonWords = {
  resembles_known: [
    "resembles_entry",
    "Looks like a known entry of list “charts”, 12 bits apart. It is not that very file.",
  ],
  review: ["is_entry_for_review", "Is an entry for review of list “landscapes”, by SHA-256."],
  known_sample: ["in_sample", "One of the 20 known files that are checked by sample."],
  beside_known: ["same_folder", "In one folder with 14 items that have a hit."],
  not_examined: ["not_examined", "Nothing is known of its content: it could not be read."],
  partly_examined: ["partly_examined", "Some of its content was not looked at."],
  unmatched: ["no_match", "Examined in full; no list says anything of it."],
  known: ["is_known_entry", "Is known material of list “charts”, by SHA-256."],
  ordinary: ["is_ordinary_entry", "Stands as ordinary in list “landscapes”, by SHA-1."],
};

/** Facets repeat with this period, so that those of a million cards need not be worked out singly. */
export const period = 4093;

function gradesOf(number, cls) {
  if (cls === "not_examined") return [];
  const roll = hash("grade", number % period) % 20;
  if (roll === 0) return ["verified-trusted"];
  if (roll === 1) return ["contradicted", "declared"];
  if (roll < 5) return ["declared"];
  if (roll < 7) return ["weak"];
  return [];
}

const nasty = ["evil\u202Egnp.exe.jpg", "<img src=x onerror=alert(1)>.jpg"];

/** Why an invented item stands where it does. */
export function reasonsOf(card) {
  const [code, words] = reasonWords[card.class];
  const reasons = [{ code, words }];
  if (card.grades.includes("verified-trusted")) {
    reasons.push({
      code: "camera_evidence",
      words: "Evidence of a camera: signed by a camera’s maker (verified, signer on a list).",
    });
  }
  if (card.rank % 9 === 0) {
    reasons.push({
      code: "seized_device_model",
      words: "Its metadata name the model of the seized device, “EOS 40D”.",
    });
  }
  return reasons;
}

export function baseCard(number, total) {
  const cls = classOf(number, total);
  const type =
    cls === "not_examined"
      ? pick(["zip", "mp4", "pdf"], "t", number % period)
      : types[hash("t", number % period) % 8];
  const picture = !["zip", "mp4", "pdf"].includes(type);
  const wide = hash("shape", number) % 4 !== 0;
  const big = [4032, 3024, 1920, 1280][hash("px", number) % 4];
  const listed = ["resembles_known", "review", "known", "known_sample"].includes(cls);
  const grades = gradesOf(number, cls);
  const ext = { jpeg: "jpg", heif: "heic" }[type] ?? type;
  return {
    item: idOf(number),
    rank: number + 1,
    class: cls,
    members: hash("m", number) % 4 === 0 ? 2 + (hash("mm", number) % 40) : 1,
    type,
    width: picture ? (wide ? big : (big * 3) / 4) : null,
    height: picture ? (wide ? (big * 3) / 4 : big) : null,
    size: number % 101 === 7 ? null : 20000 + (hash("size", number) % 9000000),
    modified:
      number % 103 === 9
        ? null
        : new Date(Date.UTC(2023, 0, 1) + (hash("time", number) % 94000000) * 1000)
            .toISOString()
            .replace(".000", ""),
    name:
      number % 97 === 5
        ? nasty[number % 2]
        : `IMG_${String(hash("name", number) % 10000).padStart(4, "0")}.${ext}`,
    list: listed ? [{ name: cls === "review" ? "landscapes" : "charts", category: "1" }] : null,
    grades,
    known: cls === "known",
    coverage: cls === "not_examined" ? "none" : cls === "partly_examined" ? "partial" : "full",
    decision: null,
    flags: [],
    notes: 0,
    passed: false,
    conflict: false,
    second_look: null,
  };
}

export const sourceOf = (number) => sources[hash("src", number % period) % sources.length];
export const folderOf = (number) => folderIds[hash("fol", number % period) % folderIds.length];
