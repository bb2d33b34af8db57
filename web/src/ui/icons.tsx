const paths = {
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zm5 12 4 4",
  filter: "M4 6h16M7 12h10M10 18h4",
  flag: "M6 21V4m0 1h11l-2 4 2 4H6",
  note: "M5 4h14v11l-5 5H5zM14 20v-5h5",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zm-6 9c0-4 3-6 6-6s6 2 6 6m1-15.6a3.5 3.5 0 0 1 0 6.2m2 3.9c2 .9 3 2.8 3 5.5",
  eye: "M2 12s4-6.5 10-6.5S22 12 22 12s-4 6.5-10 6.5S2 12 2 12zm10 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  covered:
    "M3 3l18 18M10 5.7c.6-.1 1.3-.2 2-.2 6 0 10 6.5 10 6.5a17 17 0 0 1-3 3.7M6.2 7.4A17 17 0 0 0 2 12s4 6.5 10 6.5c1.6 0 3-.4 4.3-1",
  gear: "M12 15.500a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM12 2v3m0 14v3M2 12h3m14 0h3M5 5l2 2m10 10 2 2M5 19l2-2M17 7l2-2",
  close: "M5 5l14 14M19 5 5 19",
  check: "M4 12l5 6L20 6",
  link: "M9 15l6-6M8 11l-3 3a4 4 0 0 0 6 6l3-3m2-4 3-3a4 4 0 0 0-6-6l-3 3",
  group: "M4 8h12v12H4zM8 8V4h12v12h-4",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  warn: "M12 3 2 20h20zM12 10v4m0 3v.1",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 4v5l3 2",
  command: "M4 6h16M4 12h10M4 18h7",
  away: "M4 4l16 16M7 7.500A8 8 0 0 0 4 10m16 0a12 12 0 0 0-7-3.500M9 14a5 5 0 0 1 4-1.500M12 18v.1",
} as const;

export type IconName = keyof typeof paths;

/** A drawing beside words; it says nothing to a screen reader by itself. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}

/** The name's mark: a lamp in a dark room. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <circle class="mark-glow" cx="16" cy="16" r="15" />
      <circle class="mark-lamp" cx="16" cy="16" r="7.5" />
    </svg>
  );
}
