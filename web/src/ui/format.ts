/** A whole number. By hand: a browser's first format costs 45 ms, which the first cards would wait for. */
export function count(value: number): string {
  return `${value}`.replace(/\B(?=(\d{3})+$)/g, ",");
}

export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** The whole number that somebody typed, null where it is none or less than 0. */
export function typedNumber(text: string): number | null {
  const value = Number.parseInt(text, 10);
  return value >= 0 ? value : null;
}

export function bytes(size: number | null): string {
  if (size === null) return "";
  const units = ["bytes", "KB", "MB", "GB", "TB"];
  let value = size;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    ++unit;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export function pixels(width: number | null, height: number | null): string {
  return width === null || height === null ? "" : `${count(width)} × ${count(height)}`;
}

/** Making a format is slow, and cards are drawn while a person scrolls: each is made once. */
const formats = new Map<string, Intl.DateTimeFormat>();

const rfc3339 = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?)?$/;
/** Of a clock whose zone nobody knows: it is told as it was written, and turned into no other. */
const zoneless = /T[\d:.]+$/;

const styles = {
  day: { year: "numeric", month: "short", day: "numeric" },
  moment: { dateStyle: "medium", timeStyle: "medium" },
  clock: { hour: "2-digit", minute: "2-digit" },
  date: { day: "numeric", month: "short" },
  month: { month: "short", year: "numeric" },
} as const;

function formatFor(style: keyof typeof styles, timeZone: string | undefined): Intl.DateTimeFormat {
  const name = `${style} ${timeZone ?? ""}`;
  const had = formats.get(name);
  if (had !== undefined) return had;
  let made: Intl.DateTimeFormat;
  try {
    made = new Intl.DateTimeFormat("en-GB", timeZone ? { ...styles[style], timeZone } : styles[style]);
  } catch {
    // A time zone that this browser does not know.
    made = new Intl.DateTimeFormat("en-GB", { ...styles[style], timeZone: "UTC" });
  }
  formats.set(name, made);
  return made;
}

function formatted(text: string, style: keyof typeof styles, timeZone: string | undefined): string {
  // Browsers read much as a time that is none; evidence is full of such, and shows as it stands.
  if (!rfc3339.test(text)) return text;
  const hasNoZone = zoneless.test(text);
  const date = new Date(hasNoZone ? `${text}Z` : text);
  if (Number.isNaN(date.getTime())) return text;
  const out = formatFor(style, hasNoZone ? "UTC" : timeZone).format(date);
  return hasNoZone && style === "moment" ? `${out}, zone not known` : out;
}

export function day(text: string, timeZone?: string): string {
  return formatted(text, "day", timeZone);
}

export function moment(text: string, timeZone?: string): string {
  return formatted(text, "moment", timeZone);
}

export function clock(text: string, timeZone?: string): string {
  return formatted(text, "clock", timeZone);
}

/** A day without its year, or a month with it. */
export function calendar(text: string, per: "day" | "month"): string {
  return formatted(text, per === "day" ? "date" : per, "UTC");
}

export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The start of an id, enough to tell two apart. */
export function short(id: string): string {
  return id.slice(0, 8);
}

/** Text from evidence with what would turn its reading made visible: direction marks and control
 * characters stand as their numbers. */
export function plain(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (c) => {
      return `⟨${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
    },
  );
}
