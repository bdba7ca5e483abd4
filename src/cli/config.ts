// `vigie config`: what is wrong with the configuration, or what it says.
import { type Configuration, checksOf } from '../core/check.ts'
import { reachableAt } from '../core/reachable.ts'
import { say } from '../core/text.ts'
import { lasting } from '../core/time/lasting.ts'
import { hostPort } from '../net/address.ts'
import { kinds } from '../probes/index.ts'
import { readTokens } from '../store/tokens.ts'
import type { Call, Command, Host, SoundReading } from './command.ts'
import { countOf, isSound, printMistakes, read } from './reading.ts'
import type { Screen } from './terminal/screen.ts'
import { fold, pad } from './terminal/width.ts'

export const config: Command = {
  words: '',
  about: [
    'Reads the configuration and prints every mistake and every warning as `file:line:column: message`, with a hint in brackets where there is one. Without mistakes it says what will be watched, and where jobs report to.',
    'Exit code 0 without mistakes (warnings are none), 2 with some.',
  ],
  list: {
    title: 'Kinds of check, with a target each',
    entries: Object.entries(kinds).map(([name, { summary, example }]) => [name, `${summary} (${example})`]),
  },
  options: ['json'],
  examples: [
    { line: 'vigie config', does: 'after every change' },
    { line: 'vigie config --checks /etc/vigie/checks', does: 'of another folder' },
    { line: 'vigie config --json', does: 'file, line, column, severity, message, hint of each' },
  ],
  run: runConfig,
}

async function runConfig(call: Call, host: Host): Promise<number> {
  const reading = read(call, host.environment)
  const { mistakes, warnings } = reading
  if (call.options.json) {
    const listed = [
      ...mistakes.map((mistake) => ({ severity: 'mistake', ...mistake })),
      ...warnings.map((warning) => ({ severity: 'warning', ...warning })),
    ].map(({ file, line, column, severity, message, hint }) => ({ file, line, column, severity, message, hint }))
    host.out.write(`${JSON.stringify(listed, null, 2)}\n`)
    return isSound(reading) ? 0 : 2
  }
  printMistakes(mistakes, warnings, host.out)
  if (!isSound(reading)) {
    host.err.write(`${counted(mistakes, warnings)}: a running vigie goes on with what it had.\n`)
    return 2
  }
  if (warnings.length > 0) host.out.write('\n')
  summarise(reading, call, host)
  return 0
}

function counted(mistakes: readonly unknown[], warnings: readonly unknown[]): string {
  return [countOf(mistakes, 'mistake'), ...(warnings.length > 0 ? [countOf(warnings, 'warning')] : [])].join(', ')
}

function summarise(reading: SoundReading, { options }: Call, { out }: Host): void {
  const { configuration, warnings } = reading
  const found = warnings.length === 0 ? 'no mistakes' : `no mistakes, ${countOf(warnings, 'warning')}`
  out.write(`${out.paint(`${options.checks}: ${found}.`, 'green')}\n\n`)
  for (const [term, meaning] of factsOf(configuration)) {
    for (const [at, line] of fold(meaning, out.columns - 13).entries()) {
      out.write(`  ${out.paint(pad(at === 0 ? term : '', 9), 'bold')}  ${line.replaceAll(NO_BREAK, ' ')}\n`)
    }
  }
  const lines = heartbeatLines(reading, options.data, out)
  if (lines.length > 0) out.write(`\n${out.paint('Jobs report to', 'bold')}\n${lines.join('\n')}\n`)
}

/** Holds a count and its kind together where lines are folded. */
const NO_BREAK = '\u00a0'

function factsOf(configuration: Configuration): readonly (readonly [string, string])[] {
  const { name, domain, replica, sites, site, services, witnesses, path, mail, alerts, listen } = configuration
  const checks = checksOf(configuration)
  const byKind = [...new Set(checks.map(({ kind }) => kind))]
    .map((kind) => `${checks.filter((check) => check.kind === kind).length}${NO_BREAK}${kind}`)
    .join(', ')
  return [
    [
      'hoster',
      `${say(name, 'en')}${domain === null ? '' : `, ${domain}`}${replica ? '; the built-in replica stands in for it' : ''}`,
    ],
    ['services', services.map(({ id }) => id).join(', ') || 'none'],
    ['checks', checks.length === 0 ? 'none' : `${checks.length}: ${byKind}`],
    ['sites', sitesOf(configuration)],
    ['witnesses', `${witnesses.length || 'none'}, and ${path.length || 'none'} on the path to the provider`],
    ['relays', mail?.relays.map((relay) => relay.name).join(', ') || 'none'],
    ['alerts', alerts.map(({ email }) => email).join(', ') || 'to nobody'],
    ['page', `${site.url ?? pageElsewhere(sites, site.id)}, listening on ${hostPort(listen.host, listen.port)}`],
  ]
}

/** This one first, those that run no more last; a role where it isn't `full`. */
function sitesOf({ sites, former, site }: Configuration): string {
  const own = site.role === 'full' ? 'this one' : `this one, ${site.role}`
  const others = sites.filter(({ id }) => id !== site.id)
  return [
    `${site.id} (${own})`,
    ...others.map(({ id, role }) => (role === 'full' ? id : `${id} (${role})`)),
    ...former.map(({ id }) => `${id} (former)`),
  ].join(', ')
}

function pageElsewhere(sites: Configuration['sites'], own: string): string {
  const url = reachableAt(sites, own)
  return url === null ? 'no url for members yet' : `no url of its own, mails and feeds lead to ${url}`
}

/** Where jobs report to, never cut: it is there to be copied. A token that is a secret stays one. */
function heartbeatLines({ configuration, plans }: SoundReading, data: string, screen: Screen): readonly string[] {
  const beats = checksOf(configuration).filter(({ heartbeat }) => heartbeat !== null)
  if (beats.length === 0) return []
  const made = readTokens(data)
  const base = (
    configuration.site.url ?? `http://${hostPort(configuration.listen.host, configuration.listen.port)}`
  ).replace(/\/+$/, '')
  return beats.flatMap(({ id, target, heartbeat }) => {
    const { grace, token } = heartbeat!
    const secret = token !== null && plans.get(id)?.secrets.includes(token) === true
    const known = token ?? made.get(id) ?? null
    const url = known === null ? 'its address is made when vigie first runs' : `${base}/push/${secret ? '…' : known}`
    const pace = `every ${target}, with ${lasting(grace, 'en')} of grace`
    return [`  ${screen.paint(id, 'bold')}  ${pace}`, `    ${url}${secret ? ' (… is the configured secret)' : ''}`]
  })
}
