// ping: a host answers to ICMP echo. Node can't send ICMP, so the system's ping does.
import { execFile } from 'node:child_process'
import type { Outcome } from '../core/observation.ts'
import type { Settings } from '../core/settings.ts'
import type { Endpoint } from '../net/network.ts'
import type { Plan, ProbeKind } from './kind.ts'

export const ping: ProbeKind = {
  summary: 'a host answers to ping; many do not on purpose, so prefer a kind that uses the service',
  example: 'host.example.org',
  configure,
}

/** How the command ended: its exit code, or the system's code where it could not be started. */
interface Ended {
  readonly code: number | string
  readonly stdout: string
  readonly stderr: string
}

type Run = (arguments_: readonly string[], signal: AbortSignal) => Promise<Ended>

function configure(settings: Settings): Plan {
  return plan(settings, runPing)
}

/** The kind with another way to run ping: what a test passes. */
export function plan(settings: Settings, run: Run): Plan {
  const host = settings.targetHost()
  const count = settings.integer('count', 1, 20) ?? 3
  return {
    does: 'look',
    async probe(look) {
      const endpoint = await look.locate({ host, port: 0 })
      look.begin('echo', endpoint.address)
      const ended = await run(argumentsFor(endpoint, count), look.signal())
      look.mark('echo')
      return judge(ended)
    },
  }
}

function argumentsFor({ address, family }: Endpoint, count: number): readonly string[] {
  return ['-n', '-q', '-c', String(count), '-i', '0.2', '-W', '1', `-${family}`, address]
}

/** ping(8): 0 answered, 1 no answer, 2 an error of ours. */
function judge({ code, stdout, stderr }: Ended): Outcome {
  const [, sent, received] = /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(stdout) ?? []
  const average = /= [\d.]+\/([\d.]+)\//.exec(stdout)?.[1]
  if (code === 0 && sent !== undefined && received !== undefined) {
    return {
      ok: true,
      note: `${received} of ${sent} answered${average ? `, ${Math.round(Number(average) * 10) / 10} ms` : ''}`,
    }
  }
  if (code === 1 && sent !== undefined) return { ok: false, reason: 'timeout', note: `none of ${sent} answered` }
  if (/unreachable/i.test(stderr)) return { ok: null, reason: 'offline', note: 'no network here' }
  return { ok: null, reason: 'blocked', note: whyNot(code, stderr) }
}

function whyNot(code: number | string, stderr: string): string {
  if (code === 'ENOENT') return 'ping is not installed here: apt install iputils-ping'
  if (code === 'EPERM' || code === 'EACCES' || /permitted|denied|capabilit/i.test(stderr)) {
    return 'ping is not permitted here: set net.ipv4.ping_group_range to include our group'
  }
  return `ping does not work here: ${stderr.split('\n')[0] || `exit ${code}`}`
}

function runPing(arguments_: readonly string[], signal: AbortSignal): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const options = { signal, maxBuffer: 65_536, env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' } }
    execFile('ping', arguments_, options, (error, stdout, stderr) => {
      if (error?.name === 'AbortError') reject(error)
      else resolve({ code: error?.code ?? 0, stdout, stderr })
    })
  })
}
