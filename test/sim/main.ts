// `npm run sim -- --help` says what it does.
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { describeFigures } from './figures.ts'
import { MUTANTS, type Mutant } from './mutants.ts'
import { describePlan, type FaultKind, KINDS, makePlan, type PlanOptions, SITES } from './plan.ts'
import { simulate } from './simulate.ts'

const HELP = `npm run sim -- [options]

Runs schedules of faults with real sites in a simulated world, and says what happened that must never happen.

  --schedules N     so many schedules (500)
  --first N         the seed of the first (1)
  --seed N          one schedule, with its plan and its story
  --sites N         with so many sites, 1 to ${SITES.length} (by chance)
  --kinds A,B       with these faults alone: ${KINDS.join(' ')}
  --without RULE    with a rule taken out, which must be noticed: ${MUTANTS.join(', ')}
  --jobs N          so many at a time (${availableParallelism()}, the number of cores)
  --figures         how long things take
  --help            this

Exit code: 0 nothing of the kind, 1 something, 2 wrong use.
`

interface Order extends PlanOptions {
  readonly first: number
  readonly count: number
  readonly step: number
  readonly without?: Mutant
}

/** Schedules leave much behind that lives no second: with room for it there is less to tidy up. */
const YOUNG = { maxYoungGenerationSizeMb: 64 }

interface Report {
  readonly done: number
  readonly failed: readonly { readonly seed: number; readonly notes: readonly string[] }[]
  readonly mails: number
  readonly copies: number
}

if (isMainThread) await main()
else parentPort!.postMessage(await run(workerData as Order))

async function main() {
  const values = optionsOf(process.argv.slice(2))
  if (typeof values === 'string') {
    console.error(values)
    process.exitCode = 2
    return
  }
  if (values.help) return console.log(HELP)
  const options: PlanOptions & { without?: Mutant } = {
    ...(values.sites === undefined ? {} : { sites: Number(values.sites) }),
    ...(values.kinds === undefined ? {} : { kinds: values.kinds.split(',').filter(Boolean) as FaultKind[] }),
    ...(values.without === undefined ? {} : { without: values.without as Mutant }),
  }
  if (values.seed !== undefined) return tell(Number(values.seed), options)
  if (values.figures) {
    for (const line of await describeFigures(40)) console.log(line)
    return
  }
  const count = Number(values.schedules)
  const jobs = Math.max(1, Math.min(Number(values.jobs), count))
  const began = performance.now()
  const reports = await Promise.all(
    Array.from({ length: jobs }, (_, at) => {
      const order: Order = {
        ...options,
        first: Number(values.first) + at,
        count: Math.ceil((count - at) / jobs),
        step: jobs,
      }
      return new Promise<Report>((resolve, reject) => {
        const worker = new Worker(new URL(import.meta.url), { workerData: order, resourceLimits: YOUNG })
        worker.once('message', resolve)
        worker.once('error', reject)
      })
    }),
  )
  const failed = reports.flatMap((report) => report.failed).sort((a, b) => a.seed - b.seed)
  for (const { seed, notes } of failed.slice(0, 30)) console.log(`seed ${seed}: ${notes.join('\n  ')}`)
  const sum = (of: (report: Report) => number) => reports.reduce((total, report) => total + of(report), 0)
  const seconds = (performance.now() - began) / 1000
  console.log(
    `${sum(({ done }) => done)} schedules in ${seconds.toFixed(1)} s (${(count / seconds).toFixed(1)} a second), ` +
      `${failed.length} failed, ${sum(({ mails }) => mails)} mails, ${sum(({ copies }) => copies)} of them copies`,
  )
  process.exitCode = failed.length === 0 ? 0 : 1
}

/** As they were given; a text: what is wrong with them. */
function optionsOf(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        schedules: { type: 'string', default: '500' },
        seed: { type: 'string' },
        first: { type: 'string', default: '1' },
        sites: { type: 'string' },
        kinds: { type: 'string' },
        without: { type: 'string' },
        figures: { type: 'boolean', default: false },
        jobs: { type: 'string', default: String(availableParallelism()) },
        help: { type: 'boolean', default: false },
      },
    })
    for (const name of ['schedules', 'seed', 'first', 'sites', 'jobs'] as const) {
      const most = name === 'sites' ? SITES.length : Number.MAX_SAFE_INTEGER
      const number = Number(values[name] ?? 1)
      if (!Number.isInteger(number) || number < 1 || number > most)
        return `--${name}: a whole number ${name === 'sites' ? `from 1 to ${most}` : 'above 0'} is wanted, not ${values[name]}`
    }
    const unknown = (values.kinds ?? '').split(',').find((kind) => kind !== '' && !KINDS.some((one) => one === kind))
    if (unknown !== undefined) return `--kinds: there is no ${unknown}; there are ${KINDS.join(' ')}`
    if (values.without !== undefined && !MUTANTS.some((one) => one === values.without))
      return `--without: there is no ${values.without}; there are ${MUTANTS.join(', ')}`
    return values
  } catch (error) {
    return `${(error as Error).message}\nSee npm run sim -- --help.`
  }
}

async function run({ first, count, step, without, ...options }: Order): Promise<Report> {
  const failed: { seed: number; notes: readonly string[] }[] = []
  let mails = 0
  let copies = 0
  for (let number = 0; number < count; number++) {
    const seed = first + number * step
    try {
      const ran = await simulate(makePlan(seed, options), without === undefined ? {} : { without })
      mails += ran.mails.length
      copies += ran.mails.length - new Set(ran.mails.map(({ letter }) => letter.key)).size
      if (ran.failures.length > 0) failed.push({ seed, notes: ran.failures.map(({ sin, note }) => `${sin}: ${note}`) })
    } catch (error) {
      failed.push({ seed, notes: [String((error as Error).stack)] })
    }
  }
  return { done: count, failed, mails, copies }
}

async function tell(seed: number, { without, ...options }: PlanOptions & { without?: Mutant }) {
  const plan = makePlan(seed, options)
  for (const line of describePlan(plan)) console.log(line)
  const { failures } = await simulate(plan, { ...(without === undefined ? {} : { without }), tell: console.log })
  for (const { sin, note } of failures) console.log(`FAILED ${sin}: ${note}`)
  process.exitCode = failures.length === 0 ? 0 : 1
}
