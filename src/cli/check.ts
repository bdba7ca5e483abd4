// `vigie check`: looks once, now.
import { nearest } from '../config/nearest.ts'
import { type Check, type Configuration, checksOf } from '../core/check.ts'
import type { Observation } from '../core/observation.ts'
import type { Instant } from '../core/time/time.ts'
import { hasWitnessOn } from '../core/verdict/blindness.ts'
import { createLooker } from '../look.ts'
import { openWorld } from '../world.ts'
import { excused } from './check/line.ts'
import { type Result, resultOf, resultOfHeartbeat } from './check/result.ts'
import { resultTable, summaryOf } from './check/table.ts'
import type { Call, Command, Host, SoundReading } from './command.ts'
import { countOf, readSound } from './reading.ts'
import { together } from './terminal/at-once.ts'
import { showProgress } from './terminal/progress.ts'

const LIMITS = { atOnce: 16, atOneDoor: 4 }

export const check: Command = {
  words: '[ID…]',
  about: [
    'Looks once, now, at every check of the configuration, or at those named: `mail.smtp` is one check, `mail` every check of that service. It asks for itself: no running vigie is needed, and none is told.',
    'When something fails, the witnesses are asked once: what failed over a part of our own line that they don’t prove is unknown.',
    'Heartbeats are listed and not looked at: they wait to be pinged.',
    'Exit code 0 when all that was looked at is fine, 1 when something failed or could not be told, 2 for wrong use or a configuration with mistakes.',
  ],
  options: ['json'],
  examples: [
    { line: 'vigie check', does: 'all there is' },
    { line: 'vigie check mail xmpp.client', does: 'one service and one check of another' },
    { line: "vigie check --json | jq '.[] | select(.ok != true)'", does: 'what is not well, for a script' },
  ],
  run: runCheck,
}

async function runCheck(call: Call, host: Host): Promise<number> {
  const reading = readSound(call, host)
  if (reading === null) return 2
  const chosen = choose(reading.configuration, call.words)
  if ('unknown' in chosen) {
    host.err.write(
      `vigie check: there is no check or service "${chosen.unknown}"${hintFor(chosen.unknown, reading.configuration)}\n`,
    )
    return 2
  }
  const started = host.monotonic()
  const results = await lookAtAll(chosen.checks, reading, host)
  if (call.options.json) host.out.write(`${JSON.stringify(results, null, 2)}\n`)
  else {
    // Whoever names checks wants to know all of them; what goes to a file is searched later.
    const lines = resultTable(results, reading.configuration, host.out, call.words.length > 0 || !host.out.live)
    print(lines, summaryOf(results, host.monotonic() - started), reading.configuration, host)
  }
  if (chosen.elsewhere > 0) {
    host.err.write(
      `${countOf(chosen.elsewhere, 'check')} left out: other sites look at them. Named, they are looked at from here.\n`,
    )
  }
  return results.every(({ ok, reason }) => ok === true || (ok === null && reason === null)) ? 0 : 1
}

type Choice = { readonly checks: readonly Check[]; readonly elsewhere: number } | { readonly unknown: string }

/** In the order of the configuration. Without words all that this site looks at; what is named is looked at anyway. */
function choose(configuration: Configuration, words: readonly string[]): Choice {
  const all = checksOf(configuration)
  const services = new Set(configuration.services.map(({ id }) => id))
  const unknown = words.find((word) => !services.has(word) && !all.some(({ id }) => id === word))
  if (unknown !== undefined) return { unknown }
  if (words.length > 0) {
    return { checks: all.filter(({ id, service }) => words.includes(id) || words.includes(service)), elsewhere: 0 }
  }
  const here = all.filter(({ from }) => typeof from === 'string' || from.includes(configuration.site.id))
  return { checks: here, elsewhere: all.length - here.length }
}

function hintFor(word: string, configuration: Configuration): string {
  const ids = [...configuration.services.map(({ id }) => id), ...checksOf(configuration).map(({ id }) => id)]
  const meant = nearest(word, ids)
  return meant === null ? '; `vigie config` lists them' : `: did you mean "${meant}"?`
}

async function lookAtAll(checks: readonly Check[], reading: SoundReading, host: Host): Promise<readonly Result[]> {
  const { configuration, plans } = reading
  const now = () => host.wall()
  const world = await openWorld(configuration, now, () => {})
  const looker = createLooker({
    network: () => world.network,
    plan: (id) => plans.get(id),
    site: () => configuration.site.id,
    now,
    witnessOn: (port) => hasWitnessOn(configuration.witnesses, port),
    onBug: (error, id) => host.err.write(`${id}: ${error instanceof Error ? error.stack : String(error)}\n`),
  })
  const turns = checks.filter(({ heartbeat }) => heartbeat === null).flatMap(turnsOf)
  const progress = showProgress(host.err, turns.length, host.monotonic)
  try {
    const looks = await together(
      turns.map((turn) => ({
        door: looker.door(turn),
        run: async () => {
          progress.begin(turn.check.id)
          const observation = await looker.look(turn.check, turn.strand)
          progress.end(turn.check.id)
          return observation
        },
      })),
      LIMITS,
    )
    const judged = await excused(looks, configuration, world, host)
    return checks.map((one) => resultFrom(one, judged, configuration.site.id, now()))
  } finally {
    progress.clear()
    await world.stop()
  }
}

/** A check that is judged by both address families is looked at twice. */
function turnsOf(one: Check) {
  const strands = one.family === 'both' ? ([4, 6] as const) : ([null] as const)
  return strands.map((strand) => ({ check: one, strand }))
}

function resultFrom(one: Check, looks: readonly Observation[], site: string, now: Instant): Result {
  if (one.heartbeat !== null) return resultOfHeartbeat(one, site, now)
  const [first, second] = looks.filter((look) => look.check === one.id)
  return resultOf(one, second === undefined ? [first!] : [first!, second])
}

function print(lines: readonly string[], summary: string, { replica }: Configuration, { out }: Host): void {
  for (const line of lines) out.write(`${line}\n`)
  out.write(`\n${summary}\n`)
  if (replica) out.write('This was the built-in replica: nothing but this machine was asked.\n')
}
