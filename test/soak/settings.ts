/** A number that `soak.mjs` hands over: SOAK_<name>. */
export function soakNumber(name: string): number {
  return Number(process.env[`SOAK_${name}`] ?? '0');
}
