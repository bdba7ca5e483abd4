import { expect, test } from 'vitest'
import type { CheckPicture } from '../../src/core/picture.ts'
import { checkTitle, sayAble } from '../../src/page/abilities.ts'
import { checkOf, serviceOf } from './pictures.ts'

/** The doors of mail, by id, with kind and target; `down` of them are. */
const DOORS = {
  smtp: ['smtp', 'mx.nomagic.test:25'],
  submission: ['smtp', 'mail.nomagic.test:587'],
  imap: ['imap', 'mail.nomagic.test:993'],
  pop: ['pop3', 'mail.nomagic.test:995'],
  sieve: ['sieve', 'mail.nomagic.test:4190'],
  mailtrip: ['mailtrip', 'probe@nomagic.test'],
} as const
type Name = keyof typeof DOORS

function mail(down: readonly Name[], without: readonly Name[] = []) {
  const names = (Object.keys(DOORS) as Name[]).filter((name) => !without.includes(name))
  const service = serviceOf('mail', { fr: 'Courriel', en: 'E-mail' }, null, {
    checks: names.map((name): CheckPicture => {
      const state = down.includes(name) ? 'down' : 'up'
      return checkOf(`mail.${name}`, { kind: DOORS[name][0], state })
    }),
  })
  const checks = service.service.checks.map((check) => {
    const [kind, target] = DOORS[check.id.slice(5) as Name]
    return { ...check, kind, target }
  })
  return { ...service, service: { ...service.service, checks } }
}

test.each([
  [['submission'], 'on peut lire et recevoir, pas envoyer', 'you can read and receive, but not send'],
  [['smtp'], 'on peut lire et envoyer, pas recevoir', 'you can read and send, but not receive'],
  [['imap'], 'on peut envoyer et recevoir, pas lire', 'you can send and receive, but not read'],
  [
    ['sieve'],
    'on peut lire, envoyer et recevoir, pas régler ses filtres',
    'you can read, send and receive, but not change filters',
  ],
  [['imap', 'pop', 'submission'], 'on peut recevoir, pas lire ni envoyer', 'you can receive, but not read or send'],
  [['mailtrip'], 'on peut lire et envoyer, pas recevoir', 'you can read and send, but not receive'],
  [['imap', 'mailtrip'], 'on peut envoyer et recevoir, pas lire', 'you can send and receive, but not read'],
  [[], null, null],
] as [Name[], string | null, string | null][])('When %j is down, members read what they can do', (down, fr, en) => {
  expect(sayAble(mail(down), 'fr')).toBe(fr)
  expect(sayAble(mail(down), 'en')).toBe(en)
})

test('Each door has a title that members understand', () => {
  const { service, checks } = mail([])
  const titles = (language: 'fr' | 'en') => checks.map((check) => checkTitle(check, service, language))
  expect(titles('fr')).toEqual([
    'Recevoir le courriel des autres serveurs',
    'Envoyer du courriel',
    'Lire le courriel',
    'Lire le courriel',
    'Régler ses filtres',
    'Un courriel d’essai',
  ])
  expect(titles('en')).toEqual([
    'Receiving mail from other servers',
    'Sending mail',
    'Reading mail',
    'Reading mail',
    'Changing filters',
    'A test mail',
  ])
})
