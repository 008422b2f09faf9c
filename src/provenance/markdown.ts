interface FoundCommand {
  readonly command: string;
  readonly line: number;
}

/** Lines of code blocks and code spans of a document that may be commands, with their line numbers. */
export function commandsInMarkdown(text: string): readonly FoundCommand[] {
  const found: FoundCommand[] = [];
  let fence: string | null = null;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1] ?? null;
    if (mark !== null && (fence === null || mark.startsWith(fence))) {
      fence = fence === null ? mark : null;
      continue;
    }
    if (fence !== null) {
      if (/^\s*(?:[$>]\s*)?[\w./~-]+/.test(line)) found.push({ command: line.trim(), line: index + 1 });
      continue;
    }
    for (const [, span = ''] of line.matchAll(/`([^`\n]{4,200})`/g)) found.push({ command: span, line: index + 1 });
  }
  return found;
}
