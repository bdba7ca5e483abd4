// XML written by hand: Atom, RSS and SVG. The usual libraries stamp the present moment into feeds.

/** Text as XML takes it, in elements and in quoted attributes; characters that XML 1.0 forbids are left out. */
export function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;')
}

/** `<name a="1">body</name>`; attributes are escaped, the body is markup already. Without a body: `<name a="1"/>`. */
export function element(name: string, attributes: Readonly<Record<string, string>>, body?: string): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${xml(value)}"`)
  return body === undefined ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${body}</${name}>`
}
