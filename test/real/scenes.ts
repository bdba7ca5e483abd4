// What a test does in the laboratory: it begins a scene by cutting something, and waits until pages and mails are as they
// should be. Scenes that share a laboratory come one after the other; others have theirs meanwhile.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { withArchive } from '../../src/store/archive.ts'
import { type Cut, type Laboratory, type Mail, openLaboratory, type SiteName, type SiteSeen } from './laboratory.ts'

/** Everything happens in seconds. */
const FILES = {
  'site.yaml': `name: Labo
languages: [en]
policy:
  { every: 2s, retry: 500ms, timeout: 1500ms, fall: 3, lone_fall: 5, rise: 2, witness_every: 1s, taint: 2s, fresh: 6s,
    hold: 3s, mail_after: 5s, takeover: 6s, flap: { changes: 100 } }
witnesses:
  - "192.0.2.53:53"
  - "192.0.2.11:80"
  - "192.0.2.12:80"
  - "a.witness.test:80"
  - "b.witness.test:80"
  - "[fd00:192::53]:53"
  - "[fd00:192::11]:80"
path: [ "203.0.113.20:80" ]
mail: { from: "Vigie <vigie@elsewhere.example>", relays: [ "smtp://198.18.0.25:25" ] }
alerts: [ { email: admins@elsewhere.example } ]`,
  'web.yaml': `service: Website
checks:
  - http: http://www.lab.test/
    allow_private: true
    family: both
`,
}

export const BOTH: readonly SiteName[] = ['home', 'offsite']

/** What a page says of the service. */
export interface Expected {
  readonly state: string
  readonly note: string
  /** Who shares it. */
  readonly sites?: readonly SiteName[]
}

export const UP: Expected = { state: 'up', note: 'confirmed', sites: BOTH }

/** The rows of the table in verdict.md that must have decided in a scene. */
export type Rows = Partial<Record<SiteName, readonly string[]>>

export interface Stage {
  lab(): Laboratory
  /** Cuts this and nothing else. */
  begin(name: string, rows: Rows, ...cuts: Cut[]): void
  /** Waits until the sites show that. */
  agreed(expected: Partial<Record<SiteName, Expected>>, within?: number): Promise<void>
  /** Waits until these mails have come, in any order, and no others. Each begins with who sent it, then its subject. */
  mailed(...patterns: readonly RegExp[]): Promise<readonly Mail[]>
  /** What came since it was last looked at: who sent it, its subject, and its first words. */
  news(): readonly string[]
  /** Mends everything and waits until all is well. */
  heal(): Promise<void>
  /** Until no mail has come for a while: those are not looked at. */
  quiet(): Promise<void>
  /** Neither site says anything bad of the service all the while. */
  steady(length: number): Promise<void>
}

/** Milliseconds without a mail after which none is on its way any more. */
const QUIET = 1_500
const PAUSE = 150

/** Tests in a laboratory of their own. `decided` takes the rows that its scenes saw, all of them at the end. */
export function inLaboratory(name: string, decided: (rows: readonly string[]) => void, play: (stage: Stage) => void) {
  describe.concurrent(name, () => {
    const scenes: { readonly name: string; readonly from: number; readonly rows: Rows }[] = []
    let lab: Laboratory
    let told = 0
    let ended = false

    beforeAll(async () => {
      lab = await openLaboratory(FILES)
      await agreed({ home: UP, offsite: UP })
      // On a slow machine one was up so long before the other that it wrote of its silence.
      await quiet()
    }, 90_000)
    afterAll(() => lab?.close(), 60_000)
    afterEach(async () => {
      if (ended) return
      await heal()
      await quiet()
    }, 60_000)

    play({ lab: () => lab, begin, agreed, mailed, news, heal, quiet, steady })

    it.sequential('decided each scene by the rows it is about', async () => {
      ended = true
      for (const site of BOTH) await lab.stop(site)
      for (const site of BOTH) {
        const changes = withArchive(lab.data(site), Date.now(), (archive) =>
          archive.changesOf('web.http', 'agreement', 0, Date.now()),
        )!
        for (const [at, { name, from, rows }] of scenes.entries()) {
          const seen = changes.filter((one) => one.at >= from && one.at < (scenes[at + 1]?.from ?? Infinity))
          expect(
            seen.map(({ rule }) => rule),
            `${site}: ${name}`,
          ).toEqual(expect.arrayContaining([...(rows[site] ?? [])]))
        }
      }
      decided(scenes.flatMap(({ rows }) => Object.values(rows).flat()))
    })

    function shows({ services: [service] }: SiteSeen, expected: Expected): boolean {
      const { state, confidence } = service!
      if (state !== expected.state || confidence.note !== expected.note) return false
      return expected.sites === undefined || [...confidence.sites].sort().join() === [...expected.sites].sort().join()
    }

    async function agreed(expected: Partial<Record<SiteName, Expected>>, within = 30_000) {
      const end = performance.now() + within
      for (;;) {
        const seen = await Promise.all(BOTH.map((site) => lab.seen(site)))
        if (BOTH.every((site, at) => expected[site] === undefined || shows(seen[at]!, expected[site]))) return
        if (performance.now() > end) {
          const found = BOTH.map((site, at) => `${site}: ${JSON.stringify(seen[at]!.services[0])} ${lab.log(site)}`)
          throw new Error(`not ${JSON.stringify(expected)}:\n${found.join('\n')}\n${told}: ${JSON.stringify(news())}`)
        }
        await pause(PAUSE)
      }
    }

    function news(): readonly string[] {
      return lab
        .mails()
        .slice(told)
        .map(({ by, subject, body }) => `${by}: ${subject} | ${body.trim().split('\n')[0]}`)
    }

    async function mailed(...patterns: readonly RegExp[]): Promise<readonly Mail[]> {
      const end = performance.now() + 25_000
      while (lab.mails().length < told + patterns.length && performance.now() < end) await pause(PAUSE)
      const found = news()
      const mails = lab.mails().slice(told)
      told += found.length
      for (const pattern of patterns) expect(found, found.join('\n')).toContainEqual(expect.stringMatching(pattern))
      expect(found, found.join('\n')).toHaveLength(patterns.length)
      return mails
    }

    function begin(name: string, rows: Rows, ...cuts: Cut[]) {
      scenes.push({ name, from: Date.now(), rows })
      lab.cut(...cuts)
    }

    async function quiet() {
      do {
        told = lab.mails().length
        await pause(QUIET)
      } while (lab.mails().length > told)
    }

    async function heal() {
      lab.cut()
      await agreed({ home: UP, offsite: UP }, 40_000)
    }

    async function steady(length: number) {
      for (const end = performance.now() + length; performance.now() < end; await pause(PAUSE)) {
        for (const site of BOTH) {
          const [service] = (await lab.seen(site)).services
          expect(['up', 'unknown', 'degraded'], JSON.stringify(service)).toContain(service!.state)
        }
      }
    }
  })
}

const pause = (length: number) => new Promise((done) => setTimeout(done, length))
