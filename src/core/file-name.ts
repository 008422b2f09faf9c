/** Windows opens a device for these, whatever follows the first dot. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Whether a name out of a transcript, a database or a collected tree may name a new file as it is: no separator, no leading dot or
 * hyphen, nothing that a shell or another system reads in its own way (security.md T05, T54).
 */
export function isPlainFileName(name: string): boolean {
  return /^\w(?:[\w .@=+,-]{0,198}[\w@=+,-])?$/.test(name) && !DEVICE.test(name);
}
