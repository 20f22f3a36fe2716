// Makes a zip of a few small texts, uncompressed.
const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

const checksum = (bytes) => {
  let value = 0xffffffff;
  for (const byte of bytes) value = TABLE[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
};

// files: [[path, Uint8Array]]
export function zip(files) {
  const parts = [];
  const entries = [];
  let at = 0;
  for (const [path, content] of files) {
    const name = new TextEncoder().encode(path);
    // Version 2.0, names in UTF-8, stored, 1 January 2020.
    const fields = [20, 0x0800, 0, 0, 0x5021, checksum(content), content.length, content.length, name.length, 0];
    const head = packed("SSSSSLLLSS", fields);
    parts.push(signed(0x04034b50), head, name, content);
    entries.push(signed(0x02014b50), packed("S", [20]), head, packed("SSSLL", [0, 0, 0, 0, at]), name);
    at += 4 + head.length + name.length + content.length;
  }
  const size = entries.reduce((sum, part) => sum + part.length, 0);
  const end = packed("SSSSLLS", [0, 0, files.length, files.length, size, at, 0]);
  return new Blob([...parts, ...entries, signed(0x06054b50), end], { type: "application/zip" });
}

const signed = (value) => packed("L", [value]);

function packed(kinds, values) {
  const view = new DataView(new ArrayBuffer([...kinds].reduce((sum, kind) => sum + (kind === "S" ? 2 : 4), 0)));
  let at = 0;
  values.forEach((value, index) => {
    if (kinds[index] === "S") view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += kinds[index] === "S" ? 2 : 4;
  });
  return new Uint8Array(view.buffer);
}
