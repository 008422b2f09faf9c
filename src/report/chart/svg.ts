/** A tiny writer of SVG: elements, attributes and text, everything escaped; no scripts, no links, nothing from elsewhere. */

type Attributes = Readonly<Record<string, string | number>>;

type ElementName = 'svg' | 'title' | 'line' | 'circle' | 'text' | 'g';

/** One element with its children, which are elements already. Numbers are rounded to tenths, so that equal data give equal bytes. */
export function element(name: ElementName, attributes: Attributes = {}, children: readonly string[] = []): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(value)}"`);
  const open = `<${name}${written.join('')}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`;
}

/** Text between tags. XML allows few control characters and no lone surrogates, not even escaped. */
export function textNode(text: string): string {
  return (
    text
      .toWellFormed()
      // oxlint-disable-next-line eslint/no-control-regex -- control characters are what is replaced
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
  );
}

function attribute(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 10) / 10) : textNode(value);
}
