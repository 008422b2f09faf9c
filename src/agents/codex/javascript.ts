import type { Json } from '../../core/json.ts';
import { numberRead, stringAt, templateAt, type Read } from './literals.ts';

/** A call `tools.<name>(<argument>)` in a script. */
export interface InnerCall {
  readonly name: string;
  /** The argument where it is a literal; undefined where only running the script would tell. */
  readonly argument: Json | undefined;
  /** The script hands what the call gave to `text` or another function that prints. */
  prints: boolean;
}

const MAX_DEPTH = 40;
/** How many characters constants may be repeated into, all together: a short script must not become gigabytes. */
const MOST_REPEATED_CHARACTERS = 1_000_000;
/** Longer scripts are not looked into. */
const MOST_CHARACTERS = 1_000_000;
/** How many times its length may be read in vain in a script whose strings do not end, before it is given up. */
const MOST_READ_IN_VAIN = 20;

const identifier = /[A-Za-z_$][\w$]*/y;
const number = /-?(?:0x[\da-f]+|(?:\d[\d_]*)(?:\.\d+)?(?:e[+-]?\d+)?)/iy;
const space = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const binding = /(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*=(?![=>])\s*/y;
const member = /\s*(?:\?\.|\.)\s*([A-Za-z_$][\w$]*)\s*\(/y;
const indexed = /\s*\[\s*(["'`])([\w$-]+)\1\s*\]\s*\(/y;
const join = /\s*\.\s*join\s*\(\s*/y;
const printers = new Set(['text', 'notify', 'print', 'log']);

/** The calls of tools in a script of code mode, in order; nothing is run. */
export function innerCalls(script: string): readonly InnerCall[] {
  return script.length > MOST_CHARACTERS ? [] : new ScriptReader(script).calls();
}

class ScriptReader {
  readonly #script: string;
  readonly #constants = new Map<string, Json>();
  readonly #calls: InnerCall[] = [];
  readonly #callOf = new Map<string, InnerCall>();
  #repeated = 0;
  #inVain = 0;
  /** How many parentheses are open, and how many were when a printing function was called. */
  #depth = 0;
  #printDepth: number | null = null;
  #assigned: string | null = null;
  /** Open braces, and for each open `${` of a template how many there were. */
  #braces = 0;
  readonly #templates: number[] = [];

  constructor(script: string) {
    this.#script = script;
  }

  calls(): readonly InnerCall[] {
    let at = 0;
    while (at < this.#script.length && this.#inVain <= MOST_READ_IN_VAIN * this.#script.length) at = this.#step(at);
    return this.#calls;
  }

  /** Reads one token of the script outside of literals, and says where the next begins. */
  #step(at: number): number {
    const sign = this.#script.charAt(at);
    if (sign === '"' || sign === "'") return this.#string(at)?.end ?? at + 1;
    if (sign === '`') return this.#templateText(at + 1);
    if (this.#script.startsWith('//', at)) return this.#behind('\n', at);
    if (this.#script.startsWith('/*', at)) return this.#behind('*/', at);
    if (sign === '{') this.#braces += 1;
    if (sign === '}') return this.#closeBrace(at);
    if (sign === '(') this.#depth += 1;
    if (sign === ')') this.#close();
    if (sign === ';') this.#assigned = null;
    const bound = this.#match(binding, at);
    if (bound !== null) return this.#bind(bound.groups[1] ?? '', bound.end);
    const word = this.#match(identifier, at);
    return word === null ? at + 1 : this.#word(word.groups[0] ?? '', word.end);
  }

  #string(at: number): Read | null {
    const read = stringAt(this.#script, at);
    if (read === null) this.#inVain += this.#behind('\n', at) - at;
    return read;
  }

  #behind(mark: string, at: number): number {
    const found = this.#script.indexOf(mark, at + 2);
    return found === -1 ? this.#script.length : found + mark.length;
  }

  /** To the end of a template, or into its next `${`. */
  #templateText(from: number): number {
    for (let at = from; at < this.#script.length; at += 1) {
      const sign = this.#script.charAt(at);
      if (sign === '\\') at += 1;
      else if (sign === '`') return at + 1;
      else if (sign === '$' && this.#script.charAt(at + 1) === '{') {
        this.#templates.push(this.#braces);
        return at + 2;
      }
    }
    return this.#script.length;
  }

  #closeBrace(at: number): number {
    if (this.#templates.at(-1) === this.#braces) {
      this.#templates.pop();
      return this.#templateText(at + 1);
    }
    this.#braces -= 1;
    return at + 1;
  }

  #close(): void {
    this.#depth -= 1;
    if (this.#printDepth !== null && this.#depth < this.#printDepth) this.#printDepth = null;
  }

  #bind(name: string, at: number): number {
    this.#assigned = name;
    const literal = this.#literal(at, 0);
    if (literal === null) return at;
    this.#constants.set(name, literal.value);
    return literal.end;
  }

  #word(word: string, end: number): number {
    if (word === 'tools') return this.#toolCall(end) ?? end;
    const open = this.#match(space, end)?.end ?? end;
    if (printers.has(word) && this.#script.charAt(open) === '(') this.#printDepth ??= this.#depth + 1;
    const given = this.#printDepth === null ? undefined : this.#callOf.get(word);
    if (given !== undefined) given.prints = true;
    return end;
  }

  #toolCall(end: number): number | null {
    const dotted = this.#match(member, end);
    const found = dotted ?? this.#match(indexed, end);
    if (found === null) return null;
    const name = (dotted === null ? found.groups[2] : found.groups[1]) ?? '';
    const argument = this.#argument(found.end);
    const call: InnerCall = { name, argument: argument?.value, prints: this.#printDepth !== null };
    this.#calls.push(call);
    if (this.#assigned !== null) this.#callOf.set(this.#assigned, call);
    this.#assigned = null;
    this.#depth += 1;
    return argument?.end ?? found.end;
  }

  /** The first argument, when it is a literal and nothing is done with it before it is handed over. */
  #argument(at: number): Read | null {
    const start = this.#skipSpace(at);
    if (this.#script.charAt(start) === ')') return { value: {}, end: start };
    const literal = this.#literal(start, 0);
    if (literal === null) return null;
    const end = this.#skipSpace(literal.end);
    return /[),]/.test(this.#script.charAt(end)) ? { value: literal.value, end } : null;
  }

  /** A literal, sums of texts and `[...].join("...")` included; null for what only running would tell. */
  #literal(at: number, depth: number): Read | null {
    let left = this.#term(at, depth);
    while (left !== null) {
      const plus = this.#skipSpace(left.end);
      if (this.#script.charAt(plus) !== '+' || typeof left.value !== 'string') return left;
      const right: Read | null = this.#term(plus + 1, depth);
      if (right === null || typeof right.value !== 'string') return null;
      left = { value: left.value + right.value, end: right.end };
    }
    return null;
  }

  #term(from: number, depth: number): Read | null {
    const at = this.#skipSpace(from);
    if (depth > MAX_DEPTH) return null;
    const sign = this.#script.charAt(at);
    if (sign === '{') return this.#object(at + 1, depth);
    if (sign === '[') return this.#joined(this.#list(at + 1, depth));
    if (sign === '"' || sign === "'") return this.#string(at);
    if (sign === '`') return templateAt(this.#script, at, false);
    if (this.#script.startsWith('String.raw`', at)) return templateAt(this.#script, at + 'String.raw'.length, true);
    const digits = this.#match(number, at);
    if (digits !== null && digits.end > at) return numberRead(digits.groups[0] ?? '', digits.end);
    const word = this.#match(identifier, at);
    return word === null ? null : this.#named(word.groups[0] ?? '', word.end);
  }

  #named(word: string, end: number): Read | null {
    if (word === 'true' || word === 'false') return { value: word === 'true', end };
    if (word === 'null' || word === 'undefined') return { value: null, end };
    const value = this.#constants.get(word);
    if (value === undefined || /[.([]/.test(this.#script.charAt(this.#skipSpace(end)))) return null;
    this.#repeated += JSON.stringify(value).length;
    return this.#repeated > MOST_REPEATED_CHARACTERS ? null : { value, end };
  }

  #object(from: number, depth: number): Read | null {
    const members: [string, Json][] = [];
    let at = this.#skipSpace(from);
    while (this.#script.charAt(at) !== '}') {
      const key = this.#key(at);
      if (key === null) return null;
      const colon = this.#skipSpace(key.end);
      const isShort = this.#script.charAt(colon) !== ':';
      const value = isShort ? this.#named(key.name, key.end) : this.#literal(colon + 1, depth + 1);
      const next = value === null ? null : this.#afterItem(value.end, '}');
      if (value === null || next === null) return null;
      members.push([key.name, value.value]);
      at = next;
    }
    return { value: Object.fromEntries(members), end: at + 1 };
  }

  #key(at: number): { readonly name: string; readonly end: number } | null {
    const sign = this.#script.charAt(at);
    const quoted = sign === '"' || sign === "'" ? this.#string(at) : null;
    if (quoted !== null) return typeof quoted.value === 'string' ? { name: quoted.value, end: quoted.end } : null;
    const word = this.#match(identifier, at);
    return word === null ? null : { name: word.groups[0] ?? '', end: word.end };
  }

  #list(from: number, depth: number): Read | null {
    const items: Json[] = [];
    let at = this.#skipSpace(from);
    while (this.#script.charAt(at) !== ']') {
      const item = this.#literal(at, depth + 1);
      const next = item === null ? null : this.#afterItem(item.end, ']');
      if (item === null || next === null) return null;
      items.push(item.value);
      at = next;
    }
    return { value: items, end: at + 1 };
  }

  #joined(list: Read | null): Read | null {
    if (list === null || !Array.isArray(list.value)) return list;
    const found = this.#match(join, list.end);
    if (found === null) return list;
    if (!list.value.every((item) => typeof item === 'string')) return null;
    const glue = this.#term(found.end, 0);
    const end = glue === null ? 0 : this.#skipSpace(glue.end);
    if (glue === null || typeof glue.value !== 'string' || this.#script.charAt(end) !== ')') return null;
    return { value: list.value.join(glue.value), end: end + 1 };
  }

  /** Behind the comma after an item, or at the closing sign. */
  #afterItem(end: number, closing: string): number | null {
    const at = this.#skipSpace(end);
    const sign = this.#script.charAt(at);
    if (sign === closing) return at;
    return sign === ',' ? this.#skipSpace(at + 1) : null;
  }

  #skipSpace(at: number): number {
    return this.#match(space, at)?.end ?? at;
  }

  #match(pattern: RegExp, at: number): { readonly groups: RegExpExecArray; readonly end: number } | null {
    pattern.lastIndex = at;
    const groups = pattern.exec(this.#script);
    return groups === null ? null : { groups, end: pattern.lastIndex };
  }
}
