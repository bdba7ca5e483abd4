// The words of `/admin/`, the page of 3 am.
import type { Language } from '../../core/text.ts'

export interface NowWords {
  readonly down: string
  readonly well: string
  /** When services are unknown beside it. */
  readonly nothingElse: string
  readonly since: string
  readonly downToo: string
  readonly affectedToo: string
  readonly told: (time: string) => string
  readonly untold: string
  /** Of a service that is silenced; `until`: `jusqu’à 17:46`. */
  readonly muted: (until: string) => string
  readonly seen: (time: string, who: string) => string
  readonly unseen: string
  readonly take: string
  readonly takeAll: (count: number) => string
  readonly draft: string
  readonly draftHint: string
  readonly publish: string
  readonly edit: string
  readonly dismiss: string
  /** Beside one that is named already. */
  readonly another: string
  readonly about: (name: string) => string
  /** In the open incident of that title. */
  readonly update: (title: string) => string
  /** Of a draft, before incidents that are open about its services. */
  readonly rivals: string
  readonly work: string
  readonly vigie: string
  readonly blind: (time: string, layers: string) => string
  /** For that alone. */
  readonly unverified: (count: number) => string
  /** Of another site; `since` as after that word. */
  readonly silent: (site: string, since: string) => string
  readonly clock: string
  readonly unsent: (count: number) => string
  readonly disk: (percent: number) => string
  readonly fine: string
  readonly copies: string
  readonly copied: (to: string, when: string) => string
  /** `there`: that site is heard. */
  readonly copiedBy: (to: string, site: string, there: boolean) => string
  readonly copiedByNone: (to: string) => string
  /** `last`: when it last went well; null: never. */
  readonly uncopied: (to: string, fault: string, last: string | null) => string
  readonly copyLog: string
  /** Of so many tries one after the other. */
  readonly copiedTimes: (tries: number) => string
  readonly uncopiedTimes: (tries: number, fault: string) => string
}

export const NOW_WORDS: Readonly<Record<Language, NowWords>> = {
  fr: {
    down: 'Ce qui ne va pas',
    well: 'Rien n’est en panne.',
    nothingElse: 'Rien d’autre que nous sachions.',
    since: 'depuis',
    downToo: 'Également en panne :',
    affectedToo: 'Également touchés :',
    told: (time) => `courriel parti ${time}`,
    untold: 'courriel pas encore parti',
    muted: (until) => `en silence ${until}, pas de courriel`,
    seen: (time, who) => `vu ${time} par ${who}`,
    unseen: 'personne n’a dit l’avoir vu',
    take: 'J’ai vu',
    takeAll: (count) => `J’ai vu (${count} services)`,
    draft: 'Brouillon',
    draftHint: 'vigie l’a préparé ; personne ne le voit encore.',
    publish: 'Publier',
    edit: 'Modifier d’abord',
    dismiss: 'Écarter',
    another: 'Ouvrir un autre incident',
    about: (name) => `Ouvrir un incident : ${name}`,
    update: (title) => `Donner des nouvelles : ${title}`,
    rivals: 'Un incident est déjà ouvert à ce sujet :',
    work: 'Maintenance en cours ou prévue',
    vigie: 'vigie elle-même',
    blind: (time, layers) => `Notre ligne n’est pas sûre depuis ${time} (${layers}).`,
    unverified: (count) => (count === 1 ? '1 service n’est pas vérifié.' : `${count} services ne sont pas vérifiés.`),
    silent: (site, since) => `Le site ${site} ne donne plus de nouvelles depuis ${since}.`,
    clock: 'L’horloge n’est pas sûre.',
    unsent: (count) => (count === 1 ? '1 courriel n’est pas parti.' : `${count} courriels ne sont pas partis.`),
    disk: (percent) => `Disque : ${percent} % libres.`,
    fine: 'Ligne, horloge et courriels vont bien.',
    copies: 'Copies de la page',
    copied: (to, when) => `${to} : faite ${when}`,
    copiedBy: (to, site, there) =>
      `${to} : le site ${site} s’en charge${there ? '' : ', et ne donne plus de nouvelles'}`,
    copiedByNone: (to) => `${to} : aucun site ne s’en charge`,
    uncopied: (to, fault, last) =>
      `${to} : ${last === null ? 'jamais faite' : `faite pour la dernière fois ${last}`}. Dernier essai : ${fault}`,
    copyLog: 'Journal',
    copiedTimes: (tries) => (tries === 1 ? 'faite une fois' : `faite ${tries} fois`),
    uncopiedTimes: (tries, fault) => `${tries === 1 ? 'un échec' : `${tries} échecs`} : ${fault}`,
  },
  en: {
    down: 'What is wrong',
    well: 'Nothing is down.',
    nothingElse: 'Nothing else that we know of.',
    since: 'since',
    downToo: 'Also down:',
    affectedToo: 'Also affected:',
    told: (time) => `mail went out ${time}`,
    untold: 'mail not out yet',
    muted: (until) => `silenced ${until}, no mail`,
    seen: (time, who) => `seen ${time} by ${who}`,
    unseen: 'nobody said they saw it',
    take: 'I have seen it',
    takeAll: (count) => `I have seen it (${count} services)`,
    draft: 'Draft',
    draftHint: 'vigie prepared it; nobody sees it yet.',
    publish: 'Publish',
    edit: 'Edit first',
    dismiss: 'Put aside',
    another: 'Open another incident',
    about: (name) => `Open an incident: ${name}`,
    update: (title) => `Post an update: ${title}`,
    rivals: 'An incident about it is open already:',
    work: 'Maintenance under way or planned',
    vigie: 'vigie itself',
    blind: (time, layers) => `Our line has been unreliable since ${time} (${layers}).`,
    unverified: (count) => (count === 1 ? '1 service is not verified.' : `${count} services are not verified.`),
    silent: (site, since) => `Site ${site} has not been heard since ${since}.`,
    clock: 'The clock can’t be trusted.',
    unsent: (count) => (count === 1 ? '1 mail did not go out.' : `${count} mails did not go out.`),
    disk: (percent) => `Disk: ${percent} % free.`,
    fine: 'Line, clock and mail are fine.',
    copies: 'Copies of the page',
    copied: (to, when) => `${to}: made ${when}`,
    copiedBy: (to, site, there) => `${to}: site ${site} makes it${there ? '' : ', and is not heard'}`,
    copiedByNone: (to) => `${to}: no site makes it`,
    uncopied: (to, fault, last) => `${to}: ${last === null ? 'never made' : `last made ${last}`}. Last try: ${fault}`,
    copyLog: 'Log',
    copiedTimes: (tries) => `made ${tries === 1 ? 'once' : `${tries} times`}`,
    uncopiedTimes: (tries, fault) => `failed ${tries === 1 ? 'once' : `${tries} times`}: ${fault}`,
  },
}
