import { deflateSync } from "node:zlib";
import { hash } from "./rand.mjs";

/** Ordinary pictures drawn from a number: landscapes and charts. Planes are grey or RGB bytes. */

function crcTable() {
  return Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; ++k) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c;
  });
}
const crcs = crcTable();

function crc32(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = crcs[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

export function png(width, height, channels, pixels) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  head[9] = channels === 3 ? 2 : 0;
  const stride = width * channels;
  const rows = Buffer.alloc((stride + 1) * height);
  for (let y = 0; y < height; ++y) pixels.copy(rows, y * (stride + 1) + 1, y * stride, (y + 1) * stride);
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows, { level: 1 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function landscape(number, x, y) {
  const hill = (n, base, height) =>
    base + height * Math.sin(x * (2 + (hash("w", number, n) % 40) / 10) + (hash("p", number, n) % 63) / 10);
  const sunX = (hash("sx", number) % 80) / 100 + 0.1;
  const sunY = 0.15 + (hash("sy", number) % 25) / 100;
  const hue = hash("hue", number) % 3;
  const skies = [
    [120, 170, 220],
    [235, 170, 120],
    [150, 140, 190],
  ];
  if (y > hill(1, 0.82, 0.06)) return [38, 74, 52];
  if (y > hill(2, 0.68, 0.08)) return [66, 104, 78];
  if (y > hill(3, 0.55, 0.1)) return [104, 132, 128];
  if ((x - sunX) ** 2 + (y - sunY) ** 2 < 0.006) return [255, 232, 170];
  return skies[hue].map((c) => Math.min(255, c + y * 70));
}

function chart(number, x, y) {
  const bars = 5 + (hash("n", number) % 6);
  const i = Math.floor(((x - 0.08) / 0.86) * bars);
  const inBar = ((x - 0.08) / 0.86) * bars - i;
  if (y > 0.9 && y < 0.915 && x > 0.06) return [60, 60, 66];
  if (i >= 0 && i < bars && inBar > 0.15 && inBar < 0.85 && y < 0.9) {
    const top = 0.85 - (hash("b", number, i) % 75) / 100;
    const colours = [
      [70, 110, 170],
      [200, 110, 60],
      [90, 150, 90],
    ];
    if (y > top) return colours[(hash("c", number) + (i === 2 ? 1 : 0)) % 3];
  }
  return [244, 242, 238];
}

function draw(number, width, height) {
  const paint = hash("kind", number) % 3 === 0 ? chart : landscape;
  const out = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      const [r, g, b] = paint(number, x / width, y / height);
      out.set([r, g, b], (y * width + x) * 3);
    }
  }
  return out;
}

function grey(rgb) {
  const out = Buffer.alloc(rgb.length / 3);
  for (let i = 0; i < out.length; ++i) {
    out[i] = 0.3 * rgb[3 * i] + 0.59 * rgb[3 * i + 1] + 0.11 * rgb[3 * i + 2];
  }
  return out;
}

function blurred(plane, width, height, radius) {
  let from = plane;
  for (const [dx, dy] of [
    [1, 0],
    [0, 1],
    [1, 0],
    [0, 1],
  ]) {
    const out = Buffer.alloc(from.length);
    for (let y = 0; y < height; ++y) {
      for (let x = 0; x < width; ++x) {
        let sum = 0;
        for (let k = -radius; k <= radius; ++k) {
          const xx = Math.min(width - 1, Math.max(0, x + dx * k));
          const yy = Math.min(height - 1, Math.max(0, y + dy * k));
          sum += from[yy * width + xx];
        }
        out[y * width + x] = sum / (2 * radius + 1);
      }
    }
    from = out;
  }
  return from;
}

function lines(plane, width, height) {
  const out = Buffer.alloc(plane.length, 236);
  for (let y = 1; y < height - 1; ++y) {
    for (let x = 1; x < width - 1; ++x) {
      const at = y * width + x;
      const edge = Math.abs(plane[at + 1] - plane[at - 1]) + Math.abs(plane[at + width] - plane[at - width]);
      if (edge > 14) out[at] = 60;
    }
  }
  return out;
}

export function rendition(number, style) {
  const [width, height] = hash("shape", number) % 4 === 0 ? [144, 192] : [192, 144];
  const plane = grey(draw(number, width, height));
  if (style === "grey") return png(width, height, 1, plane);
  if (style === "blur") return png(width, height, 1, blurred(plane, width, height, 6));
  return png(width, height, 1, lines(plane, width, height));
}

export function revealed(number, style) {
  const [width, height] = hash("shape", number) % 4 === 0 ? [480, 640] : [640, 480];
  const rgb = draw(number, width, height);
  return style === "grey" ? png(width, height, 1, grey(rgb)) : png(width, height, 3, rgb);
}
