// Where members read their mail (RFC 3501): as much as a look at a mailbox and a round trip need.
import type { Dialogue, Reply, Stage } from './door.ts'
import type { Piece, PostOffice } from './post-office.ts'

/**
 * Mail lies in INBOX; Junk is there and stays empty. Any password is right, but none is taken before TLS (RFC 3501,
 * 6.2.3).
 */
export function imap(office: PostOffice): Dialogue {
  return {
    end: '\n',
    excuse: '* BYE Internal error occurred. Refer to server log for more information.\r\n',
    begin: (stage) => session(office, stage),
  }
}

function session(office: PostOffice, stage: Stage) {
  const can =
    stage === 'plain' ? 'IMAP4rev1 ID IDLE STARTTLS LOGINDISABLED' : 'IMAP4rev1 ID IDLE UIDPLUS SPECIAL-USE AUTH=PLAIN'
  let owner: string | undefined
  /** The tag of a login whose second line is to come. */
  let asked: string | undefined
  let box: 'INBOX' | 'Junk' | undefined
  const deleted = new Set<number>()

  return { greeting: stage === 'upgraded' ? '' : `* OK [CAPABILITY ${can}] Dovecot ready.\r\n`, hear }

  function hear(raw: string): Reply {
    const line = raw.replace(/\r$/, '')
    if (asked !== undefined) {
      const tag = asked
      asked = undefined
      return enter(tag, Buffer.from(line, 'base64').toString().split('\0')[1])
    }
    const [, tag = '*', verb = '', rest = ''] = /^(\S+)\s+((?:UID\s+)?\S+)\s*(.*)$/i.exec(line) ?? []
    return command(tag, verb.toUpperCase(), rest)
  }

  function command(tag: string, verb: string, rest: string): Reply {
    switch (verb) {
      case 'CAPABILITY':
        return lines(`* CAPABILITY ${can}`, `${tag} OK Capability completed.`)
      case 'NOOP':
        return lines(`${tag} OK NOOP completed.`)
      case 'STARTTLS':
        if (stage !== 'plain') return lines(`${tag} BAD TLS is already active.`)
        return { ...lines(`${tag} OK Begin TLS negotiation now.`), next: 'tls' }
      case 'LOGOUT':
        return { ...lines('* BYE Logging out', `${tag} OK Logout completed.`), next: 'close' }
      case 'AUTHENTICATE':
      case 'LOGIN':
        if (stage === 'plain') return lines(`${tag} NO [PRIVACYREQUIRED] Not without TLS.`)
        if (verb === 'LOGIN') return enter(tag, /^"?([^" ]+)/.exec(rest)?.[1])
        asked = tag
        return lines('+ ')
      default:
        return owner === undefined ? lines(`${tag} BAD Unknown command.`) : inside(owner, tag, verb, rest)
    }
  }

  function inside(name: string, tag: string, verb: string, rest: string): Reply {
    const done = `${tag} OK ${verb} completed.`
    if (verb === 'LIST') {
      return lines('* LIST (\\HasNoChildren) "/" INBOX', '* LIST (\\HasNoChildren \\Junk) "/" Junk', done)
    }
    if (verb === 'SELECT' || verb === 'EXAMINE') {
      box = /^"?inbox"?$/i.test(rest) ? 'INBOX' : /^"?junk"?$/i.test(rest) ? 'Junk' : undefined
      if (box === undefined) return lines(`${tag} NO [NONEXISTENT] Mailbox doesn't exist.`)
      return lines(
        '* FLAGS (\\Deleted)',
        `* ${pieces(name).length} EXISTS`,
        '* 0 RECENT',
        `${tag} OK [READ-WRITE] Selected.`,
      )
    }
    if (box === undefined) return lines(`${tag} BAD No mailbox selected.`)
    const uids = new Set(/^[\d,]+/.exec(rest)?.[0].split(',').map(Number))
    const named = pieces(name).filter(({ uid }) => uids.has(uid))
    switch (verb) {
      case 'UID SEARCH':
        return lines(
          `* SEARCH${matching(name, rest)
            .map(({ uid }) => ` ${uid}`)
            .join('')}`,
          done,
        )
      case 'UID FETCH':
        return lines(...named.map(({ uid, at }) => `* ${uid} FETCH (UID ${uid} INTERNALDATE "${dateOf(at)}")`), done)
      case 'UID STORE':
        for (const { uid } of named) deleted.add(uid)
        return lines(done)
      case 'UID EXPUNGE':
        office.remove(name, new Set(named.flatMap(({ uid }) => (deleted.has(uid) ? [uid] : []))))
        return lines(done)
      default:
        return lines(`${tag} BAD Unknown command.`)
    }
  }

  function enter(tag: string, user: string | undefined): Reply {
    if (!user) return lines(`${tag} NO [AUTHENTICATIONFAILED] Authentication failed.`)
    owner = user
    return lines(`${tag} OK Logged in`)
  }

  function pieces(name: string): readonly Piece[] {
    return box === 'INBOX' ? office.box(name) : []
  }

  /** `HEADER name "text"`, and several of them after `OR`. */
  function matching(name: string, criteria: string): readonly Piece[] {
    const wanted = [...criteria.matchAll(/HEADER ([\w-]{1,40}) "([^"]{1,100})"/gi)]
    return pieces(name).filter(({ text }) => {
      const head = text.slice(0, text.indexOf('\r\n\r\n')).toLowerCase().split('\r\n')
      return wanted.some(([, field, part]) =>
        head.some((line) => line.startsWith(`${field!.toLowerCase()}:`) && line.includes(part!.toLowerCase())),
      )
    })
  }
}

/** `17-Jul-1996 02:44:25 +0000`, as RFC 3501 writes dates. */
function dateOf(at: number): string {
  const [, day, month, year, time] = new Date(at).toUTCString().split(' ')
  return `${day}-${month}-${year} ${time} +0000`
}

const lines = (...of: readonly string[]): Reply => ({ say: of.map((line) => `${line}\r\n`).join('') })
