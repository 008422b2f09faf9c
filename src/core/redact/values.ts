/** Text that stands where a secret would: a variable, a template slot, a type, a word of documentation. */
const placeholder =
  /^(?:true|false|null|none|nil|undefined|string|str|u?int\d{1,2}array|buffer|bytes|number|boolean|text|password|passwd|secret|token|changeme|redacted|required|optional|invalid|missing|expired|your[\w-]*|example[\w-]*|[x*.•_-]+|[<${%[].*|process\.env.*|os\.environ.*|env\..*)$/i;

/** `config.password`, `self.token`: code that names a secret without holding it. */
const dottedName = /^[A-Za-z_$][A-Za-z_$]*(?:\.[A-Za-z_$]+)+$/;

/** Values that vendors print in their own documentation: everybody knows them. */
const documented: ReadonlySet<string> = new Set([
  'AKIAIOSFODNN7EXAMPLE',
  'AKIAI44QH8DHBEXAMPLE',
  'ASIAIOSFODNN7EXAMPLE',
  'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  'je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY',
  'sk_test_4eC39HqLyjWDarjtT1zdp7dc',
  'sk_test_BQokikJOvBiI2HlWgH4olfQ2',
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c',
]);

export function isPlaceholder(value: string): boolean {
  return placeholder.test(value) || dottedName.test(value) || isDocumented(value);
}

/** The key of a vendor's documentation, or one that says of itself that it is an example. */
export function isDocumented(value: string): boolean {
  return documented.has(value) || /EXAMPLE(?:KEY)?$/.test(value);
}

/** A value behind a word such as `password`: short ones count, when the way of writing says that it is a value. */
export function isPassword(value: string, writtenAsValue: boolean): boolean {
  if (value.length < 4 || isPlaceholder(value)) return false;
  return writtenAsValue || (value.length >= 6 && /[^A-Za-z.]/.test(value));
}

/** A value behind a word such as `token`, which also has everyday meanings: it must look like nobody chose it. */
export function isToken(value: string): boolean {
  if (value.length < 8 || isPlaceholder(value) || !/[A-Za-z]/.test(value) || !/\d/.test(value)) return false;
  if (/^\w+!?\[/.test(value)) return false; // an element of a list, a macro
  return bitsPerCharacter(value) >= 2.7;
}

/** A value behind a word that hardly says anything: long, mixed, and no path, address, version or name. */
export function isStrongToken(value: string): boolean {
  if (value.length < 20 || !isToken(value) || /[:@{}[\]]|\/\/|\.\w{1,5}$/.test(value)) return false;
  return bitsPerCharacter(value) >= 3.3;
}

/** `user:password` with something real in it, or one long name, which is a token. */
export function isUserInfo(value: string): boolean {
  const colon = value.indexOf(':');
  if (colon === -1) return value.length >= 20;
  const password = value.slice(colon + 1);
  return password !== '' && !/^[<${%*[]/.test(password);
}

/** Shannon entropy over the characters of the text itself. */
export function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
