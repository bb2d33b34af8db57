/** How well what was typed fits a title: the letters in their order, better at the starts of words
 * and side by side. Null where they do not all occur. */
export function fit(typed: string, title: string): number | null {
  const want = typed.toLowerCase().replace(/\s+/g, "");
  const text = title.toLowerCase();
  let score = 0;
  let at = -1;
  for (const letter of want) {
    const next = text.indexOf(letter, at + 1);
    if (next < 0) return null;
    const startsWord = next === 0 || !/[\p{L}\p{N}]/u.test(text[next - 1] ?? "");
    if (next === at + 1) score += 3;
    if (startsWord) score += 4;
    score -= Math.min(next - at - 1, 8) / 8;
    at = next;
  }
  return score - title.length / 200;
}

/** Those that fit, the best first; all in their order where nothing was typed. */
export function best<T>(typed: string, all: readonly T[], titleOf: (one: T) => string): T[] {
  if (typed.trim() === "") return [...all];
  const scored: { one: T; score: number }[] = [];
  for (const one of all) {
    const score = fit(typed, titleOf(one));
    if (score !== null) scored.push({ one, score });
  }
  return scored.sort((x, y) => y.score - x.score).map(({ one }) => one);
}
