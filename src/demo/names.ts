// The replica's name server: a zone for the hoster's domain, over UDP and TCP (RFC 1035).
import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import packet from 'dns-packet'
import type { Millis } from '../core/time/time.ts'
import { reverseName } from '../net/reverse.ts'
import { type Door, LOOPBACK, openDoor } from './door.ts'

/** What is known of a name: its records; `failing` when its name servers can't be asked; undefined: there is none. */
export type Zone = (name: string, type: string) => readonly packet.Answer[] | 'failing' | undefined

const TTL = 60
const SERIAL = 2026010101
const LONGEST_QUERY = 4_096
const MOST_LATE = 1_000

/** What both addresses in our answers are called backwards. */
const OURS: readonly string[] = [LOOPBACK, '::1'].map(reverseName)

/** What the hoster's DNS would hold. Every name under the domain exists, so that a service one makes up is found too. */
export function zoneOf(domain: string, standsInFor: (name: string) => boolean): Zone {
  const all = records(domain)
  return (asked, type) => {
    const name = asked.toLowerCase().replace(/\.$/, '')
    if (OURS.includes(name)) return type === 'PTR' ? [{ type, name, ttl: TTL, data: `mx.${domain}` }] : []
    if (!standsInFor(name)) return undefined
    if (type === 'A') return [{ type: 'A', name, ttl: TTL, data: LOOPBACK }]
    if (type === 'AAAA') return [{ type: 'AAAA', name, ttl: TTL, data: '::1' }]
    return all.filter((record) => record.name === name && record.type === type)
  }
}

function records(domain: string): packet.Answer[] {
  const at = (host: string) => (host ? `${host}.${domain}` : domain)
  const service = (name: string, port: number, host: string): packet.Answer => ({
    type: 'SRV',
    name: at(name),
    ttl: TTL,
    data: { priority: 5, weight: 0, port, target: at(host) },
  })
  const text = (name: string, data: string): packet.Answer => ({ type: 'TXT', name: at(name), ttl: TTL, data })
  return [
    soa(domain),
    { type: 'NS', name: domain, ttl: TTL, data: at('ns1') },
    { type: 'NS', name: domain, ttl: TTL, data: at('ns2') },
    { type: 'MX', name: domain, ttl: TTL, data: { preference: 10, exchange: at('mx') } },
    { type: 'CAA', name: domain, ttl: TTL, data: { flags: 0, tag: 'issue', value: 'letsencrypt.org' } },
    text('', 'v=spf1 mx -all'),
    text('_dmarc', `v=DMARC1; p=quarantine; rua=mailto:postmaster@${domain}`),
    text('_mta-sts', `v=STSv1; id=${SERIAL}`),
    text('_smtp._tls', `v=TLSRPTv1; rua=mailto:postmaster@${domain}`),
    service('_submission._tcp', 587, 'mail'),
    service('_submissions._tcp', 465, 'mail'),
    service('_imap._tcp', 143, 'mail'),
    service('_imaps._tcp', 993, 'mail'),
    service('_sieve._tcp', 4190, 'mail'),
    service('_xmpp-client._tcp', 5222, 'xmpp'),
    service('_xmpps-client._tcp', 5223, 'xmpp'),
    service('_xmpp-server._tcp', 5269, 'xmpp'),
    service('_matrix-fed._tcp', 443, 'matrix'),
    service('_caldavs._tcp', 443, 'webmail'),
    service('_carddavs._tcp', 443, 'webmail'),
  ]
}

function soa(domain: string): packet.Answer {
  const data = {
    mname: `ns1.${domain}`,
    rname: `hostmaster.${domain}`,
    serial: SERIAL,
    refresh: 86_400,
    retry: 7_200,
    expire: 3_600_000,
    minimum: TTL,
  }
  return { type: 'SOA', name: domain, ttl: TTL, data }
}

/** A name server on loopback, UDP and TCP on one port, as resolvers expect. `delay`: how long an answer takes now. */
export async function openNames(zone: Zone, domain: string, delay: () => Millis = () => 0): Promise<Door> {
  const reply = (query: Buffer) => answer(query, zone, domain)
  for (let attempt = 1; ; attempt++) {
    const tcp = await openDoor((socket) => answerStream(socket, reply))
    const udp = createSocket('udp4')
    try {
      udp.bind(tcp.port, LOOPBACK)
      await once(udp, 'listening')
      answerDatagrams(udp, reply, delay)
      return { port: tcp.port, close: () => closeBoth(tcp, udp) }
    } catch (failure) {
      udp.close()
      await tcp.close()
      if (attempt === 10) throw failure // ten free TCP ports, each taken for UDP
    }
  }
}

/** A port on loopback where questions vanish. */
export async function openNowhere(): Promise<Door> {
  const udp = createSocket('udp4')
  udp.on('error', () => {})
  udp.bind(0, LOOPBACK)
  await once(udp, 'listening')
  return { port: udp.address().port, close: () => new Promise<void>((done) => udp.close(done)) }
}

async function closeBoth(tcp: Door, udp: UdpSocket): Promise<void> {
  await Promise.all([tcp.close(), new Promise<void>((done) => udp.close(done))])
}

function answerDatagrams(udp: UdpSocket, reply: (query: Buffer) => Buffer | undefined, delay: () => Millis): void {
  const late = new Set<NodeJS.Timeout>()
  udp.on('error', () => {})
  udp.on('close', () => {
    for (const timer of late) clearTimeout(timer)
  })
  udp.on('message', (query, from) => {
    const answered = reply(query)
    if (!answered) return
    const wait = delay()
    if (wait === 0) return udp.send(answered, from.port, from.address)
    if (late.size >= MOST_LATE) return
    const timer = setTimeout(() => {
      late.delete(timer)
      udp.send(answered, from.port, from.address)
    }, wait)
    late.add(timer)
  })
}

/** Two bytes of length before each message (RFC 1035, 4.2.2). */
function answerStream(socket: Socket, reply: (query: Buffer) => Buffer | undefined): void {
  let heard: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk])
    while (heard.length >= 2 && heard.length >= 2 + heard.readUInt16BE(0)) {
      const end = 2 + heard.readUInt16BE(0)
      const answered = reply(heard.subarray(2, end))
      heard = heard.subarray(end)
      if (!answered) return socket.destroy()
      const length = Buffer.alloc(2)
      length.writeUInt16BE(answered.length)
      socket.write(Buffer.concat([length, answered]))
    }
    if (heard.length > LONGEST_QUERY || socket.writableLength > LONGEST_QUERY) socket.destroy()
  })
}

/** RFC 1035, 4.1.1: SERVFAIL, NXDOMAIN. */
function codeOf(found: ReturnType<Zone>): number {
  return found === 'failing' ? 2 : found === undefined ? 3 : 0
}

/** Undefined for what is no query: a name server that answers garbage can be made to talk to itself. */
function answer(query: Buffer, zone: Zone, domain: string): Buffer | undefined {
  try {
    const { id, type, flags = 0, questions = [] } = packet.decode(query)
    const question = questions[0]
    if (type !== 'query' || !question || questions.length !== 1) return undefined
    const found = zone(question.name, question.type)
    return packet.encode({
      ...(id === undefined ? {} : { id }),
      type: 'response',
      flags: packet.AUTHORITATIVE_ANSWER | (flags & packet.RECURSION_DESIRED) | codeOf(found),
      questions: [question],
      answers: typeof found === 'object' ? [...found] : [],
      authorities: found === 'failing' || found?.length ? [] : [soa(domain)],
    })
  } catch {
    return undefined
  }
}
