// Lists of `tag=value;`, as DKIM, DMARC, MTA-STS and TLSRPT write them (RFC 6376, 3.2).

/** In order; undefined for what is no such list, or says a tag twice. */
export function parseTags(text: string): ReadonlyMap<string, string> | undefined {
  const tags = new Map<string, string>()
  for (const part of text.replace(/;\s*$/, '').split(';')) {
    const at = part.indexOf('=')
    const [tag, value] = [part.slice(0, at).trim(), part.slice(at + 1).trim()]
    if (at < 0 || !/^[a-z]\w*$/i.test(tag) || !/^[\x20-\x3a\x3c-\x7e\s]*$/.test(value) || tags.has(tag))
      return undefined
    tags.set(tag, value)
  }
  return tags
}

/** True for a record that claims to be of this version: `v=DMARC1` comes first. */
export function claims(text: string, version: string): boolean {
  return new RegExp(`^\\s*v\\s*=\\s*${version}\\s*(;|$)`).test(text)
}
