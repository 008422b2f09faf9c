import os from 'node:os';

/** Bytes of the machine, or what its container (cgroup) allows of them. */
export function machineMemory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, os.totalmem()) : os.totalmem();
}
