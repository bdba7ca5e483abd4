// Each site looks at the others' pages as members do, and at what would make them fail: a page that is old or gone, a
// certificate that nobody renews, `checks/` that stayed behind.
import type { Site } from '../core/check.ts'
import { LEDGER_BOUND } from '../core/ledger/checkpoint.ts'
import type { TlsFacts } from '../core/observation.ts'
import { judgeCertificate } from '../core/shown/diagnosis.ts'
import { differing } from '../core/shown/twin-status.ts'
import { HOUR, type Instant, MINUTE, type Millis, SECOND } from '../core/time/time.ts'
import type { Peer } from '../core/verdict/word.ts'
import type { Memory } from '../memory.ts'
import type { Network } from '../net/network.ts'
import { runLook } from '../net/run.ts'
import { exchange } from '../net/web.ts'
import type { Ledger } from '../store/ledger.ts'
import type { Troubles } from '../troubles.ts'

export interface LookoutDeps {
  readonly memory: Pick<Memory, 'configuration' | 'checkById'>
  readonly troubles: Troubles
  readonly ledger: Pick<Ledger, 'size'>
  network(): Network
  peers(): readonly Peer[]
  /** Our own line is good: what we can't reach is not our fault. */
  sees(): boolean
  now(): Instant
  after(delay: Millis, run: () => void): () => void
}

const EVERY: Millis = 5 * MINUTE
const PATIENCE: Millis = 10 * SECOND
const LONGEST = 8 << 20
/** Fails in a row before it is said. */
const ENOUGH = 3
/** Nobody brings two sites up to date in one moment. */
const BEHIND: Millis = HOUR

/**
 * Every five minutes from now on, the first time after five. Pages are asked for while we see, and never in the
 * replica; the ledger's size is weighed all the same.
 */
export function startLookout(deps: LookoutDeps): { stop(): void } {
  const { memory, troubles, now } = deps
  const fails = new Map<string, number>()
  const behind = new Map<string, Instant>()
  let cancel = deps.after(EVERY, next)
  return { stop: () => cancel() }

  function next() {
    cancel = deps.after(EVERY, next)
    const { sites, site, replica } = memory.configuration
    weigh()
    for (const other of sites) {
      if (other.id === site.id) continue
      compare(other.id)
      if (other.url !== null && !replica && deps.sees()) void look(other, other.url)
    }
  }

  function weigh() {
    const size = deps.ledger.size()
    if (size < LEDGER_BOUND / 2) return troubles.end('ledger-size')
    const note = `the ledger has grown to ${Math.round(size / 2 ** 20)} MB; from ${LEDGER_BOUND / 2 ** 20} MB on nothing of other sites comes in`
    troubles.begin(
      'database',
      'ledger-size',
      note,
      'Does a script post without end? `vigie incident list` shows what there is.',
    )
  }

  async function look(site: Site, url: string) {
    const { ca } = memory.configuration
    const { note, facts } = await askPage(site.id, url, { network: deps.network(), ca, now, timeout: PATIENCE })
    const cause = `page:${site.id}`
    const count = note === null ? 0 : (fails.get(site.id) ?? 0) + 1
    fails.set(site.id, count)
    if (count === 0) troubles.end(cause)
    // Of a site that isn't heard either that is what admins are told.
    if (count >= ENOUGH && deps.sees() && peerOf(site.id)?.heard === true)
      troubles.begin(
        'twin',
        cause,
        `the page of site ${site.id} at ${url}: ${note}`,
        'Does the web server in front of it run?',
      )
    const found = facts === null ? null : judgeCertificate(facts.expires, now())
    if (found === null) return
    if (found.level === 'ok') troubles.end(`certificate:${site.id}`)
    else
      troubles.begin('twin', `certificate:${site.id}`, `the certificate of ${url}: ${found.says}`, found.remedy ?? '')
  }

  function peerOf(site: string): Peer | undefined {
    return deps.peers().find((one) => one.site === site)
  }

  /** The site with the older `checks/` says so. */
  function compare(site: string) {
    const peer = peerOf(site)
    if (peer === undefined || !peer.heard || peer.condition === null) return
    const older = peer.condition.configured > memory.configuration.configured
    const ids = older ? differing(peer, memory.checkById.values()) : []
    const cause = `behind:${site}`
    if (ids.length === 0) {
      behind.delete(site)
      troubles.end(cause)
      return
    }
    const since = behind.get(site) ?? now()
    behind.set(site, since)
    if (now() - since < BEHIND) return
    const note = `checks/ here is older than that of ${site}: ${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ' …' : ''}`
    troubles.begin('twin', cause, note, 'What this site sees of them does not count until it is brought up to date.')
  }
}

/**
 * Asks for a site's page at its address, as whoever comes from outside. `note`: what is wrong with it, to be read after its
 * address; null: nothing. `facts`: of its certificate, when one was shown.
 */
export async function askPage(
  site: string,
  url: string,
  aim: { readonly network: Network; readonly ca: readonly string[]; readonly timeout: Millis; now(): Instant },
): Promise<{ readonly note: string | null; readonly facts: TlsFacts | null }> {
  const request = { url: new URL('/api/vigie/status.json', url), method: 'GET', headers: {}, body: null }
  let facts: TlsFacts | null = null
  let text = ''
  const { outcome } = await runLook(
    async (look) => {
      const answer = await exchange(look, { ...request, maxBytes: LONGEST })
      facts = answer.tls
      text = answer.body.toString('utf8')
      if (answer.status === 200) return { ok: true, note: '' }
      return { ok: false, reason: 'status', note: `answered ${answer.status}` }
    },
    { ...aim, family: null, connect: null, allowPrivate: true },
  )
  return { note: outcome.ok === true ? faultOf(text, site, aim.now()) : outcome.note, facts }
}

/** A page of that site that a living vigie replaced in time; null: nothing is wrong with it. */
function faultOf(text: string, site: string, now: Instant): string | null {
  try {
    const { site: shown, next_by: nextBy } = JSON.parse(text) as { site?: unknown; next_by?: unknown }
    if (shown !== site) return `it is the page of site ${JSON.stringify(String(shown).slice(0, 50))}, not ${site}`
    return now <= Date.parse(String(nextBy)) + 2 * MINUTE ? null : 'it shows an old copy'
  } catch {
    return 'it is not a page of vigie'
  }
}
