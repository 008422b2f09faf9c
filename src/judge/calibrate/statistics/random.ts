/** A whole number from 0 to below the bound. */
export type Draw = (bound: number) => number;

const WORD = 2 ** 32;

/**
 * Chris Doty-Humphrey's generator sfc32 with the seed in its first words. It only adds and shifts 32-bit whole numbers, so the
 * same seed gives the same draws on every machine. Not for secrets.
 */
export function seededDraw(seed: number): Draw {
  let a = seed | 0;
  let b = Math.trunc(seed / WORD) | 0;
  let c = 0;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // The first words still show the seed.
  for (let round = 0; round < 15; round += 1) next();
  return (bound) => Math.floor((next() / WORD) * bound);
}
