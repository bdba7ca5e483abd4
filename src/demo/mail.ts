// Where members' mail programs knock: IMAP, POP3 and ManageSieve, as Dovecot opens. Nobody has an account here.
import type { Dialogue, Reply } from './door.ts'

/** RFC 3501; STARTTLS is RFC 2595's. */
export const imap: Dialogue = {
  end: '\n',
  excuse: '* BYE Internal error occurred. Refer to server log for more information.\r\n',
  begin: (stage) => {
    const can = stage === 'plain' ? 'IMAP4rev1 ID IDLE STARTTLS LOGINDISABLED' : 'IMAP4rev1 ID IDLE AUTH=PLAIN'
    return {
      greeting: stage === 'upgraded' ? '' : `* OK [CAPABILITY ${can}] Dovecot ready.\r\n`,
      hear: (line) => {
        const [, tag = '*', verb = ''] = /^(\S+)\s+(\S+)/.exec(line) ?? []
        switch (verb.toUpperCase()) {
          case 'CAPABILITY':
            return lines(`* CAPABILITY ${can}`, `${tag} OK Capability completed.`)
          case 'NOOP':
            return lines(`${tag} OK NOOP completed.`)
          case 'STARTTLS':
            if (stage !== 'plain') return lines(`${tag} BAD TLS is already active.`)
            return { ...lines(`${tag} OK Begin TLS negotiation now.`), next: 'tls' }
          case 'LOGIN':
          case 'AUTHENTICATE':
            return lines(`${tag} NO [AUTHENTICATIONFAILED] Authentication failed.`)
          case 'LOGOUT':
            return { ...lines('* BYE Logging out', `${tag} OK Logout completed.`), next: 'close' }
          default:
            return lines(`${tag} BAD Unknown command.`)
        }
      },
    }
  },
}

/** RFC 1939, 2449 (CAPA), 2595 (STLS). */
export const pop3: Dialogue = {
  end: '\n',
  excuse: '-ERR [SYS/TEMP] Internal error occurred. Refer to server log for more information.\r\n',
  begin: (stage) => ({
    greeting: stage === 'upgraded' ? '' : '+OK Dovecot ready.\r\n',
    hear: (line) => {
      switch (line.trim().split(' ')[0]?.toUpperCase()) {
        case 'CAPA':
          return lines('+OK', 'TOP', 'UIDL', stage === 'plain' ? 'STLS' : 'SASL PLAIN', '.')
        case 'STLS':
          if (stage !== 'plain') return lines('-ERR TLS is already active.')
          return { ...lines('+OK Begin TLS negotiation now.'), next: 'tls' }
        case 'QUIT':
          return { ...lines('+OK Logging out'), next: 'close' }
        default:
          return lines('-ERR Unknown command.')
      }
    },
  }),
}

/** RFC 5804: the capabilities are the greeting, and come again after STARTTLS (2.2). */
export const sieve: Dialogue = {
  end: '\n',
  excuse: 'BYE (TRYLATER) "Internal error occurred."\r\n',
  begin: (stage) => {
    const open = [
      '"IMPLEMENTATION" "Dovecot Pigeonhole"',
      '"SIEVE" "fileinto reject envelope vacation imap4flags"',
      stage === 'plain' ? '"SASL" ""' : '"SASL" "PLAIN"',
      ...(stage === 'plain' ? ['"STARTTLS"'] : []),
      '"VERSION" "1.0"',
      'OK "Dovecot ready."',
    ]
    return {
      greeting: lines(...open).say,
      hear: (line) => {
        switch (line.trim().split(' ')[0]?.toUpperCase()) {
          case 'CAPABILITY':
            return lines(...open)
          case 'STARTTLS':
            if (stage !== 'plain') return lines('NO "TLS is already active."')
            return { ...lines('OK "Begin TLS negotiation now."'), next: 'tls' }
          case 'LOGOUT':
            return { ...lines('OK "Logout completed."'), next: 'close' }
          default:
            return lines('NO "Error in MANAGESIEVE command."')
        }
      },
    }
  },
}

/** What an SSH server says first (RFC 4253, 4.2); it goes no further. */
export const ssh: Dialogue = {
  end: '\n',
  excuse: 'Exceeded MaxStartups\r\n',
  begin: () => ({
    greeting: 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u7\r\n',
    hear: () => ({ say: '', next: 'close' }),
  }),
}

const lines = (...of: readonly string[]): Reply => ({ say: of.map((line) => `${line}\r\n`).join('') })
