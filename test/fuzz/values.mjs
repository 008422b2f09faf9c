/** Values that a field never has, and times and numbers that it has in no honest transcript. */
const texts = [
  '',
  ' ',
  '\u0000',
  '\ud83d',
  '\udc00\ud800',
  '\uffff\ufffe',
  '\u001b[31mred\u001b[0m\u0007',
  '\u202eevil\u2066',
  '\u2028\u2029\u0085',
  '__proto__',
  'constructor',
  'a'.repeat(100_000),
  '😀'.repeat(20_000),
  `${'x'.repeat(1499)}\ud83d\ude00`,
  '<system-reminder>'.repeat(2000),
  '<command-name>'.repeat(500),
  '```\n'.repeat(3000),
  '/'.repeat(5000),
  '../'.repeat(1000),
  "'; drop table events; --",
  '{"type":"user"}',
  'Process exited with code 99999999999999999999',
  'Wall time: -5 seconds',
  '$(echo '.repeat(2000),
  '"'.repeat(3000),
  "don't ".repeat(3000),
  '(((((((((('.repeat(300),
];
const times = [
  '2026-02-05T10:00:00Z',
  '2026-02-05T10:00:60Z',
  '2026-02-05T24:00:00Z',
  '2026-02-30T10:00:00Z',
  '9999-12-31T23:59:59Z',
  '0000-00-00',
  '1970-01-01T00:00:00Z',
  '2026-02-05 10:00:00,123',
  '2026-02-05T10:00:00',
  '2026-02-05T10:00:00.123456789+05:30',
  '+275760-09-13T00:00:00.001Z',
  '1770000000',
  1_770_000_000,
  1_770_000_000_000,
  1.77e15,
  1.77e18,
  -1,
  0.5,
];
const numbers = [
  0,
  -0,
  -1,
  1,
  1e308,
  -1e308,
  5e-324,
  2 ** 31,
  2 ** 53,
  -(2 ** 53),
  1e21,
  0.1,
  -0.000_001,
  4_294_967_296,
];

export function hostileValue(random) {
  switch (random.below(8)) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
      return random.of(numbers);
    case 3:
      return random.of(times);
    case 4:
      return [];
    case 5:
      return [random.of(texts), random.of(numbers), null, [{}]];
    case 6:
      return JSON.parse('{"__proto__":{"x":1},"constructor":null,"toString":1,"length":-1,"type":{},"":[]}');
    default:
      return random.of(texts);
  }
}

export function hostileTime(random) {
  return random.of(times);
}

/** JSON text that no value becomes: numbers out of range, words that are none, depths that end native parsers. */
export function hostileText(random) {
  const depth = random.of([400, 511, 512, 600, 5000, 50_000]);
  return random.of([
    '1e999',
    '-1e999',
    '123456789012345678901234567890',
    '9007199254740993',
    'NaN',
    '-',
    '"\\ud800"',
    '"\\u0000"',
    '"\u0000"',
    `${'['.repeat(depth)}${']'.repeat(depth)}`,
    `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
    '{"a":1,"a":2,"type":"x","type":"y"}',
  ]);
}
