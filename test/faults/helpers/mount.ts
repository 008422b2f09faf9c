import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { onTestFinished } from 'vitest';

/** How a test says that it cannot run here. */
export type Skip = (condition: boolean, why: string) => void;

/** Mounts a disk of its own in the memory, which is gone when the test ends; skips where that is not allowed. */
export function mountDisk(folder: string, megabytes: number, skip: Skip): void {
  mkdirSync(folder, { recursive: true });
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  skip(status !== 0, 'mounting a disk is not allowed here');
  onTestFinished(() => {
    spawnSync('umount', ['--lazy', folder]);
  });
}

/** Changes a mounted disk: its size, or that it is read-only. */
export function remount(folder: string, option: string): void {
  const { status, stderr } = spawnSync('mount', ['-o', `remount,${option}`, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}
