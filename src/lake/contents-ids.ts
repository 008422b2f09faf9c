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

export function decodeIds(bytes: Uint8Array, count: number): Uint32Array {
  const ids = new Uint32Array(count);
  let at = 0;
  let id = 0;
  for (let index = 0; index < count; index += 1) {
    let byte = bytes[at] ?? 0;
    at += 1;
    let gap = byte & 0x7f;
    for (let weight = 0x80; byte >= 0x80; weight *= 0x80) {
      byte = bytes[at] ?? 0;
      at += 1;
      gap += (byte & 0x7f) * weight;
    }
    id += gap;
    ids[index] = id;
  }
  return ids;
}

/** Whether two ascending lists have a number in common. */
export function shareAny(few: Uint32Array, many: Uint32Array): boolean {
  let at = 0;
  for (const wanted of few) {
    while (at < many.length && (many[at] ?? 0) < wanted) at += 1;
    if (at === many.length) return false;
    if (many[at] === wanted) return true;
  }
  return false;
}
