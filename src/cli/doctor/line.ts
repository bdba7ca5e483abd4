// What doctor asks of our own line: witnesses, path, clock, names, address families, ports, ping.
import { networkInterfaces } from 'node:os'
import { type Check, checksOf, type Witness } from '../../core/check.ts'
import { type Asked, type Finding, fail, judgeAnswers, judgeClock, ok, warn } from '../../core/shown/diagnosis.ts'
import { type Instant, type Millis, SECOND } from '../../core/time/time.ts'
import { type Layer, layersOf, needsOf, type Testimony } from '../../core/verdict/blindness.ts'
import { nameOf } from '../../core/verdict/witness.ts'
import { known } from '../../discovery/lookups.ts'
import { createLooker } from '../../look.ts'
import { askWitness, type Heard } from '../../net/witness.ts'
import { kinds } from '../../probes/index.ts'
import type { World } from '../../world.ts'
import type { SoundReading } from '../command.ts'
import type { Place } from './place.ts'

const PATIENCE: Millis = 5 * SECOND
const FEWEST = 5

/** Everything about the line, asked at once. */
export async function examineLine(
  world: World,
  now: () => Instant,
  reading: SoundReading,
  place: Place,
): Promise<readonly Finding[]> {
  const [heard, roads, pinged] = await Promise.all([
    askAll(world.witnesses, world, now),
    askAll(world.path, world, now),
    examinePing(world, now, reading),
  ])
  return [
    ...judgeWitnesses(world.witnesses, heard, place),
    ...judgePath(roads, place),
    ...judgeTime(world.witnesses, heard),
    await judgeNames(world, heard),
    ...judgeFamilies(world.witnesses, heard, checksOf(reading.configuration)),
    ...judgePorts(world.witnesses, heard, checksOf(reading.configuration)),
    ...pinged,
  ]
}

function askAll(witnesses: readonly Witness[], { network }: World, now: () => Instant): Promise<readonly Heard[]> {
  return Promise.all(
    witnesses.map((witness) => askWitness(witness, { network, name: nameOf(witness), within: PATIENCE, now })),
  )
}

function asked({ witness, took, note }: Heard): Asked {
  return { name: witness, answers: took !== null, note }
}

function judgeWitnesses(witnesses: readonly Witness[], heard: readonly Heard[], place: Place): readonly Finding[] {
  const item = 'witnesses'
  if (witnesses.length === 0)
    return [
      warn(
        item,
        'none: vigie can’t tell its own line’s faults from a service’s',
        `List at least five, of other people, on several networks: ${place(['witnesses'])}.`,
      ),
    ]
  const remedy = `Is your line cut? If not, put another witness in the place of one that stays silent: ${place(['witnesses'])}.`
  const found = judgeAnswers(item, heard.map(asked), Math.min(2, witnesses.length), remedy)
  const few = witnesses.length < FEWEST && found.level === 'ok'
  return [
    few
      ? warn(item, `${found.says}, but they are few`, `List at least five, on four networks: ${place(['witnesses'])}.`)
      : found,
  ]
}

function judgeTime(witnesses: readonly Witness[], heard: readonly Heard[]): readonly Finding[] {
  const found = judgeClock(heard.flatMap(({ offset }) => (offset === null ? [] : [offset])))
  const silent = heard.every(({ offset }) => offset === null) && witnesses.some(({ kind }) => kind === 'https')
  return [silent ? { ...found, remedy: 'Once https:// witnesses answer, they tell it.' } : found]
}

function judgePath(roads: readonly Heard[], place: Place): readonly Finding[] {
  if (roads.length === 0)
    return [
      warn(
        'path',
        'none: a cut road to the provider looks like an outage',
        `List \`path\`, hosts of others inside your provider: ${place(['path'])}.`,
      ),
    ]
  const remedy = `Is the road to the provider cut? If not, list others: ${place(['path'])}.`
  return [judgeAnswers('path', roads.map(asked), 1, remedy)]
}

/** By the names of witnesses; where none has a name, by what every resolver knows. */
async function judgeNames({ network }: World, heard: readonly Testimony[]): Promise<Finding> {
  const named = heard.filter(({ layers }) => layers.dns !== undefined)
  const by = network.resolvers().join(', ') || 'no resolver'
  const remedy = 'Look at /etc/resolv.conf and at the resolvers it names.'
  if (named.length === 0) {
    const answer = await known('.', network.resolvers())
    if (typeof answer === 'string') return ok('dns', `the resolver ${by} answers`)
    return fail('dns', `no answer from ${by} (${answer.silent})`, remedy)
  }
  const resolved = named.filter(({ layers }) => layers.dns === true).length
  const words = `${resolved} of ${named.length} names of witnesses resolved, by ${by}`
  if (resolved === named.length) return ok('dns', words)
  return resolved === 0 ? fail('dns', words, remedy) : warn('dns', words, remedy)
}

function judgeFamilies(
  witnesses: readonly Witness[],
  heard: readonly Testimony[],
  checks: readonly Check[],
): readonly Finding[] {
  if (witnesses.length === 0) return []
  const remedy = {
    v4: 'Is your line cut?',
    tls: 'Does a captive portal, or a proxy, answer in place of others?',
    v6: 'Does your line give IPv6? If not, take its witnesses and its checks out.',
  }
  const families = (['v4', 'tls', 'v6'] as const).flatMap((layer) =>
    layerFinding(layer, heard, witnesses, remedy[layer]),
  )
  if (families.some(({ item }) => item === 'IPv6')) return families
  const wanted = checks.filter(({ family }) => family === 6 || family === 'both')
  const here = Object.values(networkInterfaces())
    .flat()
    .some((one) => one?.family === 'IPv6' && !one.internal && one.scopeid === 0)
  const without = `no witness on IPv6${here ? ', though this machine has it' : ''}`
  if (wanted.length === 0) return [...families, ok('IPv6', `${without}; no check wants one`)]
  const blind = `${without}: what ${wanted.map(({ id }) => id).join(', ')} sees there counts for nothing`
  return [...families, warn('IPv6', blind, 'List one, as "[2620:fe::fe]:53".')]
}

function judgePorts(
  witnesses: readonly Witness[],
  heard: readonly Testimony[],
  checks: readonly Check[],
): readonly Finding[] {
  const ports = [...needsOf(witnesses).keys()].filter((layer) => layer.startsWith('port:'))
  const found = ports.flatMap((layer) =>
    layerFinding(layer, heard, witnesses, 'Your line does not let that port out: ask its provider.'),
  )
  const mail = checks.filter(({ target }) => target.endsWith(':25'))
  if (mail.length === 0 || ports.includes('port:25')) return found
  const remedy = 'If a friend’s mail server may be asked, list it as a witness: "mx.friend.example:25".'
  const words = `no witness on it: a silence of ${mail.map(({ id }) => id).join(', ')} is called unknown, not down`
  return [...found, warn('port 25', words, remedy)]
}

function layerFinding(
  layer: Layer,
  heard: readonly Testimony[],
  witnesses: readonly Witness[],
  remedy: string,
): readonly Finding[] {
  const able = witnesses.filter((witness) => layersOf(witness).includes(layer)).map(nameOf)
  const need = needsOf(witnesses).get(layer)
  if (able.length === 0 || need === undefined) return []
  const names: Partial<Record<Layer, string>> = { v4: 'IPv4', v6: 'IPv6', tls: 'certificates' }
  const item = names[layer] ?? layer.replace(':', ' ')
  const tried = heard.filter(({ witness, layers }) => able.includes(witness) && layers[layer] !== undefined)
  // Nobody came so far: why is said elsewhere.
  if (tried.length === 0) return []
  const good = tried.filter(({ layers }) => layers[layer] === true).length
  const words = `${good} of ${able.length} ${layer === 'tls' ? 'show their own' : 'answer over it'}`
  return [good >= Math.min(need, able.length) ? ok(item, words) : fail(item, words, remedy)]
}

/** Whether ping works here at all is told by a look of one check that pings. */
async function examinePing(world: World, now: () => Instant, reading: SoundReading): Promise<readonly Finding[]> {
  const { configuration, plans } = reading
  const one = checksOf(configuration).find((check) => kinds[check.kind as keyof typeof kinds] === kinds.ping)
  if (one === undefined) return []
  const looker = createLooker({
    network: () => world.network,
    plan: (id) => plans.get(id),
    site: () => configuration.site.id,
    now,
    witnessOn: () => true,
    onBug: () => {},
  })
  const { outcome } = await looker.look(one, one.family === 'both' ? 4 : null)
  if (outcome.ok !== null || outcome.reason !== 'blocked')
    return [ok('ping', `works here (${one.id}: ${outcome.note})`)]
  return [
    fail('ping', outcome.note, 'As root: sysctl -w net.ipv4.ping_group_range="0 2147483647", and in /etc/sysctl.d.'),
  ]
}
