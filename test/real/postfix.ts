// A real Postfix on loopback.
import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Daemon, freePorts, listening, startDaemon } from './daemon.ts'
import { ADDRESSES, type Certificates, HOST, SHOWN } from './shown.ts'

export const POSTFIX = ['root', 'postfix', 'setpriv', '/usr/lib/postfix/sbin/master'] as const

export interface Postfix extends Pick<Daemon, 'stop'> {
  /** `smtp`: a mail exchanger. `smtps`: TLS at once. `submission`: STARTTLS and a login required. `relay`: an open one. */
  readonly ports: Readonly<Record<'smtp' | 'smtps' | 'submission' | 'relay', number>>
}

export interface PostfixOptions {
  /** Hands mail for this domain to this LMTP socket, and lets in who this SASL socket knows. */
  readonly mailboxes?: { readonly domain: string; readonly lmtp: string; readonly sasl: string }
}

/** Serves on every address of `ADDRESSES`, with its certificate. */
export async function startPostfix(
  folder: string,
  certificates: Certificates,
  { mailboxes }: PostfixOptions = {},
): Promise<Postfix> {
  const dir = join(folder, 'postfix')
  const etc = join(dir, 'etc')
  const logFile = join(dir, 'log')
  for (const one of ['', 'etc', 'data', 'spool']) mkdirSync(join(dir, one))
  const id = (which: '-u' | '-g') => Number(execFileSync('id', [which, 'postfix'], { encoding: 'utf8' }))
  chownSync(join(dir, 'data'), id('-u'), id('-g'))
  const ports = await freePorts('smtp', 'smtps', 'submission', 'relay')
  const delivery =
    mailboxes === undefined
      ? ''
      : `virtual_mailbox_domains = ${mailboxes.domain}
virtual_mailbox_maps = static:all
virtual_transport = lmtp:unix:${mailboxes.lmtp}
recipient_delimiter = +
transport_maps = inline:{ { stuck@${mailboxes.domain} = lmtp:unix:${dir}/nobody }, { example.com = lmtp:unix:${dir}/nobody } }
smtpd_recipient_restrictions = check_recipient_access inline:{ { grey@${mailboxes.domain} = 450 4.2.0 Greylisted for 300 s }, { tar@${mailboxes.domain} = sleep 60 }, { gone@${mailboxes.domain} = 550 5.1.1 nobody of that name } }
smtpd_sasl_type = dovecot
smtpd_sasl_path = ${mailboxes.sasl}
`
  writeFileSync(
    join(etc, 'main.cf'),
    `compatibility_level = 3.6
queue_directory = ${dir}/spool
data_directory = ${dir}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file_prefixes = ${dir}
maillog_file = ${logFile}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = ${HOST}
mydestination =
mynetworks = 127.0.0.254/32
local_transport = error:nobody here
relayhost =
default_transport = error:never sends out
alias_maps =
alias_database =
biff = no
notify_classes =
smtpd_tls_security_level = may
smtpd_tls_received_header = yes
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_client_connection_count_limit = 0
${delivery}`,
  )
  const service = (address: string, port: number, options: readonly string[]) =>
    `${address}:${port} inet n - n - - smtpd${options.map((option) => ` -o ${option}`).join('')}`
  const services = SHOWN.flatMap((shown) => {
    const address = ADDRESSES[shown]
    const certificate = [
      `smtpd_tls_cert_file=${certificates.file(shown, 'crt')}`,
      `smtpd_tls_key_file=${certificates.file(shown, 'key')}`,
    ]
    const login = ['smtpd_tls_security_level=encrypt', 'smtpd_sasl_auth_enable=yes']
    const must = ['smtpd_client_restrictions=permit_sasl_authenticated,reject']
    if (shown === 'clear') return [service(address, ports.smtp, ['smtpd_tls_security_level=none'])]
    return [
      service(address, ports.smtp, certificate),
      service(address, ports.smtps, [...certificate, 'smtpd_tls_wrappermode=yes']),
      service(address, ports.relay, [...certificate, 'mynetworks=127.0.0.0/8', RELAYS]),
      ...(mailboxes ? [service(address, ports.submission, [...certificate, ...login, ...must])] : []),
    ]
  })
  writeFileSync(join(etc, 'master.cf'), `${services.join('\n')}\n${MASTER}`)
  // Makes the folders of its queue, and says what is wrong with the configuration.
  execFileSync('/usr/sbin/postfix', ['-c', etc, 'check'], { stdio: 'pipe' })
  const { smtp, smtps, submission } = ports
  const open = mailboxes ? { smtp, smtps, submission } : { smtp, smtps }
  const { stop } = await startDaemon({
    command: 'sh',
    arguments: ['-c', WARDEN, 'sh', '/usr/lib/postfix/sbin/master', '-c', etc],
    folder: dir,
    logFile,
    ready: () => listening(ADDRESSES.good, open),
  })
  return { ports, stop }
}

const RELAYS = 'smtpd_relay_restrictions=permit_mynetworks,reject_unauth_destination'

/** Postfix changes users on its way, so the system would not end it when we die; it does end this shell, which does. */
const WARDEN = 'trap "kill \\$pid" TERM; "$@" & pid=$!; wait $pid; wait $pid'

const MASTER = `cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`
