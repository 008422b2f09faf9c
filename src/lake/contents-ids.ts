/** Numbers of 32 bits, eight hex digits each, as an ascending list without repetitions. */
export function idsOfHex(digits: string): Uint32Array {
  const bytes = Buffer.from(digits, 'hex');
  const all = new Uint32Array(bytes.length / 4);
  for (let index = 0; index < all.length; index += 1) all[index] = bytes.readUInt32BE(index * 4);
  all.sort();
  let kept = 0;
  for (const id of all) {
    if (kept > 0 && all[kept - 1] === id) continue;
    all[kept] = id;
    kept += 1;
  }
  return all.subarray(0, kept);
}

/** Ascending numbers of 32 bits as the distances between them, seven bits a byte: three bytes each where 8,000 are spread evenly. */
export function encodeIds(ids: Uint32Array): Buffer {
  const bytes = Buffer.allocUnsafe(ids.length * 5);
  let at = 0;
  let before = 0;
  for (const id of ids) {
    let left = id - before;
    before = id;
    for (; left >= 0x80; left = Math.floor(left / 0x80)) {
      bytes[at] = (left % 0x80) | 0x80;
      at += 1;
    }
    bytes[at] = left;
    at += 1;
  }
  return bytes.subarray(0, at);
}

/** Whether one of the ascending numbers is among the encoded ones, which are walked through as they are. */
export function holdsAny(encoded: Uint8Array, wanted: Uint32Array): boolean {
  let next = 0;
  let at = 0;
  let id = 0;
  while (at < encoded.length && next < wanted.length) {
    let byte = encoded[at] ?? 0;
    at += 1;
    let gap = byte & 0x7f;
    for (let weight = 0x80; byte >= 0x80; weight *= 0x80) {
      byte = encoded[at] ?? 0;
      at += 1;
      gap += (byte & 0x7f) * weight;
    }
    id += gap;
    while (next < wanted.length && (wanted[next] ?? 0) < id) next += 1;
    if (wanted[next] === id) return true;
  }
  return false;
}
