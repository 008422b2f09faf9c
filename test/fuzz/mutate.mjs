import { hostileText, hostileTime, hostileValue } from './values.mjs';

const MARK = '\u{10FFFF}hostile\u{10FFFF}';
const MOST_LINES = 60;

/** A transcript as somebody might have damaged it: first its records, then its bytes. */
export function mutate(bytes, form, random) {
  if (form === 'text') return mutateBytes(bytes, random);
  if (form === 'document') {
    const text = mutateJson(bytes.toString('utf8'), random);
    return random.chance(0.3) ? mutateBytes(Buffer.from(text), random) : Buffer.from(text);
  }
  let lines = someOf(bytes.toString('utf8').split('\n'), random);
  for (let times = random.below(4); times > 0; times -= 1) lines = reorder(lines, random);
  const edits = 1 + random.below(12);
  for (let done = 0; done < edits && lines.length > 0; done += 1) {
    const at = random.below(lines.length);
    lines[at] = mutateJson(lines[at], random, lines);
  }
  const whole = Buffer.from(lines.join(random.chance(0.05) ? '\r\n' : '\n'));
  return random.chance(0.4) ? mutateBytes(whole, random) : whole;
}

/** The beginning, which says whose session it is, and a stretch from anywhere. */
function someOf(lines, random) {
  if (lines.length <= MOST_LINES) return [...lines];
  const start = random.below(lines.length - MOST_LINES);
  return [...lines.slice(0, 5), ...lines.slice(start, start + MOST_LINES)];
}

function reorder(lines, random) {
  if (lines.length < 2) return lines;
  const at = random.below(lines.length);
  const other = random.below(lines.length);
  const result = [...lines];
  switch (random.below(5)) {
    case 0:
      [result[at], result[other]] = [result[other], result[at]];
      return result;
    case 1:
      return result.toSpliced(at, 0, ...result.slice(other, other + 5));
    case 2:
      return result.toSpliced(at, 1);
    case 3:
      return result.toReversed();
    default:
      // Glued, or cut and glued.
      result[at] =
        result[at].slice(0, random.chance(0.5) ? undefined : random.below(result[at].length)) + result[other];
      return result;
  }
}

/** One record with one to three of its values, keys or ids changed; text that is no JSON comes back as it is. */
function mutateJson(text, random, others = []) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  let raw = null;
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    const places = placesIn(value);
    if (places.length === 0) break;
    const { holder, key } = random.of(random.chance(0.5) ? tellingOf(places) : places);
    switch (random.below(9)) {
      case 0:
        if (Array.isArray(holder)) holder.splice(Number(key), 1);
        else delete holder[key];
        break;
      case 1:
        holder[key] = borrowed(random, others) ?? hostileValue(random);
        break;
      case 2: {
        const other = random.of(places);
        [holder[key], other.holder[other.key]] = [other.holder[other.key], holder[key]];
        if (isCyclic(value)) return text;
        break;
      }
      case 3:
        holder[key] = [holder[key], holder[key]];
        break;
      case 4:
        if (!Array.isArray(holder))
          define(holder, random.of(['__proto__', 'constructor', 'type', 'Type', '', 'id']), hostileValue(random));
        break;
      case 5:
        holder[key] = MARK;
        raw = hostileText(random);
        break;
      case 6:
        holder[key] = typeof holder[key] === 'number' ? -holder[key] : hostileTime(random);
        break;
      default:
        holder[key] = hostileValue(random);
    }
  }
  if (isCyclic(value)) return text;
  const written = JSON.stringify(value) ?? 'null';
  return raw === null ? written : written.replaceAll(JSON.stringify(MARK), () => raw);
}

/** An own property, also when its name is that of the prototype. */
function define(holder, key, value) {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The value of some field of another record: an id, a time or a block where it does not belong. */
function borrowed(random, others) {
  try {
    const { holder, key } = random.of(placesIn(JSON.parse(random.of(others))));
    return holder[key];
  } catch {
    return undefined;
  }
}

/** Fields that adapters reckon with; in long texts and inputs chance alone seldom meets one. */
const telling =
  /duration|elapsed|time|ms$|token|usage|cost|exit|status|count|^input$|^args|model|type|role|id$|name|error|content/i;

function tellingOf(places) {
  const found = places.filter(({ key }) => telling.test(key));
  return found.length === 0 ? places : found;
}

/** Every place in a value; not in the depths that an earlier change may have dug. */
function placesIn(value, places = [], depth = 0) {
  if (typeof value !== 'object' || value === null || depth > 600) return places;
  for (const key of Object.keys(value)) {
    if (places.length > 20_000) return places;
    places.push({ holder: value, key });
    placesIn(value[key], places, depth + 1);
  }
  return places;
}

/** Also too deep to be written. */
function isCyclic(value) {
  try {
    JSON.stringify(value);
    return false;
  } catch {
    return true;
  }
}

function mutateBytes(bytes, random) {
  if (bytes.length === 0) return bytes;
  const at = random.below(bytes.length);
  const cut = (from, to) => bytes.subarray(from, to);
  switch (random.below(9)) {
    case 0:
      return cut(0, at);
    case 1:
      return cut(at);
    case 2: {
      const flipped = Buffer.from(bytes);
      for (let times = 1 + random.below(20); times > 0; times -= 1)
        flipped[random.below(flipped.length)] ^= 1 << random.below(8);
      return flipped;
    }
    case 3:
      return Buffer.concat([cut(0, at), Buffer.alloc(1 + random.below(3000)), cut(at)]);
    case 4:
      return Buffer.concat([Buffer.from('\uFEFF'), cut(0, at), Buffer.from('\uFEFF'), cut(at)]);
    case 5:
      return Buffer.from(bytes.toString('utf8'), random.of(['utf16le', 'latin1']));
    case 6:
      return Buffer.concat([cut(0, at), cut(random.below(at + 1))]);
    case 7:
      return Buffer.concat([cut(0, at), Buffer.from([0xff, 0xc3, 0xed, 0xa0, 0x80]), cut(at)]);
    default:
      return Buffer.from(bytes.toString('latin1').replaceAll('\n', random.of(['\r\n', '\r', '\n\n', ' \n'])), 'latin1');
  }
}
