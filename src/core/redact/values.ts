/** Text that stands where a secret would: a variable, a template slot, a type, a word of documentation. */
const placeholder =
  /^(?:true|false|null|none|nil|undefined|string|str|u?int\d{1,2}array|buffer|bytes|number|boolean|text|password|passwd|secret|token|changeme|redacted|required|optional|invalid|missing|expired|your[\w-]*|example[\w-]*|[x*.•_-]+|[<${%[].*|process\.env.*|os\.environ.*|env\..*)$/i;

/** `config.password`, `self.token`: code that names a secret without holding it. */
const dottedName = /^[A-Za-z_$][A-Za-z_$]*(?:\.[A-Za-z_$]+)+$/;

export function isPlaceholder(value: string): boolean {
  return placeholder.test(value) || dottedName.test(value);
}

/** A value behind a word such as `password`: short ones count, when the way of writing says that it is a value. */
export function isPassword(value: string, writtenAsValue: boolean): boolean {
  if (value.length < 4 || isPlaceholder(value)) return false;
  return writtenAsValue || (value.length >= 6 && /[^A-Za-z.]/.test(value));
}

/** A value behind a word such as `token`, which also has everyday meanings: it must look like nobody chose it. */
export function isToken(value: string): boolean {
  if (value.length < 8 || isPlaceholder(value) || !/[A-Za-z]/.test(value) || !/\d/.test(value)) return false;
  return bitsPerCharacter(value) >= 2.7;
}

/** Shannon entropy over the characters of the text itself. */
function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [...counts.values()].reduce((sum, count) => sum - (count / total) * Math.log2(count / total), 0);
}
