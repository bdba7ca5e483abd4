// A thousand looks of each kind at the built-in replica, and the memory of a process that has used them all.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startModule } from '../children.mjs'

const D = '${domain}'

/** A check of each kind that the replica can answer. */
const CHECKS = `
  - http: https://www.${D}/
  - tcp: hetzner.${D}:22
  - tls: mail.${D}:993
  - dns: ${D}
  - smtp: mail.${D}:587
    login: { user: probe, password: secret }
  - imap: mail.${D}:993
    login: { user: probe, password: secret }
    mailbox: INBOX
  - pop3: mail.${D}:995
  - sieve: mail.${D}:4190
  - xmpp: ${D}
  - matrix: ${D}
  - caldav: https://webmail.${D}
  - carddav: https://webmail.${D}
  - proxmox: https://hetzner.${D}:8006
  - domain: ${D}
  - mailhealth: ${D}
  - mailtrip: probe@${D}
    submit: { smtp: "mail.${D}:587", login: { user: probe, password: secret }, from: "probe@${D}" }
    collect: { imap: "mail.${D}:993", login: { user: probe, password: secret } }
`

/** @param {import('../bench.mjs').Bench} bench */
export async function kinds(bench) {
  const folder = bench.folder('kinds')
  writeFileSync(join(folder, 'site.yaml'), 'name: Bench\ndomain: nomagic.test\nreplica: true\nsites: { home: {} }\n')
  writeFileSync(join(folder, 'all.yaml'), `service: All\nchecks:${CHECKS}`)
  const looks = startModule('looks.mjs')
  for (const { id, kind } of await looks.ask('open', folder)) {
    const trip = kind.endsWith('trip') || kind === 'mailhealth'
    const times = (bench.quick ? 100 : 1000) / (trip ? 5 : 1)
    const { cpu, bad, why } = await looks.ask('look', { id, times })
    bench.note(
      `kinds.${kind}`,
      cpu,
      undefined,
      bad === 0 ? undefined : `${bad} of ${times} not well, the first: ${why}`,
    )
  }
  bench.note('kinds.memory', (await looks.ask('memory')) / 2 ** 20)
  await looks.stop()
}
