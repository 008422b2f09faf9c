import type { WrittenCall } from './written-call.ts';

interface Element {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly attributes: string;
  readonly inner: string;
}

/** `<tool-use><shell>..</shell></tool-use>` and `<function_calls><invoke name="shell">..</invoke></function_calls>`. */
export function xmlCalls(text: string): WrittenCall[] {
  const wrappers = [...elements(text, /<(tool-use)>/g), ...elements(text, /<(function_calls)>/g)];
  const calls = wrappers.flatMap((wrapper) => {
    const before = wrapper.start + wrapper.name.length + 2;
    const tag = wrapper.name === 'tool-use' ? /<([A-Za-z_][\w-]*)((?![\w-])[^<>]*)>/g : /<(invoke)([^<>]*)>/g;
    return elements(wrapper.inner, tag).map((element) => callOf(element, before));
  });
  return calls.sort((a, b) => a.start - b.start);
}

function callOf(element: Element, before: number): WrittenCall {
  const invoked = element.name === 'invoke';
  const toolName = invoked ? (attribute(element.attributes, 'name') ?? 'unknown') : element.name;
  const argument = invoked ? '' : (attribute(element.attributes, 'args') ?? '');
  const parameters = invoked ? elements(element.inner, /<(parameter)([^<>]*)>/g) : [];
  const content = parameters.length > 0 ? null : unescaped(element.inner.trim());
  const named = parameters.map(
    ({ attributes, inner }) => [attribute(attributes, 'name') ?? '', unescaped(inner.trim())] as const,
  );
  return {
    start: before + element.start,
    end: before + element.end,
    id: null,
    toolName,
    argument,
    content,
    input:
      content === null
        ? Object.fromEntries(named)
        : argument === ''
          ? { content }
          : { args: argument.split(' '), content },
  };
}

/** Elements whose opening tag `tag` finds, one after the other, never within each other; an open one ends the search. */
function elements(text: string, tag: RegExp): Element[] {
  const found: Element[] = [];
  for (let match = tag.exec(text); match !== null; match = tag.exec(text)) {
    const [opening, name = '', attributes = ''] = match;
    const closing = `</${name}>`;
    const innerStart = match.index + opening.length;
    const innerEnd = text.indexOf(closing, innerStart);
    if (innerEnd === -1) break;
    const end = innerEnd + closing.length;
    found.push({ start: match.index, end, name, attributes, inner: text.slice(innerStart, innerEnd) });
    tag.lastIndex = end;
  }
  return found;
}

function attribute(attributes: string, name: string): string | null {
  const value = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  return value === null ? null : unescaped(value[1] ?? value[2] ?? '');
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescaped(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name] ?? '');
}
