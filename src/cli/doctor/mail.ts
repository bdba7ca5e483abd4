// What doctor asks of the mails: do relays take them, and does what tells of an outage survive it?
import type { Channel } from '../../channels/channel.ts'
import type { Configuration } from '../../core/check.ts'
import { type Finding, fail, ok, warn } from '../../core/shown/diagnosis.ts'
import { type Millis, SECOND } from '../../core/time/time.ts'
import type { World } from '../../world.ts'
import type { Place } from './place.ts'

const PATIENCE: Millis = 10 * SECOND

/** `place`: of a setting in site.yaml. Each relay has `within` to answer. */
export async function examineMail(
  { channels }: Pick<World, 'channels'>,
  configuration: Configuration,
  place: Place,
  within: Millis = PATIENCE,
): Promise<readonly Finding[]> {
  const { mail, alerts } = configuration
  const recipients = recipientsOf(configuration, place)
  const leftOut = (mail?.leftOut ?? []).map(
    (why): Finding => worst(configuration)('relays', why, `Put it there, or look at ${place(['mail', 'relays'])}.`),
  )
  if (leftOut.length > 0 && channels.length === 0) return [...leftOut, ...recipients]
  if (channels.length === 0 || mail === null)
    return [
      worst(configuration)(
        'relays',
        'none: nobody is told of an outage',
        `Name relays under \`mail\`: ${place(['mail'])}.`,
      ),
      ...recipients,
    ]
  const knocked = await Promise.all(channels.map((channel) => knock(channel, within)))
  const open = knocked.filter(({ open }) => open).length
  const relays = channels.map(({ name }, at): Finding => {
    const { open: good, note } = knocked[at]!
    const item = `relay ${at + 1}`
    if (good) return ok(item, `${name}: ${note}`)
    const where = place(['mail', 'relays'], name.replace(/^.*:\/\/|:\d+$/g, ''))
    const remedy = /no such name/.test(note)
      ? `Is that name right, and the relay yours? ${where}.`
      : `Look at ${where}; after a change, \`vigie alert test\` tries them.`
    if (open === 0 && alerts.length > 0) return fail(item, `${name}: ${note}`, remedy)
    return warn(item, `${name}: ${note}; another one takes mails`, remedy)
  })
  return [...relays, ...leftOut, ...recipients, ...fates(configuration, place)]
}

/** A relay has half a minute for a mail, doctor has not. */
async function knock(channel: Channel, within: Millis): ReturnType<Channel['knock']> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Awaited<ReturnType<Channel['knock']>>>((resolve) => {
    timer = setTimeout(resolve, within, { open: false, note: `no answer within ${within / SECOND} s` })
  })
  try {
    return await Promise.race([channel.knock(), late])
  } finally {
    clearTimeout(timer)
  }
}

/** In the replica nothing is at stake. */
function worst({ replica }: Configuration): typeof fail {
  return replica ? warn : fail
}

function recipientsOf(configuration: Configuration, place: Place): readonly Finding[] {
  const { alerts, domain } = configuration
  if (alerts.length === 0)
    return [worst(configuration)('alerts', 'go to nobody', `Name somebody under \`alerts\`: ${place(['alerts'])}.`)]
  const ours = alerts.map(({ email }) => email).filter((email) => isUnder(email.split('@')[1] ?? '', domain))
  if (ours.length === 0) return [ok('alerts', `go to ${alerts.map(({ email }) => email).join(', ')}`)]
  const words = `go to ${ours.join(', ')}, under ${domain}`
  const remedy = `When your own mail is down nobody hears of it: add an address elsewhere, ${place(['alerts'], ours[0])}.`
  return [ours.length === alerts.length ? fail('alerts', words, remedy) : warn('alerts', words, remedy)]
}

/** Relays that would be down together with what they tell of. */
function fates({ mail, domain }: Configuration, place: Place): readonly Finding[] {
  const ours = (mail?.relays ?? []).filter(({ host }) => isUnder(host, domain)).map(({ name }) => name)
  if (ours.length === 0) return []
  return [
    warn(
      'relays',
      `${ours.join(', ')} is under ${domain}`,
      `An outage may take it along: list one elsewhere first, ${place(['mail', 'relays'])}.`,
    ),
  ]
}

/** A host of the hoster's own: what falls with it tells of nothing. */
export function isUnder(host: string, domain: string | null): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  return domain !== null && (name === domain.toLowerCase() || name.endsWith(`.${domain.toLowerCase()}`))
}
