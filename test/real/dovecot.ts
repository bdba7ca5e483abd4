// A real Dovecot on loopback.
import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Daemon, freePorts, listening, startDaemon } from './daemon.ts'
import { ADDRESSES, type Certificates, SHOWN } from './shown.ts'

const PARTS = ['imap-login', 'pop3-login', 'managesieve-login', 'lmtp']
export const DOVECOT = ['root', 'dovecot', 'setpriv', ...PARTS.map((part) => `/usr/lib/dovecot/${part}`)] as const

/** Whose mailboxes these are. */
export const DOMAIN = 'elsewhere.test'

/** Whoever logs in with it is let in. */
export const PASSWORD = 'three-blind-mice'

export interface Dovecot extends Pick<Daemon, 'stop'> {
  readonly ports: Readonly<Record<'imap' | 'imaps' | 'pop3' | 'sieve', number>>
  /** Sockets for Postfix. */
  readonly lmtp: string
  readonly sasl: string
  /** The mails in somebody's mailbox, as they lie there, oldest first. */
  mails(address: string): readonly string[]
}

/** Serves on every address of `ADDRESSES`, with its certificate. */
export async function startDovecot(folder: string, certificates: Certificates): Promise<Dovecot> {
  const dir = join(folder, 'dovecot')
  for (const one of ['', 'run', 'mail']) mkdirSync(join(dir, one))
  const id = (which: '-u' | '-g') => Number(execFileSync('id', [which, 'mail'], { encoding: 'utf8' }))
  chownSync(join(dir, 'mail'), id('-u'), id('-g'))
  const ports = await freePorts('imap', 'imaps', 'pop3', 'sieve')
  const lmtp = join(dir, 'lmtp')
  const sasl = join(dir, 'sasl')
  const logFile = join(dir, 'log')
  const local = SHOWN.map((shown) => {
    const certificate = `ssl_cert = <${certificates.file(shown, 'crt')}\n  ssl_key = <${certificates.file(shown, 'key')}`
    return `local ${ADDRESSES[shown]} {\n  ${shown === 'clear' ? 'ssl = no' : certificate}\n}`
  })
  const listener = (name: string, port: number, ssl: 'yes' | 'no') =>
    `  inet_listener ${name} {\n    port = ${port}\n    ssl = ${ssl}\n  }\n`
  const file = join(dir, 'dovecot.conf')
  writeFileSync(
    file,
    `base_dir = ${dir}/run
state_dir = ${dir}/run
instance_name = vigie-test
protocols = imap pop3 lmtp sieve
listen = ${Object.values(ADDRESSES).join(', ')}
log_path = ${logFile}
ssl = yes
ssl_cert = <${certificates.file('good', 'crt')}
ssl_key = <${certificates.file('good', 'key')}
mail_location = maildir:${dir}/mail/%u
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
first_valid_gid = 1
auth_mechanisms = plain login
passdb {
  driver = imap
  args = host=127.0.0.1 port=1
  username_filter = unsure@*
  result_internalfail = return
}
passdb {
  driver = static
  args = password=${PASSWORD}
}
userdb {
  driver = passwd-file
  args = ${join(dir, 'users')}
}
userdb {
  driver = static
  args = uid=mail gid=mail home=${dir}/mail/%u
}
mail_plugins = quota
plugin {
  quota = maildir:User quota
}
protocol imap {
  mail_plugins = quota imap_quota
}
namespace inbox {
  inbox = yes
  mailbox Junk {
    special_use = \\Junk
    auto = create
  }
}
lmtp_save_to_detail_mailbox = yes
service imap-login {
${listener('imap', ports.imap, 'no')}${listener('imaps', ports.imaps, 'yes')}}
service pop3-login {
${listener('pop3', ports.pop3, 'no')}${listener('pop3s', 0, 'yes')}}
service managesieve-login {
${listener('sieve', ports.sieve, 'no')}}
service lmtp {
  unix_listener ${lmtp} {
    mode = 0666
  }
}
service auth {
  unix_listener ${sasl} {
    mode = 0666
  }
}
${local.join('\n')}
`,
  )
  // A mailbox without room for a mail.
  writeFileSync(
    join(dir, 'users'),
    `tiny@${DOMAIN}::${id('-u')}:${id('-g')}::${dir}/mail/tiny@${DOMAIN}::userdb_quota_rule=*:bytes=100`,
    { mode: 0o644 },
  )
  const { stop } = await startDaemon({
    command: '/usr/sbin/dovecot',
    arguments: ['-F', '-c', file],
    folder: dir,
    logFile,
    ready: () => listening(ADDRESSES.good, ports),
  })
  return { ports, lmtp, sasl, mails, stop }

  /** In the order they came: names hold seconds and microseconds, as numbers without leading noughts. */
  function mails(address: string): readonly string[] {
    const box = join(dir, 'mail', address)
    return ['cur', 'new']
      .flatMap((part) => namesIn(join(box, part)).map((name) => ({ name, path: join(box, part, name) })))
      .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
      .map(({ path }) => readFileSync(path, 'latin1'))
  }
}

function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir)
  } catch {
    return []
  }
}
