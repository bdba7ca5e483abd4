// dns: a name has the records it should have, and all its name servers agree.
import { domainToASCII } from 'node:url'
import type { Outcome } from '../core/observation.ts'
import type { HostPort, Settings } from '../core/settings.ts'
import { familyOf } from '../net/address.ts'
import { type Failure, failed, outcomeOf } from '../net/failure.ts'
import type { Endpoint } from '../net/network.ts'
import type { Look, Plan, ProbeKind } from './kind.ts'
import { askDns, type Question, type Reply } from './question.ts'
import { formatRecord, parseType, sameRecords } from './record.ts'
import { askResolver } from './resolver.ts'

const PORT = 53
/** Name servers looked at, at most: a zone has a handful. */
const MOST_SERVERS = 16

export const dns: ProbeKind = {
  summary: 'a name has the records it should have; with same_serial, all its name servers hold the same zone',
  example: 'example.org',
  idle: { family: null },
  configure,
}

function configure(settings: Settings): Plan {
  const name = parseName(settings.target())
  if (name === undefined) settings.complain(null, 'this is no name: write example.org or _dmarc.example.org')
  const written = settings.text('type') ?? 'A'
  const type = parseType(written)
  if (type === undefined) settings.complain('type', `"${written}" is no type of record: write A, MX, TXT … or TYPE65`)
  const server = readServer(settings)
  const expected = settings.texts('expect') ?? null
  const serial = settings.flag('same_serial') ?? false
  if (serial && expected !== null) settings.complain('expect', 'same_serial compares serials only: make it two checks')
  const question: Question = { name: name ?? '.', type: type ?? 'A', recursive: true }
  return {
    does: 'look',
    probe: serial
      ? (look) => compareSerials(look, question.name, server)
      : (look) => compareRecords(look, question, written.toUpperCase(), server, expected),
  }
}

async function compareRecords(
  look: Look,
  question: Question,
  type: string,
  server: HostPort | null,
  expected: readonly string[] | null,
): Promise<Outcome> {
  const reply = await ask(look, question, server)
  const fault = faultOf(reply, question.name)
  if (fault) return fault
  const records = recordsOf(reply, question.type)
  const found = `${type} ${records.length === 0 ? 'none' : records.join(', ')}`
  if (expected === null) {
    return records.length > 0
      ? { ok: true, note: found }
      : { ok: false, reason: 'dns', note: `${question.name} has no ${type} record` }
  }
  if (sameRecords(type, records, expected)) return { ok: true, note: found }
  return { ok: false, reason: 'content', note: `${found}; expected ${expected.join(', ')}` }
}

/** The zone's own servers, asked one by one without recursion, must all know it and hold the same version. */
async function compareSerials(look: Look, zone: string, server: HostPort | null): Promise<Outcome> {
  const reply = await ask(look, { name: zone, type: 'NS', recursive: true }, server)
  const fault = faultOf(reply, zone)
  if (fault) return fault
  const names = [...new Set(recordsOf(reply, 'NS').map((name) => name.toLowerCase()))].sort().slice(0, MOST_SERVERS)
  if (names.length === 0) return { ok: false, reason: 'dns', note: `${zone} has no name servers: is it a zone?` }
  const servers = await Promise.all(
    names.map((name) => naming(name, async () => ({ name, at: await look.locate({ host: name, port: PORT }) }))),
  )
  const waiting = new Set(names)
  look.begin('request', [...waiting].join(', '))
  const serials = await Promise.all(
    servers.map(({ name, at }) =>
      naming(name, async () => {
        const serial = await serialOf(look, zone, at)
        waiting.delete(name)
        look.begin('request', [...waiting].join(', '))
        return { name, serial }
      }),
    ),
  )
  look.mark('request')
  if (new Set(serials.map(({ serial }) => serial)).size === 1) {
    return { ok: true, note: `serial ${serials[0]!.serial} on ${serials.length} name servers` }
  }
  const note = `different serials: ${serials.map(({ name, serial }) => `${name} ${serial}`).join(', ')}`
  return { ok: false, reason: 'content', note }
}

async function serialOf(look: Look, zone: string, server: Endpoint): Promise<number> {
  const reply = await askDns(look.network, server, { name: zone, type: 'SOA', recursive: false }, look.signal())
  if (reply.rcode !== 'NOERROR')
    throw failed({ ok: false, reason: 'dns', note: `does not serve ${zone} (${reply.rcode})` })
  const soa = reply.answers.find((answer) => answer.type === 'SOA')
  if (!reply.authoritative || soa?.type !== 'SOA' || soa.data.serial === undefined) {
    throw failed({ ok: false, reason: 'dns', note: `has no authority over ${zone}` })
  }
  return soa.data.serial
}

/** What goes wrong with one server of several says with which. */
async function naming<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const failure = outcomeOf(error)
    throw failed({ ...failure, note: `${name}: ${failure.note}` })
  }
}

async function ask(look: Look, question: Question, server: HostPort | null): Promise<Reply> {
  if (server === null) return askResolver(look, question)
  const at = await look.locate(server)
  look.begin('request', server.host)
  const reply = await askDns(look.network, at, question, look.signal())
  look.mark('request')
  return reply
}

function faultOf(reply: Reply, name: string): Failure | null {
  if (reply.rcode === 'NOERROR') return null
  if (reply.rcode === 'NXDOMAIN') return { ok: false, reason: 'dns', note: `${name} does not exist (NXDOMAIN)` }
  return { ok: false, reason: 'dns', note: `no answer about ${name} (${reply.rcode})` }
}

function recordsOf(reply: Reply, type: string): readonly string[] {
  return reply.answers.filter((answer) => String(answer.type) === type).map(formatRecord)
}

/** In ASCII (RFC 5891), without the last dot; undefined for what can't be asked for (RFC 1035, 2.3.4). */
export function parseName(text: string): string | undefined {
  const bare = text.trim().replace(/(?<=.)\.$/, '')
  if (bare === '.') return bare
  const name = /^[\x21-\x7e]+$/.test(bare) ? bare.toLowerCase() : domainToASCII(bare)
  const labels = name.split('.')
  const fits = name.length <= 253 && labels.every((label) => /^[a-z0-9_*-]{1,63}$/.test(label))
  return fits ? name : undefined
}

function readServer(settings: Settings): HostPort | null {
  const text = settings.text('server')
  if (text === undefined) return null
  const server = parseServer(text)
  if (!server)
    settings.complain('server', `"${text}" is no server: write ns.example.org, 192.0.2.53 or [2001:db8::53]:53`)
  return server ?? null
}

/** `host`, `host:port`, an IPv6 address with or without brackets; port 53 when not said. */
export function parseServer(text: string): HostPort | undefined {
  if (familyOf(text) === 6) return { host: text, port: PORT }
  const match = /^(?:\[([0-9a-f:.%]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/i.exec(text)
  const [host, port] = [match?.[1] ?? match?.[2], Number(match?.[3] ?? PORT)]
  if (host === undefined || port < 1 || port > 65_535) return undefined
  if (match?.[1] !== undefined && familyOf(host) !== 6) return undefined
  return familyOf(host) !== null || parseName(host) !== undefined ? { host, port } : undefined
}
