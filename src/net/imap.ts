// IMAP as a client speaks it (RFC 9051, RFC 3501), as far as finding mails and deleting them.
import type { Login } from '../core/settings.ts'
import type { Instant } from '../core/time/time.ts'
import { type Dialect, negative, notNow, type Offers, soundsTemporary, unexpected } from './dialect.ts'
import type { Lines } from './lines.ts'
import { quote, withLiterals } from './literal.ts'
import { needSasl, saslFor } from './sasl.ts'

export interface Imap extends Dialect {
  /** Opens a mailbox and says how many mails are in it. Throws `status` where that is refused. */
  select(lines: Lines, mailbox: string): Promise<number>
  noop(lines: Lines): Promise<void>
  /** UIDs of the mails in the open mailbox that fit the criteria (RFC 9051, 6.4.4). */
  search(lines: Lines, criteria: string): Promise<readonly number[]>
  /** When the mails of these UIDs came in, by UID. */
  cameIn(lines: Lines, uids: readonly number[]): Promise<ReadonlyMap<number, Instant>>
  /** Deletes the mails of these UIDs and no other; where the server can't do that, marks them alone. */
  remove(lines: Lines, offers: Offers, uids: readonly number[]): Promise<void>
  /** Where the server puts what it takes for spam; null: nowhere it would tell. */
  junk(lines: Lines, offers: Offers): Promise<string | null>
  /** True when a mailbox has no room for a small mail; false also where the server keeps no quota. */
  full(lines: Lines, offers: Offers, mailbox: string): Promise<boolean>
}

interface Reply {
  readonly status: 'OK' | 'NO' | 'BAD'
  /** What follows the status. */
  readonly text: string
  /** Lines of data before it, without their star. */
  readonly data: readonly string[]
}

/** Response codes that are no verdict on a login (RFC 5530). */
const NOT_NOW: readonly string[] = ['UNAVAILABLE', 'INUSE', 'LIMIT', 'SERVERBUG']
const STATUS = /^(OK|NO|BAD)(?: (.*))?$/i

/** One session. */
export function createImap(): Imap {
  let commands = 0
  return {
    good: 'OK',
    upgrade: 'STARTTLS',
    farewell: 'z LOGOUT',
    async greet(lines) {
      const line = await lines.next()
      if (/^\* BYE\b/i.test(line)) throw negative(line.slice(2))
      if (!/^\* OK\b/i.test(line)) throw unexpected('greeting', line)
      return line
    },
    toldBy: (greeting) => {
      const told = /^\* OK \[CAPABILITY ([^\]]*)\]/i.exec(greeting)?.[1]
      return told === undefined ? null : offersIn(told)
    },
    async offers(lines) {
      const { data } = await want(lines, 'CAPABILITY')
      return offersIn(data.flatMap((line) => /^CAPABILITY (.*)$/i.exec(line)?.[1] ?? []).join(' '))
    },
    async startTls(lines) {
      const { status, text } = await ask(lines, 'STARTTLS')
      if (status !== 'OK') throw unexpected('STARTTLS', `${status} ${text}`)
    },
    authenticate,
    async select(lines, mailbox) {
      const { data } = await want(lines, `SELECT ${quote(encodeName(mailbox))}`)
      return Number(data.flatMap((line) => /^(\d{1,9}) EXISTS$/i.exec(line)?.[1] ?? []).at(-1) ?? 0)
    },
    async noop(lines) {
      await want(lines, 'NOOP')
    },
    search: async (lines, criteria) => numbersOf(await want(lines, `UID SEARCH ${criteria}`)),
    async cameIn(lines, uids) {
      if (uids.length === 0) return new Map()
      const { data } = await want(lines, `UID FETCH ${uids.join(',')} (INTERNALDATE)`)
      return new Map(data.flatMap(arrivalIn))
    },
    async remove(lines, { words }, uids) {
      if (uids.length === 0) return
      const set = uids.join(',')
      await want(lines, `UID STORE ${set} +FLAGS.SILENT (\\Deleted)`)
      if (words.includes('UIDPLUS')) await want(lines, `UID EXPUNGE ${set}`)
      // A plain EXPUNGE takes what others marked along.
      else if (numbersOf(await want(lines, 'UID SEARCH DELETED')).every((uid) => uids.includes(uid))) {
        await want(lines, 'EXPUNGE')
      }
    },
    async junk(lines, { words }) {
      const { data } = await want(lines, words.includes('SPECIAL-USE') ? 'LIST (SPECIAL-USE) "" "*"' : 'LIST "" "%"')
      const folders = data.flatMap(folderIn)
      const marked = folders.find(({ flags }) => /\\Junk\b/i.test(flags))
      return (marked ?? folders.find(({ name }) => /^(?:junk|spam)\b/i.test(name)))?.name ?? null
    },
    async full(lines, { words }, mailbox) {
      if (!words.includes('QUOTA')) return false
      const { status, data } = await ask(lines, `GETQUOTAROOT ${quote(encodeName(mailbox))}`)
      return status === 'OK' && data.some(isUsedUp)
    },
  }

  async function authenticate(lines: Lines, { mechanisms, words }: Offers, login: Login): Promise<string | null> {
    const sasl = words.includes('LOGINDISABLED') ? needSasl(mechanisms, login) : saslFor(mechanisms, login)
    const reply =
      sasl === null
        ? await ask(lines, `LOGIN ${quote(login.user)} ${quote(login.password)}`, [])
        : await ask(lines, `AUTHENTICATE ${sasl.mechanism}`, sasl.responses)
    if (reply.status === 'OK') return null
    const code = /^\[([A-Z-]{1,30})[ \]]/i.exec(reply.text)?.[1]?.toUpperCase()
    const told = code === undefined ? reply.status : `${reply.status} [${code}]`
    if (reply.status === 'BAD') throw unexpected('the login', told)
    if (code === undefined ? soundsTemporary(reply.text) : NOT_NOW.includes(code)) throw notNow(told)
    return told
  }

  /** As `ask`; throws `status` when the answer is no. */
  async function want(lines: Lines, command: string): Promise<Reply> {
    const reply = await ask(lines, command)
    if (reply.status === 'OK') return reply
    const said = `${reply.status} ${reply.text}`
    const verb = /^(?:UID )?\S+/.exec(command)![0]
    throw reply.status === 'NO' ? negative(`${verb}: ${said}`) : unexpected(verb, said)
  }

  /** Sends a command, and one of the responses whenever the server asks to go on; null: that is no login's. */
  async function ask(lines: Lines, command: string, responses: readonly string[] | null = null): Promise<Reply> {
    const tag = commands === 0 ? 'a' : `a${commands}`
    const data: string[] = []
    let asked = 0
    commands++
    lines.send(`${tag} ${command}`)
    for (;;) {
      const line = await withLiterals(lines)
      if (line.startsWith('* ')) {
        if (/^\* BYE\b/i.test(line)) throw negative(responses === null ? line.slice(2) : 'BYE instead of a login')
        data.push(line.slice(2))
        continue
      }
      const response = responses?.[asked]
      if (/^\+(?: |$)/.test(line) && response !== undefined) {
        lines.send(response)
        asked++
        continue
      }
      const [, status, text = ''] = (line.startsWith(`${tag} `) && STATUS.exec(line.slice(tag.length + 1))) || []
      if (status === undefined) throw unexpected(command.split(' ')[0]!, responses === null ? line : 'no IMAP')
      return { status: status.toUpperCase() as Reply['status'], text, data }
    }
  }
}

function offersIn(capabilities: string): Offers {
  const words = capabilities.toUpperCase().split(/\s+/).filter(Boolean)
  return {
    starttls: words.includes('STARTTLS'),
    mechanisms: words.flatMap((word) => (word.startsWith('AUTH=') ? [word.slice(5)] : [])),
    words,
  }
}

function numbersOf({ data }: Reply): readonly number[] {
  return data
    .flatMap((line) => /^SEARCH((?: \d{1,10})*)/i.exec(line)?.[1]?.split(' ') ?? [])
    .filter((word) => word !== '')
    .map(Number)
}

/** `5 FETCH (UID 7 INTERNALDATE "17-Jul-1996 02:44:25 -0700")`, in any order. */
function arrivalIn(line: string): readonly (readonly [number, Instant])[] {
  const uid = /^\d+ FETCH \(.*\bUID (\d{1,10})\b/i.exec(line)?.[1]
  const date = /\bINTERNALDATE "([ \d]\d)-(\w{3})-(\d{4}) (\d\d:\d\d:\d\d [+-]\d{4})"/i.exec(line)
  if (uid === undefined || date === null) return []
  const at = Date.parse(`${date[1]!.trim()} ${date[2]} ${date[3]} ${date[4]}`)
  return Number.isNaN(at) ? [] : [[Number(uid), at]]
}

/** `LIST (\HasNoChildren \Junk) "/" "Junk"`; its name as the server spells it, decoded. */
function folderIn(line: string): readonly { readonly flags: string; readonly name: string }[] {
  const match = /^LIST \(([^)]*)\) (?:"[^"]*"|"\\\\"|NIL) (?:"((?:[^"\\]|\\.)*)"|(\S+))$/i.exec(line)
  if (match === null) return []
  return [{ flags: match[1]!, name: decodeName(match[2]?.replace(/\\(.)/g, '$1') ?? match[3]!) }]
}

/** `QUOTA "User quota" (STORAGE 10 10)` (RFC 9208): resource, used and limit. Storage is in kB, and a mail needs one or two. */
function isUsedUp(line: string): boolean {
  const resources = /^QUOTA (?:"[^"]*"|\S+) \(([^)]*)\)/i.exec(line)?.[1] ?? ''
  return [...resources.matchAll(/(\S+) (\d{1,15}) (\d{1,15})/g)].some(([, resource, used, limit]) => {
    return Number(limit) - Number(used) < (resource!.toUpperCase() === 'STORAGE' ? 2 : 1)
  })
}

/** Names of mailboxes are in a UTF-7 of IMAP's own (RFC 3501, 5.1.3). */
export function encodeName(name: string): string {
  return name.replace(/&|[^\x20-\x7e]+/g, (part) => {
    if (part === '&') return '&-'
    const bytes = Buffer.from(part, 'utf16le').swap16()
    return `&${bytes.toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`
  })
}

/** The way back. What is no such coding stays as it stands; half a character is left out. */
export function decodeName(name: string): string {
  return name.replace(/&([A-Za-z0-9+,]*)-/g, (_, coded: string) => {
    if (coded === '') return '&'
    const bytes = Buffer.from(coded.replaceAll(',', '/'), 'base64')
    return bytes.length % 2 === 0 ? bytes.swap16().toString('utf16le') : ''
  })
}
