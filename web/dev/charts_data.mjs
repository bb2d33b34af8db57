import { lists } from "./case_data.mjs";

/** Figures of the invented case. */
export function charts(world) {
  const { by } = world.queue.counts(new URLSearchParams("known=shown"));
  const of = (name, key) => Object.entries(by[name]).map(([value, items]) => ({ [key]: value, items }));
  return {
    composition: of("class", "class"),
    types: of("type", "type"),
    grades: of("grade", "grade"),
    lists: lists.flatMap(({ name }, i) =>
      ["1", "2"].map((category) => ({
        list: name,
        category,
        items: Math.round((world.queue.total * 0.008) / (i + Number(category))),
      })),
    ),
    timeline: Array.from({ length: 48 }, (_, i) => ({
      month: `${2022 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, "0")}`,
      items: Math.round((world.queue.total / 48) * (0.4 + Math.abs(Math.sin(i / 3.1)) * 1.2)),
    })),
    progress: Array.from({ length: 24 }, (_, i) => ({
      day: new Date(Date.now() - (23 - i) * 86400000).toISOString().slice(0, 10),
      decided: [0, 6].includes(new Date(Date.now() - (23 - i) * 86400000).getUTCDay())
        ? 0
        : 120 + ((i * 61) % 180),
    })),
    left: world.queue.total - world.queue.changed.size,
  };
}
