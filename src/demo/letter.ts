// A mail as a person reads it, out of what came over the wire (RFC 5322, 2045, 2047). As much as vigie's own mails need.

export interface Letter {
  readonly subject: string
  readonly from: string
  readonly to: string
  readonly body: string
}

/** Never throws: what it can't decode it leaves as it came. */
export function readLetter(raw: string): Letter {
  const end = raw.search(/\r?\n\r?\n/)
  const head = end === -1 ? raw : raw.slice(0, end)
  const body = end === -1 ? '' : raw.slice(end).replace(/^\r?\n\r?\n/, '')
  const fields = new Map(
    head
      .replace(/\r?\n[ \t]+/g, ' ')
      .split(/\r?\n/)
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const field = (name: string) => wordsOf(fields.get(name) ?? '')
  const encoding = fields.get('content-transfer-encoding')?.toLowerCase()
  const text = encoding === 'quoted-printable' ? unquoted(body) : encoding === 'base64' ? unbased(body) : body
  return {
    subject: field('subject'),
    from: field('from'),
    to: field('to'),
    body: text.replace(/\r\n/g, '\n').trimEnd(),
  }
}

/** RFC 2047: `=?UTF-8?Q?…?=`; blanks between two of them are none. */
function wordsOf(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, how: string, coded: string) =>
      how.toLowerCase() === 'b' ? unbased(coded) : unquoted(coded.replaceAll('_', ' ')),
    )
}

/** RFC 2045, 6.7. */
function unquoted(text: string): string {
  const bytes = Buffer.from(text.replace(/=\r?\n/g, ''), 'utf8').toString('latin1')
  const plain = bytes.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(plain, 'latin1').toString('utf8')
}

function unbased(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8')
}
