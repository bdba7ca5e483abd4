import { expect, test } from 'vitest'
import { sayAble } from '../../src/core/ability-words.ts'
import type { CheckPicture } from '../../src/core/shown/picture.ts'
import { ableTo } from '../../src/core/verdict/proof.ts'
import { checkTitle } from '../../src/page/words/check-title.ts'
import { presets } from '../../src/presets/index.ts'
import { checkOf, serviceOf } from '../page/pictures.ts'

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
  [['imap', 'submission'], 'on peut recevoir, pas lire ni envoyer', 'you can receive, but not read or send'],
  [
    ['pop'],
    'on peut lire, envoyer et recevoir, pas lire en POP',
    'you can read, send and receive, but not read over POP',
  ],
  [
    ['imap', 'pop', 'submission', 'smtp'],
    'on ne peut ni lire ni envoyer ni recevoir',
    'you cannot read or send or receive',
  ],
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
    'Recevoir du courriel',
    'Envoyer du courriel',
    'Lire le courriel',
    'Lire le courriel en POP',
    'Régler ses filtres',
    'Un courriel d’essai',
  ])
  expect(titles('en')).toEqual([
    'Receiving mail',
    'Sending mail',
    'Reading mail',
    'Reading mail over POP',
    'Changing filters',
    'A test mail',
  ])
})

/** A service that stands on a preset, with everything it can be told; `down` of its checks are. */
function standing(preset: string, down: readonly string[], more: readonly (readonly [string, string])[] = []) {
  const checks = [
    ...presets[preset]!.checks.map(({ id, proves, entry }) => {
      const [[kind, target]] = Object.entries(entry) as [[string, string]]
      return { id: `it.${id}`, kind, target, ...(proves ? { proves } : {}) }
    }),
    ...more.map(([kind, target]) => ({ id: `it.${kind}`, kind, target })),
  ]
  const service = serviceOf('it', { fr: 'Lui', en: 'It' }, null, {
    checks: checks.map(({ id, kind }) => checkOf(id, { kind, state: down.includes(id.slice(3)) ? 'down' : 'up' })),
  })
  return { ...service, service: { ...service.service, checks: checks as unknown as typeof service.service.checks } }
}

const TRIP = [['xmpptrip', 'b@nomagic.test']] as const

test.each([
  [
    'prosody',
    ['server'],
    'on peut se connecter, pas joindre des contacts chez d’autres hébergeurs',
    'you can connect, but not reach contacts at other providers',
  ],
  ['prosody', ['client', 'login'], 'on ne peut pas se connecter', 'you cannot connect'],
  ['prosody', ['login'], 'on ne peut pas se connecter', 'you cannot connect'],
  [
    'prosody',
    ['bosh', 'websocket'],
    'on peut se connecter, pas discuter depuis le navigateur',
    'you can connect, but not chat in the browser',
  ],
  [
    'prosody',
    ['xmpptrip'],
    'on peut se connecter, pas échanger des messages',
    'you can connect, but not exchange messages',
  ],
  [
    'prosody',
    ['server', 'xmpptrip'],
    'on peut se connecter, pas joindre des contacts chez d’autres hébergeurs',
    'you can connect, but not reach contacts at other providers',
  ],
  [
    'synapse',
    ['federation'],
    'on peut se connecter, pas joindre des contacts chez d’autres hébergeurs',
    'you can connect, but not reach contacts at other providers',
  ],
  ['seafile', ['account'], 'on peut ouvrir la page, pas synchroniser', 'you can open the page, but not sync'],
  ['etherpad', ['pad'], 'on peut ouvrir la page, pas écrire', 'you can open the page, but not write'],
  ['etherpad', ['health'], 'on ne peut pas ouvrir la page', 'you cannot open the page'],
  ['lufi', ['uploads'], 'on peut ouvrir la page, pas déposer un fichier', 'you can open the page, but not upload'],
  ['cryptpad', ['broadcast'], null, null],
  [
    'sogo',
    ['page'],
    'on peut synchroniser son agenda et ses contacts, pas ouvrir la page',
    'you can sync calendars and contacts, but not open the page',
  ],
  [
    'sogo',
    ['caldav', 'carddav'],
    'on peut ouvrir la page, pas synchroniser son agenda ni ses contacts',
    'you can open the page, but not sync calendars or contacts',
  ],
  ['dovecot', ['imap', 'imap-login'], 'on ne peut pas lire', 'you cannot read'],
] as const)('Of %s with %j down, members read what they can do', (preset, down, fr, en) => {
  const it = standing(preset, down, preset === 'prosody' ? TRIP : [])
  expect(sayAble(it, 'fr')).toBe(fr)
  expect(sayAble(it, 'en')).toBe(en)
})

test.each(Object.keys(presets))(
  'Of %s nothing that fails is said to work, and nothing is said when all or nothing does',
  (preset) => {
    const { checks } = presets[preset]!
    const ids = checks.map(({ id }) => id)
    for (const language of ['fr', 'en'] as const) {
      expect(sayAble(standing(preset, []), language)).toBeNull()
      expect(sayAble(standing(preset, ids), language)).toBeNull()
    }
    for (let mask = 1; mask < 2 ** ids.length; mask++) {
      const { works, fails } = ableTo(
        standing(
          preset,
          ids.filter((_, at) => (mask >> at) & 1),
        ),
      )
      expect(works.filter((ability) => fails.includes(ability))).toEqual([])
    }
  },
)

test('A mail that never arrives elsewhere could not be sent', () => {
  const lost = (goal: string) =>
    sayAble(
      standing(
        'postfix',
        ['mailtrip'],
        [
          ['mailtrip', `probe@${goal}`],
          ['imap', 'mail.nomagic.test:993'],
        ],
      ),
      'fr',
    )
  expect(lost('nomagic.test')).toContain('pas recevoir')
  expect(lost('elsewhere.example')).toContain('pas envoyer')
})
