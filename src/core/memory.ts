import { UsageError } from './errors.ts';

const MIB = 1024 ** 2;
/** What a sync of gigabytes needs to use two processors; less is slower. */
export const DEFAULT_MEMORY_BYTES: number = 768 * MIB;
const LEAST_BYTES = 512 * MIB;
/** Other programs of the machine, or of the container, want to live too. */
const SHARE_OF_MACHINE = 3 / 4;
/** What a look-up takes beside the engine: Node, the program and DuckDB's library. */
const PROGRAM_BYTES = 150 * MIB;
const LEAST_ENGINE_BYTES = 256 * MIB;

const units: Readonly<Record<string, number>> = { KB: 1e3, MB: 1e6, GB: 1e9, KIB: 1024, MIB, GIB: 1024 ** 3 };

/**
 * Bytes that a run may use: `--memory`, else `$SESH_MEMORY`, else 768 MiB or three quarters of what the machine or its
 * container has, whichever is less. UsageError for what is no size, or too small to work in.
 */
export function configuredMemory(
  option: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  machineBytes: number,
): number {
  if (option !== undefined) return checkedSize(option, '--memory');
  const own = env['SESH_MEMORY'];
  if (own !== undefined && own !== '') return checkedSize(own, 'SESH_MEMORY');
  return Math.max(LEAST_BYTES, Math.min(DEFAULT_MEMORY_BYTES, Math.floor(machineBytes * SHARE_OF_MACHINE)));
}

function checkedSize(text: string, name: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMG]i?B)$/i.exec(text) ?? [];
  const bytes = Math.floor(Number(digits) * (units[unit.toUpperCase()] ?? Number.NaN));
  if (Number.isNaN(bytes)) throw new UsageError(`Expected ${name} to be a size such as 600MB or 1GB, got "${text}".`);
  if (bytes < LEAST_BYTES) throw new UsageError(`Expected ${name} to be at least 512MiB, got "${text}".`);
  return bytes;
}

/** What of it an engine may use beside Node and the program. */
export function engineMemory(memoryBytes: number): number {
  return Math.max(LEAST_ENGINE_BYTES, memoryBytes - PROGRAM_BYTES);
}
