// How `vigie admin` gets things done: the vigie that runs is asked, so that it knows at once; when none does, the ledger is
// written to, and the next one reads it.
import { createAccess } from '../../access/accounts.ts'
import { doErrand, type Errand, type Result } from '../../access/errand.ts'
import { reachableAt } from '../../core/reachable.ts'
import { ERRAND } from '../../http/admin/errands.ts'
import { findRunning } from '../../process/running.ts'
import type { Call, Host } from '../command.ts'
import { idleRead, idleWrite, withoutLedger } from '../folder/idle.ts'
import { asOwner } from '../folder/owning.ts'
import { OBSERVER } from '../folder/speaking.ts'
import { readSound } from '../reading.ts'

const PATIENCE = 10_000

/** The exit code instead: it could not be done, and that was said on stderr. `base`: where the site is, for links. */
export async function run(
  errand: Errand,
  call: Call,
  host: Host,
): Promise<{ readonly result: Result; readonly base: string } | 1 | 2> {
  const reading = readSound(call, host)
  if (reading === null) return 2
  const { site, sites, listen } = reading.configuration
  if (site.role === 'observer') {
    host.err.write(`vigie admin: ${OBSERVER}\n`)
    return 1
  }
  // An account is made on any full site.
  const outside = reachableAt(sites, site.id, ['full'])
  const { data } = call.options
  const running = findRunning(data)
  const answer = running?.token == null ? null : await ask(running.url, running.token, errand)
  if (answer !== null) return { result: answer, base: outside ?? running!.url }
  const missing = errand.does === 'list' ? withoutLedger(data) : null
  if (missing !== null) {
    host.err.write(`vigie admin list: ${missing}\n`)
    return 1
  }
  const address = listen.host.includes(':') ? `[${listen.host}]` : listen.host
  const result = await doHere(errand, data, site.id, host)
  if (!('heldBy' in result)) {
    if (errand.does === 'list') host.err.write(idleRead(data))
    else if (!('refused' in result)) host.err.write(idleWrite(data, 'counts'))
    return { result, base: outside ?? `http://${address}:${listen.port}` }
  }
  const who = result.heldBy === null ? 'another process' : `the vigie with pid ${result.heldBy}`
  host.err.write(`vigie admin: ${who} has ${data} and does not answer\n`)
  return 1
}

/** Null: it doesn't answer. */
async function ask(url: string, token: string, errand: Errand): Promise<Result | null> {
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

function doHere(errand: Errand, data: string, site: string, { wall, monotonic, err }: Host) {
  return asOwner(data, { site, now: wall }, (ledger) => {
    const access = createAccess({
      told: () => ledger.statements('account').map((one) => ({ ...one, mark: `${one.origin}:${one.seq}` })),
      say: ledger.say,
      now: wall,
      ticks: monotonic,
      pause: async () => {},
      clockTrusted: () => true,
      warn: (note) => err.write(`${note}\n`),
    })
    return doErrand(access, errand, 'cli', wall())
  })
}
