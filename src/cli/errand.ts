// How `vigie admin` gets things done: the vigie that runs is asked, so that it knows at once; when none does, the ledger is
// written to, and the next one reads it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Errand, Result } from '../access/errand.ts'
import { ERRAND } from '../http/admin/errands.ts'
import type { Call, Host } from './command.ts'
import { readSound } from './reading.ts'

const PATIENCE = 10_000

/** Null: it could not be done, and that was said on stderr. `base`: where the site is, for links. */
export async function run(
  errand: Errand,
  call: Call,
  host: Host,
): Promise<{ readonly result: Result; readonly base: string } | null> {
  const reading = readSound(call, host)
  if (reading === null) return null
  const { configuration } = reading
  const running = runningAt(call.options.data)
  const own = configuration.site.url
  if (running !== null) {
    const result = await ask(running, errand)
    if (result !== null) return { result, base: own ?? running.url }
  }
  const { host: address, port } = configuration.listen
  const base = own ?? `http://${address.includes(':') ? `[${address}]` : address}:${port}`
  return doHere(errand, call, host, configuration.site.id, base)
}

interface Running {
  readonly url: string
  readonly token: string
}

function runningAt(data: string): Running | null {
  try {
    const { url, token } = JSON.parse(readFileSync(join(data, 'run.json'), 'utf8')) as Partial<Running>
    return typeof url === 'string' && typeof token === 'string' && URL.canParse(ERRAND, url) ? { url, token } : null
  } catch {
    return null
  }
}

/** Null: it doesn't answer. */
async function ask({ url, token }: Running, errand: Errand): Promise<Result | null> {
  try {
    const answer = await fetch(new URL(ERRAND, url), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(errand),
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    })
    const result = (await answer.json()) as unknown
    return typeof result === 'object' && result !== null ? (result as Result) : null
  } catch {
    return null
  }
}

/** As the owner of the data folder: nobody else is. */
async function doHere(errand: Errand, { options }: Call, host: Host, site: string, base: string) {
  const [{ lockFolder }, { openLedger }, { createAccess }, { doErrand }, { openKey }, { sealer }] = await Promise.all([
    import('../store/lock.ts'),
    import('../store/ledger.ts'),
    import('../access/accounts.ts'),
    import('../access/errand.ts'),
    import('../twin/key.ts'),
    import('../twin/seal.ts'),
  ])
  const lock = lockFolder(options.data)
  if ('heldBy' in lock) {
    const who = lock.heldBy === null ? 'another process' : `the vigie with pid ${lock.heldBy}`
    host.err.write(`vigie admin: ${who} has ${options.data} and does not answer\n`)
    return null
  }
  const now = host.wall
  const ledger = openLedger(options.data, { site, sealer: sealer(openKey(options.data)), now })
  try {
    const access = createAccess({
      told: () => ledger.statements('account').map((one) => ({ ...one, mark: `${one.origin}:${one.seq}` })),
      say: ledger.say,
      now,
      ticks: host.monotonic,
      pause: async () => {},
      clockTrusted: () => true,
      warn: (note) => host.err.write(`${note}\n`),
    })
    return { result: doErrand(access, errand, 'cli', now()), base }
  } finally {
    ledger.close()
    lock.release()
  }
}
