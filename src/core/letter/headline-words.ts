// The phrases of headlines, in every language: names and times, with their preposition, are filled in.
import type { Language } from '../text.ts'
import type { News } from '../verdict/letter.ts'

export interface Headlines {
  readonly down: (name: string, since: string) => string
  readonly wasDown: (name: string, span: string) => string
  readonly partly: (name: string, since: string) => string
  readonly wasPartly: (name: string, span: string) => string
  /** A check that members see nothing of. */
  readonly inside: (name: string, since: string) => string
  readonly wasInside: (name: string, span: string) => string
  readonly insideUp: (name: string, since: string) => string
  readonly manyDown: (count: number, since: string, names: string) => string
  readonly manyWereDown: (count: number, names: string) => string
  /** None of them is down as a whole. */
  readonly manyAffected: (count: number, since: string, names: string) => string
  readonly manyWereAffected: (count: number, names: string) => string
  /** Behind what is said of the one that explains them. */
  readonly othersAffected: (count: number) => string
  /** Behind a name among several. */
  readonly extents: Readonly<Record<'part' | 'inside', string>>
  readonly suspectedDown: (name: string, since: string, count: number) => string
  readonly partial: (name: string, since: string) => string
  readonly unreached: (name: string, since: string) => string
  readonly wasPartial: (name: string, span: string) => string
  readonly wasUnreached: (name: string, span: string) => string
  readonly up: (name: string, since: string) => string
  readonly manyUp: (count: number, since: string, names: string) => string
  readonly unstable: (name: string) => string
  readonly settledUp: (name: string) => string
  readonly settledDown: (name: string, since: string) => string
  readonly settledPartly: (name: string, since: string) => string
  readonly degraded: (names: string) => string
  readonly attention: (count: number) => string
  readonly blind: (since: string) => string
  readonly wasBlind: (span: string) => string
  readonly self: Readonly<Record<Extract<News, { kind: 'self' }>['what'], string>>
  /** Behind what has happened to vigie, where it runs on several sites: on which. */
  readonly onSite: (site: string) => string
  readonly test: string
}

export const HEADLINES: Readonly<Record<Language, Headlines>> = {
  fr: {
    down: (name, since) => `${name} en panne ${since}`,
    wasDown: (name, span) => `${name} : était en panne ${span}`,
    partly: (name, since) => `${name} : panne partielle ${since}`,
    wasPartly: (name, span) => `${name} : panne partielle ${span}, terminée`,
    inside: (name, since) => `${name} : une vérification réservée aux admins échoue ${since}`,
    wasInside: (name, span) => `${name} : une vérification réservée aux admins échouait ${span}`,
    insideUp: (name, since) => `${name} : la vérification réservée aux admins réussit de nouveau ${since}`,
    manyDown: (count, since, names) => `${count} services en panne ${since} : ${names}`,
    manyWereDown: (count, names) => `${count} services étaient en panne : ${names}`,
    manyAffected: (count, since, names) => `${count} services touchés ${since} : ${names}`,
    manyWereAffected: (count, names) => `${count} services étaient touchés : ${names}`,
    othersAffected: (count) => (count === 1 ? ', 1 autre service touché' : `, ${count} autres services touchés`),
    extents: { part: ' (en partie)', inside: ' (vu des admins)' },
    suspectedDown: (name, since, count) => `${name} sans doute en panne ${since}, ${count} services touchés`,
    partial: (name, since) => `${name} : joignable d’un côté, pas de l’autre, ${since}`,
    unreached: (name, since) => `${name} : hors d’atteinte d’ici ${since}, cause non confirmée`,
    wasPartial: (name, span) => `${name} : était joignable d’un côté, pas de l’autre, ${span}`,
    wasUnreached: (name, span) => `${name} : hors d’atteinte d’ici ${span}, cause non confirmée`,
    up: (name, since) => `${name} de nouveau en service ${since}`,
    manyUp: (count, since, names) => `${count} services de nouveau en service ${since} : ${names}`,
    unstable: (name) => `${name} : instable`,
    settledUp: (name) => `${name} : stable de nouveau, en service`,
    settledDown: (name, since) => `${name} : plus de va-et-vient, mais en panne ${since}`,
    settledPartly: (name, since) => `${name} : plus de va-et-vient, mais en partie en panne ${since}`,
    degraded: (names) => `Marche moins bien que d’habitude : ${names}`,
    attention: (count) => (count === 1 ? '1 point à regarder' : `${count} points à regarder`),
    blind: (since) => `Notre propre ligne n’est plus fiable ${since}`,
    wasBlind: (span) => `Notre propre ligne n’était pas fiable ${span}`,
    self: {
      disk: 'vigie a un souci de disque',
      database: 'vigie a un souci de base de données',
      relay: 'vigie a un souci pour envoyer ses messages',
      configuration: 'vigie a un souci de configuration',
      page: 'vigie a un souci pour publier la page',
      copy: 'Une copie de la page n’a pas pu être faite',
      twin: 'Un autre site de vigie a un souci',
      code: 'Un code de secours a servi deux fois',
      restored: 'vigie est revenu à un ancien état',
    },
    onSite: (site) => ` (site ${site})`,
    test: 'Message d’essai',
  },
  en: {
    down: (name, since) => `${name} down ${since}`,
    wasDown: (name, span) => `${name} was down ${span}`,
    partly: (name, since) => `${name} partly down ${since}`,
    wasPartly: (name, span) => `${name} was partly down ${span}`,
    inside: (name, since) => `${name}: an admin-only check has been failing ${since}`,
    wasInside: (name, span) => `${name}: an admin-only check failed ${span}`,
    insideUp: (name, since) => `${name}: the admin-only check has been well again ${since}`,
    manyDown: (count, since, names) => `${count} services down ${since}: ${names}`,
    manyWereDown: (count, names) => `${count} services were down: ${names}`,
    manyAffected: (count, since, names) => `${count} services affected ${since}: ${names}`,
    manyWereAffected: (count, names) => `${count} services were affected: ${names}`,
    othersAffected: (count) => (count === 1 ? ', 1 other service affected' : `, ${count} other services affected`),
    extents: { part: ' (in part)', inside: ' (seen by admins)' },
    suspectedDown: (name, since, count) => `${name} probably down ${since}, ${count} services affected`,
    partial: (name, since) => `${name}: reachable from one side, not from the other, ${since}`,
    unreached: (name, since) => `${name} cannot be reached from here ${since}, cause not confirmed`,
    wasPartial: (name, span) => `${name} was reachable from one side, not from the other, ${span}`,
    wasUnreached: (name, span) => `${name} could not be reached from here ${span}, cause not confirmed`,
    up: (name, since) => `${name} back up ${since}`,
    manyUp: (count, since, names) => `${count} services back up ${since}: ${names}`,
    unstable: (name) => `${name}: unstable`,
    settledUp: (name) => `${name}: steady again, and up`,
    settledDown: (name, since) => `${name}: no longer going up and down, but down ${since}`,
    settledPartly: (name, since) => `${name}: no longer going up and down, but partly down ${since}`,
    degraded: (names) => `Working less well than usual: ${names}`,
    attention: (count) => (count === 1 ? '1 thing to look at' : `${count} things to look at`),
    blind: (since) => `Our own line has been unreliable ${since}`,
    wasBlind: (span) => `Our own line was unreliable ${span}`,
    self: {
      disk: 'vigie has trouble with its disk',
      database: 'vigie has trouble with its database',
      relay: 'vigie has trouble sending its mail',
      configuration: 'vigie has trouble with its configuration',
      page: 'vigie has trouble publishing the page',
      copy: 'A copy of the page could not be made',
      twin: 'Another site of vigie has trouble',
      code: 'A recovery code was used twice',
      restored: 'vigie went back to an older state',
    },
    onSite: (site) => ` (site ${site})`,
    test: 'Test mail',
  },
}
