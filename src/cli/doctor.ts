// `vigie doctor`: what would fail tonight.
import { positionOf } from '../config/position.ts'
import type { Configuration } from '../core/check.ts'
import { isMade } from '../core/shown/copy.ts'
import { type Finding, fail, ok, warn } from '../core/shown/diagnosis.ts'
import { judgeTwin } from '../core/shown/twin-status.ts'
import { type Instant, type Millis, SECOND } from '../core/time/time.ts'
import { findRunning } from '../process/running.ts'
import { readCopies } from '../showing/copying.ts'
import { openWorld } from '../world.ts'
import type { Call, Command, Host, SoundReading } from './command.ts'
import { examineLine } from './doctor/line.ts'
import { examineMachine } from './doctor/machine.ts'
import { examineMail } from './doctor/mail.ts'
import { examineAddress, examineDeadman, examineRunning } from './doctor/page.ts'
import type { Place } from './doctor/place.ts'
import { countOf, readSound } from './reading.ts'
import { copyWords } from './status/table.ts'
import { showProgress } from './terminal/progress.ts'
import type { Screen, Style } from './terminal/screen.ts'
import { cut, fold, pad } from './terminal/width.ts'
import { hearTwins, namesOfLayers } from './twin.ts'
import { version } from './version.ts'

export const doctor: Command = {
  words: '',
  about: [
    'Asks everything that vigie needs to see, to mail and to be seen, and prints a line an item, with what to do where something is not well: Node, configuration, data folder, disk and wear, databases, clock, witnesses and path, names, IPv4 and IPv6, ports, ping, relays (as far as the login; nothing is sent), recipients, the running vigie, its page and certificate, heartbeats, the dead man’s switch.',
    'It asks for itself, as this user: run it as the user that runs vigie. It takes 20 seconds at most, and changes nothing.',
    'Exit code 0 when nothing would fail (warnings are no failure), 1 when something would, 2 for wrong use or a configuration with mistakes.',
  ],
  options: ['json'],
  examples: [
    { line: 'vigie doctor', does: 'before the first night, and after every change' },
    { line: 'vigie doctor --json | jq \'.[] | select(.level != "ok")\'', does: 'what is not well, for a script' },
  ],
  run: runDoctor,
}

/** Who has not answered by then is said not to have; what is left of 20 s is for the databases. */
const PATIENCE: Millis = 13 * SECOND

async function runDoctor(call: Call, host: Host): Promise<number> {
  const reading = readSound(call, host)
  if (reading === null) return 2
  const started = host.monotonic()
  const findings = await examine(reading, call, host)
  if (call.options.json) host.out.write(`${JSON.stringify(findings, null, 2)}\n`)
  else print(findings, host.monotonic() - started, reading, host)
  return findings.some(({ level }) => level === 'fail') ? 1 : 0
}

async function examine(reading: SoundReading, { options }: Call, host: Host): Promise<readonly Finding[]> {
  const { configuration } = reading
  const { wall } = host
  const running = findRunning(options.data)
  const world = await openWorld(configuration, wall, () => {})
  const place: Place = (keys, text) => positionOf(options.checks, keys, text)
  const examinations: readonly (readonly [name: string, run: () => Promise<readonly Finding[]>])[] = [
    ['vigie', () => examineRunning(options.data, running, configuration, wall)],
    ['address', () => examineAddress(world, configuration, wall, place)],
    ['deadman', () => examineDeadman(world, configuration, wall, place)],
    ['line', () => examineLine(world, wall, reading, place)],
    ['mail', () => examineMail(world, configuration, place)],
    ['twins', () => examineTwins(options.data, configuration, wall)],
  ]
  const progress = showProgress(host.err, examinations.length, host.monotonic)
  try {
    const found = await Promise.all(
      examinations.map(async ([name, run]) => {
        progress.begin(name)
        const findings = await within(PATIENCE, name, run())
        progress.end(name)
        return findings
      }),
    )
    // Last, as reading databases through leaves no time for anybody else.
    const machine = examineMachine(options.data, running?.pid ?? null, wall())
    const copies = examineCopies(options.data, reading.configuration, wall())
    return [...machine.slice(0, 1), configured(reading), ...machine.slice(1), ...copies, ...found.flat()]
  } finally {
    progress.clear()
    await world.stop()
  }
}

/** Copies of the page, as the vigie that runs left word of them. */
function examineCopies(data: string, { publish, replica }: Configuration, now: Instant): readonly Finding[] {
  if (replica) return []
  const states = readCopies(data)
  return publish.map(({ to }) => {
    const state = states.get(to)
    if (state === undefined)
      return warn('copy', `${to}: not made yet`, 'Does vigie run? The first is made within half a minute.')
    const says = `${to}: ${copyWords(state, now)}`
    if (isMade(state)) return ok('copy', says)
    if (state.by === '') return warn('copy', says, 'Name who makes it: `from: SITE`.')
    if (state.by !== undefined) return warn('copy', says, 'Mend that site, or name another: `from: SITE`.')
    return warn('copy', says, 'What it says came of the system: can vigie’s user do the same by hand?')
  })
}

/** The other sites, as the vigie that runs knows them. */
async function examineTwins(
  data: string,
  { sites, site }: Configuration,
  wall: () => Instant,
): Promise<readonly Finding[]> {
  if (sites.length < 2) return []
  const others = sites.filter(({ id }) => id !== site.id)
  const statuses = await hearTwins(data)
  if (statuses === null)
    return others.map(({ id }) => warn(id, 'not known: no vigie runs here', 'Start it, and ask again.'))
  return statuses.flatMap((status) => judgeTwin(status, { version: version(), layers: namesOfLayers }, wall()))
}

function configured({ configuration, warnings }: SoundReading): Finding {
  const [first] = warnings
  if (first === undefined) return ok('config', `no mistakes, ${countOf(configuration.services, 'service')}`)
  return warn(
    'config',
    `${countOf(warnings, 'warning')}, first: ${first.message}`,
    '`vigie config` shows all, with their places.',
  )
}

async function within(limit: Millis, name: string, work: Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<readonly Finding[]>((resolve) => {
    timer = setTimeout(resolve, limit, [
      fail(name, `no answer within ${limit / SECOND} s`, 'Is your line cut, or this machine too busy?'),
    ])
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

const MARKS: Readonly<Record<Finding['level'], readonly [word: string, style: Style]>> = {
  ok: ['OK', 'green'],
  warn: ['WARN', 'yellow'],
  fail: ['FAIL', 'red'],
}

const LONGEST_ITEM = 12

function print(findings: readonly Finding[], took: Millis, { configuration }: SoundReading, { out }: Host): void {
  for (const finding of findings) for (const line of linesOf(finding, out)) out.write(`${line}\n`)
  const count = (level: Finding['level']) => findings.filter((one) => one.level === level).length
  const parts = [`${count('ok')} fine`, countOf(count('warn'), 'warning'), countOf(count('fail'), 'failure')]
  out.write(`\n${parts.join(', ')}, in ${(took / SECOND).toFixed(1)} s.\n`)
  if (configuration.replica) out.write('The replica stood in for the world: of the real one nothing was asked.\n')
}

function linesOf({ item, level, says, remedy }: Finding, screen: Screen): readonly string[] {
  const [word, style] = MARKS[level]
  const before = `${screen.paint(pad(word, 4), style)}  ${pad(cut(item, LONGEST_ITEM), LONGEST_ITEM)}  `
  const indent = ' '.repeat(4 + 2 + LONGEST_ITEM + 2)
  const room = screen.columns - indent.length
  return [
    ...fold(says, room).map((line, at) => (at === 0 ? before : indent) + line),
    ...(remedy === null ? [] : fold(remedy, room - 2).map((line, at) => `${indent}${at === 0 ? '→ ' : '  '}${line}`)),
  ]
}
