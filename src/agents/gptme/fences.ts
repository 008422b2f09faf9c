import type { WrittenCall } from './written-call.ts';

/** Tags of code blocks that gptme runs; blocks with other tags (`json`, `diff`, a file's name) are prose (formats.md 4.3). */
const runnable = new Set([
  'append',
  'browser',
  'chats',
  'choice',
  'complete',
  'computer',
  'form',
  'gh',
  'ipython',
  'mcp',
  'morph',
  'patch',
  'py',
  'python',
  'rag',
  'read',
  'restart',
  'save',
  'screenshot',
  'shell',
  'subagent',
  'tmux',
  'todo',
  'todoread',
  'todowrite',
  'vision',
  'youtube',
]);

interface Line {
  readonly start: number;
  readonly text: string;
}

/** Closed blocks whose tag is a tool. A block within a block belongs to the outer one, and an open block is not run. */
export function fencedCalls(text: string): WrittenCall[] {
  const calls: WrittenCall[] = [];
  const lines = linesOf(text);
  for (let index = 0; index < lines.length; index += 1) {
    const fence = fenceOf(lines[index]);
    if (fence === null) continue;
    const close = closingLine(lines, index, fence.ticks);
    if (close === null) break;
    const last = lines[close];
    const first = lines[index + 1];
    if (last === undefined || first === undefined) break;
    const [toolName = '', ...args] = fence.tag.split(/\s+/);
    if (runnable.has(toolName)) {
      const content = text.slice(first.start, Math.max(first.start, last.start - 1));
      calls.push({
        start: lines[index]?.start ?? 0,
        end: last.start + last.text.length,
        id: null,
        toolName,
        argument: args.join(' '),
        content,
        input: args.length === 0 ? { content } : { args, content },
      });
    }
    index = close;
  }
  return calls;
}

/** The line that closes the block opened at `open`: as many fences closed as opened, inner ones having a tag. */
function closingLine(lines: readonly Line[], open: number, ticks: number): number | null {
  let depth = 1;
  for (let index = open + 1; index < lines.length; index += 1) {
    const fence = fenceOf(lines[index]);
    if (fence === null || fence.ticks < ticks) continue;
    depth += fence.tag === '' ? -1 : 1;
    if (depth === 0) return index;
  }
  return null;
}

function fenceOf(line: Line | undefined): { readonly ticks: number; readonly tag: string } | null {
  if (line === undefined || !line.text.startsWith('```')) return null;
  const ticks = /^`+/.exec(line.text)?.[0].length ?? 0;
  const tag = line.text.slice(ticks).trim();
  return tag.includes('`') ? null : { ticks, tag };
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    lines.push({ start, text: line });
    start += line.length + 1;
  }
  return lines;
}
