// Whether it is them or us, and what a member can do meanwhile. Never surer than we are.
import type { Ability } from '../../core/ability.ts'
import type { Picture, ServicePicture } from '../../core/shown/picture.ts'
import type { Language } from '../../core/text.ts'
import { ableTo } from '../../core/verdict/proof.ts'
import type { Moments } from './page-moments.ts'
import { worksEnd } from './telling.ts'
import { conditionOf, isUnwell } from './trouble.ts'
import type { Certainty, Condition } from './words.ts'

interface Advice {
  /** Whose it is, by how sure we are: what follows says why. */
  readonly ours: string
  readonly probablyOurs: string
  /** Where that can't be told, as a question; and before what was seen: sites disagree, or the road may be cut. */
  readonly either: string
  readonly eitherAs: Readonly<Record<'disputed' | 'unreached', string>>
  readonly conditions: Readonly<Partial<Record<Condition, string>>>
  readonly abilities: Readonly<Partial<Record<Ability, string>>>
  /** All of mail is down; senders keep trying for days (RFC 5321, 4.5.4.1). */
  readonly mail: string
  /** And more with it. */
  readonly mailToo: string
  /** It works on and off where people write. */
  readonly writing: string
  /** Added to what is said of maintenance whose end nobody told. */
  readonly endless: string
  /** What is known of what the team knows; follows "The team:", but for `acknowledged`, and `ours` in maintenance. */
  readonly team: {
    readonly told: (when: string) => string
    readonly acknowledged: (when: string) => string
    readonly untold: string
    /** Of what is slow, and of what else is no outage. */
    readonly slow: string
    readonly degraded: string
    readonly under_maintenance: string
    readonly unknown: string
  }
}

const ADVICE: Readonly<Record<Language, Advice>> = {
  fr: {
    ours: 'C’est chez nous, pas chez vous :',
    probablyOurs: 'C’est sans doute chez nous :',
    either: 'Chez vous ou chez nous ?',
    eitherAs: { disputed: 'Cela dépend du chemin : ', unreached: 'Nous ne pouvons pas le dire : ' },
    conditions: {
      major_outage: 'réessayez plus tard. Inutile de changer vos réglages ou votre mot de passe.',
      partial_outage:
        'réessayez plus tard ce qui ne marche pas. Inutile de changer vos réglages ou votre mot de passe.',
      disputed: 'essayez par un autre réseau, votre mobile par exemple : par là, cela marche peut-être.',
      unreached: 'essayez quand même : depuis chez vous, cela marche peut-être.',
      unstable: 'si cela coupe, réessayez quelques minutes plus tard. Inutile de changer vos réglages.',
      degraded_performance: 'si cela bloque, réessayez un peu plus tard. Inutile de changer vos réglages.',
      slow: 'un peu de patience ; gardez les gros fichiers pour plus tard.',
      unknown: 'essayez, cela marche peut-être.',
      under_maintenance:
        'vous pouvez essayer, mais le service peut s’arrêter : gardez une copie de ce que vous écrivez.',
    },
    abilities: {
      send: 'gardez vos messages dans les brouillons et réessayez plus tard. Inutile de changer vos réglages ou votre mot de passe.',
      receive:
        'ce qu’on vous envoie attend d’ordinaire chez l’expéditeur et arrive ensuite. Inutile de changer vos réglages ou votre mot de passe.',
      read: 'vos messages sont toujours là ; réessayez plus tard. Inutile de changer vos réglages ou votre mot de passe.',
    },
    mail: 'ce qu’on vous envoie attend d’ordinaire chez l’expéditeur et arrive ensuite. Inutile de changer vos réglages ou votre mot de passe.',
    mailToo:
      'réessayez plus tard. Un courriel qu’on vous envoie attend d’ordinaire chez l’expéditeur et arrive ensuite. Inutile de changer vos réglages ou votre mot de passe.',
    endless: 'La fin n’est pas annoncée.',
    writing:
      'enregistrez souvent ce que vous faites ; si cela coupe, réessayez quelques minutes plus tard. Inutile de changer vos réglages.',
    team: {
      told: (when) => `prévenue ${when}.`,
      acknowledged: (when) => `vu par l’équipe ${when}.`,
      untold: 'nous n’avons pas encore la certitude qu’elle est prévenue.',
      slow: 'sans doute pas prévenue, car une lenteur ne déclenche pas d’alerte.',
      degraded: 'sans doute pas prévenue, car l’essentiel marche.',
      under_maintenance: 'l’équipe fait ces travaux.',
      unknown: 'cette page ne peut pas savoir si elle est prévenue.',
    },
  },
  en: {
    ours: 'It is on our side, not yours:',
    probablyOurs: 'It is most likely on our side:',
    either: 'Your side or ours?',
    eitherAs: { disputed: 'It depends on the way there: ', unreached: 'We can’t tell: ' },
    conditions: {
      major_outage: 'try again later. No need to change your settings or your password.',
      partial_outage: 'try again later what does not work. No need to change your settings or your password.',
      disputed: 'try another network, your mobile for instance: it may work that way.',
      unreached: 'try anyway: it may work from where you are.',
      unstable: 'if it breaks off, try again some minutes later. No need to change your settings.',
      degraded_performance: 'if it gets stuck, try again a little later. No need to change your settings.',
      slow: 'a little patience; keep large files for later.',
      unknown: 'try it, as it may work.',
      under_maintenance: 'you can try, but the service may stop: keep a copy of what you write.',
    },
    abilities: {
      send: 'keep your messages as drafts and try again later. No need to change your settings or your password.',
      receive:
        'what people send you waits with the sender and usually arrives later. No need to change your settings or your password.',
      read: 'your messages are still there; try again later. No need to change your settings or your password.',
    },
    mail: 'what people send you waits with the sender and usually arrives later. No need to change your settings or your password.',
    mailToo:
      'try again later. Mail that people send you waits with the sender and usually arrives later. No need to change your settings or your password.',
    endless: 'No end has been told.',
    writing: 'save often what you do; if it breaks off, try again some minutes later. No need to change your settings.',
    team: {
      told: (when) => `told ${when}.`,
      acknowledged: (when) => `seen by the team ${when}.`,
      untold: 'we can’t be sure yet that it was told.',
      slow: 'most likely not told, as slowness raises no alarm.',
      degraded: 'most likely not told, as the essential works.',
      under_maintenance: 'the team is doing this work.',
      unknown: 'this page can’t know whether it was told.',
    },
  },
}

const MAIL: readonly Ability[] = ['receive', 'send', 'read']
const WRITING: readonly Ability[] = ['write', 'edit']

/** What a member can do about a service that isn't well. */
export function meanwhile(service: ServicePicture, picture: Picture, language: Language): string {
  const advice = ADVICE[language]
  const condition = conditionOf(service)
  const { works, fails } = ableTo(service)
  if (condition === 'major_outage' && fails.includes('receive')) return advice.mail
  if (condition === 'major_outage' && fellsMail(service, picture)) return advice.mailToo
  if (condition === 'under_maintenance') {
    const ends = worksEnd([service], picture) !== null
    return ends ? advice.conditions[condition]! : `${advice.conditions[condition]} ${advice.endless}`
  }
  if (condition === 'unstable' && WRITING.some((ability) => works.includes(ability) || fails.includes(ability)))
    return advice.writing
  const special = condition === 'partial_outage' ? MAIL.find((ability) => fails.includes(ability)) : undefined
  return (special === undefined ? undefined : advice.abilities[special]) ?? advice.conditions[condition] ?? ''
}

/** What it takes down with it takes mail. */
function fellsMail({ service }: ServicePicture, { services }: Picture): boolean {
  return services.some((one) => one.cause === service.id && ableTo(one).fails.includes('receive'))
}

/** Them or us; null where that isn't the question or can't be answered. */
export function whose(service: ServicePicture, { note }: Certainty, language: Language): string | null {
  if (conditionOf(service) === 'under_maintenance') return ADVICE[language].ours
  if (!isUnwell(service)) return null
  if (note === 'confirmed') return ADVICE[language].ours
  return note === 'one_site' ? ADVICE[language].probablyOurs : null
}

/** The question, and what there is to answer beside what was seen; null where it is none. */
export function eitherSide(
  service: ServicePicture,
  seen: string,
  language: Language,
): { readonly label: string; readonly text: string } | null {
  const condition = conditionOf(service)
  if (condition !== 'disputed' && condition !== 'unreached') return null
  const { either, eitherAs } = ADVICE[language]
  return { label: either, text: `${eitherAs[condition]}${seen}` }
}

/** What the team knows of a service that isn't well, never more than is certain. */
export function teamKnows(service: ServicePicture, { when }: Pick<Moments, 'when'>, language: Language): string {
  const { team } = ADVICE[language]
  if (service.acknowledged !== null) return team.acknowledged(when(service.acknowledged))
  if (service.told !== null) return team.told(when(service.told))
  const condition = conditionOf(service)
  if (condition === 'under_maintenance' || condition === 'unknown') return team[condition]
  if (condition === 'degraded_performance') return team.degraded
  if (condition === 'slow') return team.slow
  return team.untold
}
