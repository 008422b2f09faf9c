const file = /^\*\*\* (?:Add|Update|Delete) File: (.+?)\s*$/m;
/** `apply_patch` as a shell command, where it was no tool of its own; a change of directory may come first. */
const patchCommand = /^\s*(?:cd\s+[^\s&;][^\n&;]*(?:&&|;)\s*)?apply_?patch\b/;

const PATCH_START = '*** Begin Patch';

/** The first file that a patch names. */
export function firstFileOf(patch: string): string | null {
  return file.exec(patch)?.[1] ?? null;
}

export function isPatchCommand(command: string): boolean {
  return patchCommand.test(command) && command.includes(PATCH_START);
}
