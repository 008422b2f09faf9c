/** Folders below which an agent keeps git worktrees of the project above them. */
const worktreeFolders = ['/.claude/worktrees/', '/.worktrees/'];

/**
 * The project's name: the last part of the working directory, of the repository for a worktree inside it.
 * Windows paths too; null when there is no name to take (`/`, an empty path).
 */
export function projectOf(cwd: string | null): string | null {
  if (cwd === null) return null;
  const path = cwd.replaceAll('\\', '/');
  const worktree = worktreeFolders.map((folder) => path.indexOf(folder)).find((at) => at > 0);
  const parts = path.slice(0, worktree ?? path.length).split('/');
  return parts.findLast((part) => part !== '' && part !== '.') ?? null;
}
