// Runs one schedule: real sites, simulated everything else, and an oracle that looks on.
import { MINUTE, type Millis, SECOND } from '../../src/core/time/time.ts'
import { NOTICE, type Observing } from './arrangement.ts'
import { BEGINNING, configurationOf, type Told } from './configuration.ts'
import { createJob } from './job.ts'
import { allowQuickKeys, keyOf, quickKeyOf } from './keys.ts'
import { differences } from './measured.ts'
import { DOCTORED, type Mutant } from './mutants.ts'
import { createOracle, type Failure, hasCanary } from './oracle.ts'
import { clockOf, type Fault, type Plan } from './plan.ts'
import { createPosts } from './posts.ts'
import { createRandom } from './random.ts'
import { createSite, type Mail, type Process, type Site } from './site.ts'
import { createTimeline } from './timeline.ts'
import { createWorld } from './world.ts'

export interface Ran {
  readonly failures: readonly Failure[]
  readonly mails: readonly Mail[]
  /** From the beginning of outages to their first mail. */
  readonly delays: readonly Millis[]
  /** Bytes that sites sent each other. */
  readonly carried: number
  readonly messages: number
  readonly length: Millis
}

/** One schedule of so many signs as vigie does. */
const REAL_KEYS = 10
allowQuickKeys()

/** What nobody else had yet is gone: a quarter of an hour, and the five minutes that it is told in. */
const FORGOTTEN: Millis = 20 * MINUTE

/** A glance from outside, every second of every running process. */
export interface Glance {
  readonly at: Millis
  readonly processes: ReadonlyMap<string, Process>
  /** Bytes until now. */
  readonly carried: number
}

/** `tell`: hears the story, line by line. `glance`: looks on, and may write what people would. */
export async function simulate(
  plan: Plan,
  options: { readonly without?: Mutant; tell?(line: string): void; glance?(glance: Glance): void } = {},
): Promise<Ran> {
  const timeline = createTimeline()
  const random = createRandom(plan.seed ^ 0x5bd1e995)
  const world = createWorld(plan, timeline.now, random)
  const tell =
    options.tell === undefined ? () => {} : (note: string) => options.tell?.(`${clockOf(timeline.now())} ${note}`)
  const sites = new Map<string, Site>()
  const job = createJob(plan, sites, world, timeline)
  const oracle = createOracle(plan, timeline.now, job.heardSince, tell)
  const posts = createPosts(random)
  const keys = new Map(plan.sites.map((site) => [site, plan.seed % REAL_KEYS === 0 ? keyOf(site) : quickKeyOf(site)]))
  const publicKeys = new Map([...keys].map(([site, { publicKey }]) => [site, publicKey]))
  const doctored = options.without === undefined ? {} : DOCTORED[options.without]
  const told = new Map(plan.sites.map((site) => [site, toldFirst(site)]))
  let carried = 0
  let messages = 0
  for (const name of plan.sites) {
    const site = createSite({
      name,
      world,
      timeline,
      random,
      key: keys.get(name)!,
      measures: plan.measured,
      configuration: () => configurationOf(plan, name, publicKeys, told.get(name)!, doctored),
      process: (other) => sites.get(other)?.process() ?? null,
      without: options.without ?? null,
      watched: (site, process) => {
        oracle.watched(site, process)
        options.glance?.({ at: timeline.now(), processes: processes(), carried })
      },
      wrote: oracle.wrote,
      mailed: oracle.mailed,
      carried: (bytes) => {
        carried += bytes
        messages++
      },
      log: (site, note) => tell(`${site}: ${note}`),
    })
    sites.set(name, site)
    timeline.after(random.whole(0, 5 * SECOND), site.start)
  }
  for (const fault of plan.faults) set(fault)
  for (const one of plan.observing.filter(({ from }) => from > 0)) turn(one)
  for (const quiet of plan.quiets) timeline.after(quiet.from - NOTICE, () => posts.plan(quiet, sites.get(quiet.site)!))
  job.start()
  try {
    await timeline.until(plan.healed)
    // Long enough for a page to come back, then as long as anything waits.
    for (let at = plan.healed + 4 * MINUTE; at <= plan.end; at += MINUTE) {
      await timeline.until(at)
      if (isQuiet()) break
    }
    oracle.conclude(processes(), unlike())
    return {
      failures: oracle.failures,
      mails: oracle.mails,
      delays: oracle.delays(),
      carried,
      messages,
      length: timeline.now(),
    }
  } finally {
    for (const site of sites.values()) {
      site.end(false)
      site.disk.close()
      site.measured?.close()
    }
  }

  function set(fault: Fault) {
    if (!('site' in fault)) return
    const site = sites.get(fault.site)!
    const begin = (run: () => void) => timeline.after(fault.from, run)
    const end = (run: () => void) => timeline.after(fault.to, run)
    if (fault.kind === 'disk') {
      begin(() => site.disk.refuse(true))
      end(() => site.disk.refuse(false))
    } else if (fault.kind === 'clock') begin(() => site.setClock(fault.by))
    else if (fault.kind === 'lost') begin(() => site.measured?.lose())
    else if (fault.kind === 'post') {
      // Nobody logs in at an observer.
      begin(() => told.get(fault.site)!.observers.has(fault.site) || posts.post(site))
    } else if (fault.kind === 'old')
      end(() => {
        told.get(fault.site)!.edition = 'new'
        site.reload()
      })
    else if (fault.kind === 'off') {
      let putBack = () => {}
      if (fault.how === 'restored' || fault.how === 'copied')
        timeline.after(fault.image, () => {
          putBack = site.keep(fault.how === 'restored' ? 'folder' : 'ledger')
        })
      begin(() => site.end(fault.how === 'stopped'))
      end(() => {
        putBack()
        site.start()
      })
    }
  }

  function toldFirst(site: string): Told {
    const isOld = plan.faults.some((fault) => fault.kind === 'old' && fault.site === site)
    const observers = plan.observing.filter(({ from }) => from === 0).map((one) => one.site)
    return { edition: isOld ? 'old' : 'new', observers: new Set(observers) }
  }

  /** A site becomes an observer: somebody goes from site to site and says so. It had had what it may have no longer. */
  function turn({ site: observer, from }: Observing) {
    timeline.after(from - random.whole(10, 90) * SECOND, () => posts.confide(sites.get(random.pick(plan.sites))!))
    for (const [name, site] of sites)
      timeline.after(from + random.whole(0, 90) * SECOND, () => {
        told.get(name)!.observers.add(observer)
        site.reload()
      })
  }

  function processes(): ReadonlyMap<string, Process> {
    return new Map(
      [...sites].flatMap(([name, site]) => (site.process() === null ? [] : [[name, site.process()!] as const])),
    )
  }

  function isQuiet(): boolean {
    const all = [...processes().values()]
    const waiting = all.some(({ ledger, memory }) => {
      const unwell = [...memory.services.values()].some(
        ({ status, flapping, outages }) =>
          status !== 'operational' || flapping.unstableSince !== null || outages.members !== null,
      )
      return unwell || ledger.unsent() > 0 || memory.alerts.waiting.length > 0
    })
    const isLetGo = plan.observing.every(({ site }) => !hasCanary(sites.get(site)!.process()!.ledger))
    const heads = new Set(all.map(({ ledger }) => JSON.stringify([...ledger.heads()].sort())))
    return !waiting && isLetGo && heads.size === 1 && unlike().length === 0
  }

  /** What sites know otherwise of what was measured until all was well. */
  function unlike(): readonly string[] {
    const kept = [...sites].flatMap(([name, { measured }]) => (measured === null ? [] : [[name, measured] as const]))
    return differences(new Map(kept), BEGINNING + plan.healed, (name, from, to) =>
      plan.faults.some((fault) => {
        const at = BEGINNING + fault.from
        return fault.kind === 'lost' && fault.site === name && from - FORGOTTEN <= at && at < to + FORGOTTEN
      }),
    )
  }
}
