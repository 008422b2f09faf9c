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

/** Bits of a number that tell at a glance whether it can be among the wanted ones. */
const GLANCE_BITS = 20;

/** Looks for numbers in encoded lists, which are walked through as they are. */
export class WantedIds {
  readonly #ids: Uint32Array;
  /** A bit for each beginning of a wanted number. */
  readonly #beginnings = new Uint8Array(2 ** (GLANCE_BITS - 3));

  /** `ids`: ascending. */
  constructor(ids: Uint32Array) {
    this.#ids = ids;
    for (const id of ids) {
      const beginning = id >>> (32 - GLANCE_BITS);
      this.#beginnings[beginning >>> 3] = (this.#beginnings[beginning >>> 3] ?? 0) | (1 << (beginning & 7));
    }
  }

  areAnyIn(encoded: Uint8Array): boolean {
    const beginnings = this.#beginnings;
    let id = 0;
    for (let at = 0; at < encoded.length; at += 1) {
      let byte = encoded[at] ?? 0;
      let gap = byte & 0x7f;
      for (let shift = 7; byte >= 0x80; shift += 7) {
        at += 1;
        byte = encoded[at] ?? 0;
        gap |= (byte & 0x7f) << shift;
      }
      // 32 bits without a sign, as the gap may be.
      id = (id + gap) >>> 0;
      const beginning = id >>> (32 - GLANCE_BITS);
      if (((beginnings[beginning >>> 3] ?? 0) & (1 << (beginning & 7))) !== 0 && this.#has(id)) return true;
    }
    return false;
  }

  #has(id: number): boolean {
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ids[middle] ?? 0) < id) low = middle + 1;
      else high = middle;
    }
    return this.#ids[low] === id;
  }
}
