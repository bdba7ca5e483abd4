// Where members' mail programs knock, too: POP3 and ManageSieve, as Dovecot opens. Every login is right in TLS.
import type { Dialogue, Reply } from './door.ts'

/** RFC 1939, 2449 (CAPA), 2595 (STLS). */
export const pop3: Dialogue = {
  end: '\n',
  excuse: '-ERR [SYS/TEMP] Internal error occurred. Refer to server log for more information.\r\n',
  begin: (stage) => ({
    greeting: stage === 'upgraded' ? '' : '+OK Dovecot ready.\r\n',
    hear: (line) => {
      if (stage !== 'plain' && isResponse(line)) return lines('+OK Logged in.')
      switch (line.trim().split(' ')[0]?.toUpperCase()) {
        case 'CAPA':
          return lines('+OK', 'TOP', 'UIDL', stage === 'plain' ? 'STLS' : 'SASL PLAIN', '.')
        case 'AUTH':
          return lines(stage === 'plain' ? '-ERR [AUTH] Not without TLS.' : '+ ')
        case 'STAT':
          return lines('+OK 0 0')
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
        if (stage !== 'plain' && isResponse(line.trim().replace(/^"(.*)"$/, '$1'))) return lines('OK "Logged in."')
        switch (line.trim().split(' ')[0]?.toUpperCase()) {
          case 'AUTHENTICATE':
            return lines(stage === 'plain' ? 'NO "Not without TLS."' : '""')
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

/** The second line of AUTH PLAIN (RFC 4616): three parts in base64. */
function isResponse(line: string): boolean {
  return Buffer.from(line.trim(), 'base64').toString().split('\0').length === 3
}

const lines = (...of: readonly string[]): Reply => ({ say: of.map((line) => `${line}\r\n`).join('') })
