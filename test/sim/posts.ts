// An admin in a hurry: opens incidents, adds to those that the site shows, and closes them; has seen an outage, plans work,
// mutes a service, and says who may log in.
import { nameFrom } from '../../src/core/ledger/payload.ts'
import type { Quiet } from './arrangement.ts'
import { BEGINNING } from './configuration.ts'
import type { Random } from './random.ts'
import type { Process, Site } from './site.ts'

/** What no observer may have. */
export const CANARY = 'canary'

export interface Posts {
  post(site: Site): void
  /** Says something of accounts, which lets people in. */
  confide(site: Site): void
  plan(quiet: Quiet, site: Site): void
}

export function createPosts(random: Random): Posts {
  let number = 0
  return { post, confide, plan }

  function plan({ kind, service, from, to }: Quiet, site: Site) {
    const [begins, ends, at] = [BEGINNING + from, BEGINNING + to, BEGINNING]
    said(() => {
      const { board } = site.process() ?? {}
      if (kind === 'mute') return board?.say('mute', { service, muted: true, until: ends, by: 'admin', at })
      board?.say('maintenance.plan', {
        id: nameFrom(`work ${service}`),
        by: 'admin',
        at,
        key: null,
        title: { fr: 'Travaux' },
        text: { fr: 'Nous travaillons.' },
        services: [service],
        plan: { begins, ends, repeats: null, timezone: 'Europe/Paris' },
      })
    })
  }

  function confide(site: Site) {
    number++
    said(() => site.process()?.ledger.say('account.remark', { secret: `${CANARY} ${number}` }))
  }

  /** Of one outage: somebody is on it. */
  function acknowledge({ memory, board }: Process) {
    const outage = [...memory.services.values()].map(({ outages }) => outages.members).find((open) => open !== null)
    if (outage) said(() => board.say('ack', { outage: outage.id, by: 'admin', at: BEGINNING + number }))
  }

  function post(site: Site) {
    const process = site.process()
    if (process === null) return
    const { board } = process
    number++
    const text = { fr: `Texte ${number}` }
    const common = {
      by: 'admin',
      at: BEGINNING + number,
      key: `post ${number}`,
      update: nameFrom(`update ${number}`),
      text,
    }
    if (random.chance(0.2)) confide(site)
    if (random.chance(0.5)) acknowledge(process)
    const open = board.incidents().find(({ status }) => status !== 'resolved')
    said(() => {
      if (open === undefined || random.chance(0.3))
        return board.say('incident.open', {
          ...common,
          id: nameFrom(`incident ${number}`),
          title: { fr: `Panne ${number}` },
          status: 'investigating',
          impact: 'minor',
          services: ['web'],
          started: BEGINNING,
          raises: 'none',
          outages: [],
        })
      board.say('incident.update', {
        ...common,
        id: open.id,
        status: random.pick(['identified', 'monitoring', 'resolved']),
      })
    })
  }
}

function said(say: () => void) {
  try {
    say()
  } catch (error) {
    // The form says that it was not kept.
    if (!/readonly/.test(String(error))) throw error
  }
}
