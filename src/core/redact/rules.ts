import { contextRules, type ContextRule } from './contexts.ts';
import { tokenFormats, type TokenFormat } from './formats.ts';
import type { SecretKind } from './kinds.ts';
import { bitsPerCharacter, isDocumented } from './values.ts';

/** A rule ready to be tried at a place. */
export interface Rule {
  readonly id: string;
  readonly kind: SecretKind;
  readonly words: readonly string[];
  readonly folded: boolean;
  /** Sticky, with indices. */
  readonly pattern: RegExp;
  readonly back: readonly number[];
  /** The match must not be the rest of a longer word. */
  readonly startsWord: boolean;
  readonly accept: (value: string, groups: Readonly<Record<string, string | undefined>>) => boolean;
}

const HERE = [0];

export const rules: readonly Rule[] = [...contextRules.map(ofContext), ...tokenFormats.map(ofFormat)];

function ofContext(rule: ContextRule): Rule {
  const { id, kind, words, pattern, flags = '', back = HERE } = rule;
  return {
    id,
    kind,
    words,
    folded: true,
    pattern: new RegExp(pattern, `dy${flags}`),
    back,
    startsWord: false,
    accept: rule.accept ?? (() => true),
  };
}

function ofFormat({ id, kind, starts, rest, entropy = 0, exact, notAfter = '' }: TokenFormat): Rule {
  const beginnings = starts.map((start) => start.replaceAll(/[.$+]/g, String.raw`\$&`)).join('|');
  const end = exact === true ? '(?![A-Za-z0-9])' : '';
  return {
    id,
    kind,
    words: starts,
    folded: false,
    pattern: new RegExp(`${notAfter === '' ? '' : `(?<!${notAfter})`}(?:${beginnings})${rest}${end}`, 'dy'),
    back: HERE,
    startsWord: true,
    accept: (value) =>
      !isDocumented(value) && !isFiller(value) && (entropy === 0 || bitsPerCharacter(value) >= entropy),
  };
}

/** `ghp_xxxxxxxxxxxxxxxxxxxx`: three different characters in a row hardly happen after a beginning that nobody filled in. */
function isFiller(value: string): boolean {
  return /([Xx*.0])\1{11}/.test(value);
}
