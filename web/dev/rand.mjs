/** Numbers that look random and are the same each time, from the words given. */
export function hash(...parts) {
  let h = 2166136261;
  for (const part of parts) {
    const text = String(part);
    for (let i = 0; i < text.length; ++i) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
    h = Math.imul(h ^ (h >>> 15), 2246822519);
  }
  h ^= h >>> 13;
  h = Math.imul(h, 3266489917);
  return (h ^ (h >>> 16)) >>> 0;
}

export function pick(list, ...parts) {
  return list[hash(...parts) % list.length];
}

/** An id of 64 hex digits that holds its number. */
export function idOf(number) {
  let text = number.toString(16).padStart(8, "0");
  for (let i = 0; text.length < 64; ++i) text += hash("id", number, i).toString(16).padStart(8, "0");
  return text.slice(0, 64);
}

export function numberOf(id) {
  return /^[0-9a-f]{64}$/.test(id) ? Number.parseInt(id.slice(0, 8), 16) : -1;
}
