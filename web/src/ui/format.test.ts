import { describe, expect, it } from "vitest";
import { bytes, counted, day, duration, moment, plain, typedNumber } from "./format";

describe("figures", () => {
  it("read as people write them", () => {
    expect(bytes(999)).toBe("999 bytes");
    expect(bytes(1500)).toBe("1.5 KB");
    expect(bytes(123_456_789)).toBe("123 MB");
    expect(counted(1, "item")).toBe("1 item");
    expect(counted(999, "item")).toBe("999 items");
    expect(counted(1_000_000, "item")).toBe("1,000,000 items");
    expect(counted(7_999_123_456, "item")).toBe("7,999,123,456 items");
    expect(duration(75)).toBe("1 min 15 s");
  });

  it("tell a time of an unknown zone as it was written", () => {
    expect(moment("2024-05-11T23:30:00", "Asia/Tokyo")).toBe("11 May 2024, 23:30:00, zone not known");
    expect(moment("2024-05-11T23:30:00Z", "Asia/Tokyo")).toBe("12 May 2024, 08:30:00");
    expect(day("2024-05-11T23:30:00", "Asia/Tokyo")).toBe("11 May 2024");
  });

  it("keep a time that is none as it stands", () => {
    expect(moment("0000:00:00")).toBe("0000:00:00");
  });
});

describe("names from evidence", () => {
  it("cannot turn their own reading round", () => {
    expect(plain("evil\u202Egnp.exe")).toBe("evil⟨202E⟩gnp.exe");
    expect(plain("a\nb\u0000")).toBe("a⟨000A⟩b⟨0000⟩");
  });

  it("of any script stay as they are", () => {
    expect(plain("фото 写真 ünïc.jpg")).toBe("фото 写真 ünïc.jpg");
  });
});

it("reads a whole number from 0 on, and nothing else as one", () => {
  expect(["12", " 7", "0", "-1", "", "x", "1.9"].map(typedNumber)).toEqual([12, 7, 0, null, null, null, 1]);
});
