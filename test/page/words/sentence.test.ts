import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Reason } from '../../../src/core/observation.ts'
import type { Picture, ServicePicture } from '../../../src/core/shown/picture.ts'
import { DAY, MINUTE } from '../../../src/core/time/time.ts'
import type { Status } from '../../../src/core/verdict/service.ts'
import { sentenceOf, sentences, spokenOf } from '../../../src/page/words/sentence.ts'
import { catalogue, checkOf, DOWN, LONG_AGO, MOMENTS, NOON, OUTAGE, pictureOf } from '../pictures.ts'
import { incident, SPOKEN } from '../said.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')

const ROWS: readonly (readonly [keyof typeof MOMENTS, string, string])[] = [
  ['allWell', 'Tout fonctionne.', 'Everything works.'],
  [
    'oneDown',
    'Courriel : en panne depuis 14:02. L’équipe a été prévenue à 14:03. Tout le reste fonctionne.',
    'E-mail: down since 14:02. The team was told at 14:03. Everything else works.',
  ],
  [
    'partly',
    'Courriel : on peut lire et recevoir, pas envoyer, depuis 14:02. L’équipe a été prévenue à 14:03. Tout le reste fonctionne.',
    'E-mail: you can read and receive, but not send, since 14:02. The team was told at 14:03. Everything else works.',
  ],
  [
    'parentDown',
    'Presque tout est en panne depuis 14:02. La cause : « Serveur principal » est en panne. L’équipe a été prévenue à 14:03. Toujours en service : Site web.',
    'Almost everything has been down since 14:02. The cause: “Main server” is down. The team was told at 14:03. Still working: Website.',
  ],
  [
    'degraded',
    'Fichiers : au ralenti depuis 14:02. Tout le reste fonctionne.',
    'Files: slow since 14:02. Everything else works.',
  ],
  [
    'blind',
    'Nous ne savons pas en ce moment si nos services marchent. Depuis 14:02, notre propre connexion est en panne et nous ne pouvons rien vérifier. Nos services marchent peut-être : essayez.',
    'We don’t know at the moment whether our services work. Our own connection has been broken since 14:02, so we can’t check anything. Our services may well work: try them.',
  ],
  [
    'maintenance',
    'Textes à plusieurs : en maintenance depuis 14:02, jusqu’à 16:00 environ. Tout le reste fonctionne.',
    'Shared texts: under maintenance since 14:02, until about 16:00. Everything else works.',
  ],
  [
    'unstable',
    'Messagerie instantanée Matrix : coupures répétées depuis 14:02. L’équipe a été prévenue à 14:03. Tout le reste fonctionne.',
    'Matrix chat: on and off since 14:02. The team was told at 14:03. Everything else works.',
  ],
  ['demo', 'Tout ce que nous pouvons vérifier fonctionne.', 'Everything we can check works.'],
]

describe('the sentence', () => {
  test.each(ROWS)('says what matters when it is %s', (moment, fr, en) => {
    const said = sentences(MOMENTS[moment])
    expect(plain(said.fr)).toBe(fr)
    expect(said.en).toBe(en)
  })

  const said = (changes: Parameters<typeof catalogue>[0], picture: Partial<Picture> = {}) =>
    sentenceOf(pictureOf(catalogue(changes), picture), 'en')
  const down = (since: number, told: number | null): Partial<ServicePicture> => ({ ...DOWN, since, told })

  test('names several with their moments, or the moment once', () => {
    const told = OUTAGE + 3 * MINUTE
    expect(said({ mail: down(OUTAGE, told), files: down(OUTAGE + 2 * MINUTE, told) })).toBe(
      'Down: E-mail (since 14:02) and Files (since 14:04). The team was told at 14:05. Everything else works.',
    )
    expect(said({ mail: down(OUTAGE, null), files: down(OUTAGE, null) })).toBe(
      'Down since 14:02: E-mail and Files. Everything else works.',
    )
  })

  test('counts many and names the first of them', () => {
    const many = Object.fromEntries(
      ['mail', 'matrix', 'webmail', 'files', 'notes'].map((id, at) => [id, down(OUTAGE + at * MINUTE, null)]),
    )
    expect(said(many)).toBe(
      '5 services down, the first since 14:02: E-mail, Matrix chat, Webmail, contacts and calendar and 2 more. Everything else works.',
    )
  })

  test('names no more of many, whatever is the matter with each', () => {
    const partly = { status: 'partial_outage', since: OUTAGE } as const
    expect(
      said({
        mail: down(OUTAGE, null),
        matrix: down(OUTAGE, null),
        webmail: partly,
        files: partly,
        notes: { status: 'unknown', since: OUTAGE },
        pads: { status: 'unknown', since: OUTAGE + MINUTE },
        website: { status: 'under_maintenance', since: OUTAGE },
      }),
    ).toBe(
      'Down since 14:02: E-mail and Matrix chat. 2 services partly down since 14:02: Webmail, contacts and calendar and 1 more. 2 services not verified, the first since 14:02. Website: under maintenance since 14:02. Still working: Main server.',
    )
  })

  test('goes from worst to least, each condition once', () => {
    expect(
      said({
        pads: { status: 'under_maintenance', since: OUTAGE },
        files: { status: 'degraded_performance', state: 'degraded', since: OUTAGE },
        mail: down(OUTAGE, null),
      }),
    ).toBe(
      'E-mail: down since 14:02. Files: working poorly since 14:02. Shared texts: under maintenance since 14:02. Everything else works.',
    )
  })

  test('says the team was told only when it was told of all that is down', () => {
    expect(said({ mail: down(OUTAGE, OUTAGE + MINUTE), files: down(OUTAGE, null) })).not.toContain('told')
    expect(said({ mail: down(OUTAGE, null) })).not.toContain('told')
  })

  test('does not call a service down that only we cannot reach', () => {
    const partial = { status: 'partial_outage', state: 'partial', since: OUTAGE } as const
    const road = { confirmed: 1, of: 1, sites: ['home'], note: 'road' } as const
    expect(said({ mail: { ...partial, confidence: road } })).toBe(
      'E-mail: unreachable from here since 14:02; cause not confirmed. Everything else works.',
    )
    expect(said({ mail: { ...partial, confidence: { ...road, note: 'disagree' } } })).toBe(
      'E-mail: unreachable from some places since 14:02. Everything else works.',
    )
  })

  test.each([
    [
      'disagree',
      'Fichiers : hors d’atteinte par endroits depuis 14:02. Tout le reste fonctionne.',
      'Hors d’atteinte par endroits depuis 14:02 : Courriel et Fichiers. Tout le reste fonctionne.',
      '6 services hors d’atteinte par endroits depuis 14:02 : ',
      '6 services unreachable from some places since 14:02: ',
    ],
    [
      'road',
      'Fichiers : hors d’atteinte d’ici depuis 14:02 ; cause non confirmée. Tout le reste fonctionne.',
      'Hors d’atteinte d’ici depuis 14:02 : Courriel et Fichiers ; cause non confirmée. Tout le reste fonctionne.',
      '6 services hors d’atteinte d’ici depuis 14:02 : ',
      '6 services unreachable from here since 14:02: ',
    ],
  ] as const)('tells of one with a plural name, of two and of many (%s)', (note, one, two, many, manyInEnglish) => {
    const confidence = { confirmed: 1, of: 2, sites: ['home'], note } as const
    const partial = { status: 'partial_outage', state: 'partial', since: OUTAGE, confidence } as const
    const all = (...ids: readonly string[]) => pictureOf(catalogue(Object.fromEntries(ids.map((id) => [id, partial]))))
    expect(plain(sentenceOf(all('files'), 'fr'))).toBe(one)
    expect(plain(sentenceOf(all('mail', 'files'), 'fr'))).toBe(two)
    const six = all('mail', 'matrix', 'webmail', 'files', 'notes', 'pads')
    expect(plain(sentenceOf(six, 'fr'))).toContain(many)
    expect(sentenceOf(six, 'en')).toContain(manyInEnglish)
  })

  test('calls down what nothing works of, though a check that proves nothing to members is well', () => {
    const doors = (state: 'down' | 'up') => [
      checkOf('mail.smtp', { kind: 'smtp', state: 'down' }),
      checkOf('mail.submission', { kind: 'smtp', state: 'down' }),
      checkOf('mail.imap', { kind: 'imap', state }),
      checkOf('mail.zone', { kind: 'dns', state: 'up' }),
    ]
    const partly = { status: 'partial_outage', state: 'down', since: OUTAGE } as const
    expect(said({ mail: { ...partly, checks: doors('down') } })).toContain('E-mail: down since 14:02.')
    expect(said({ mail: { ...partly, checks: doors('up') } })).toContain('E-mail: you can read, but not send')
  })

  test('counts what one cause fells, says almost everything and everything, and few as before', () => {
    const felled = (...ids: readonly string[]) =>
      said({ hetzner: DOWN, ...Object.fromEntries(ids.map((id) => [id, { ...DOWN, cause: 'hetzner' }])) })
    expect(felled('mail', 'files')).toContain('Main server: down since 14:02, 2 other services affected.')
    expect(felled('mail', 'files', 'notes')).toContain(
      '4 of 8 services have been down since 14:02. The cause: “Main server” is down.',
    )
    const all = ['mail', 'matrix', 'webmail', 'files', 'notes', 'pads', 'website']
    expect(felled(...all)).toContain('Everything has been down since 14:02. The cause: “Main server” is down.')
    const limping = { status: 'partial_outage', since: OUTAGE, cause: 'hetzner' } as const
    const ofFour = ['files', 'notes', 'pads'].map((id) => [id, { ...DOWN, cause: 'hetzner' }])
    expect(said({ hetzner: DOWN, ...Object.fromEntries(ofFour), mail: limping })).toContain(
      '4 of 8 services have been down since 14:02, 1 other service affected. The cause: “Main server” is down.',
    )
    expect(said({ hetzner: DOWN, mail: limping, files: limping, notes: limping })).toContain(
      'Main server: down since 14:02, 3 other services affected.',
    )
  })

  test('calls slow only what is nothing but slow', () => {
    const failing = (...reasons: readonly Reason[]) =>
      reasons.map((reason, at) => checkOf(`files.http${at}`, { state: 'degraded', reason }))
    const files = { status: 'degraded_performance', state: 'degraded', since: OUTAGE } as const
    expect(said({ files: { ...files, checks: failing('slow', 'slow') } })).toContain('Files: slow since 14:02.')
    expect(said({ files: { ...files, checks: failing('slow', 'unreachable') } })).toContain('Files: working poorly')
  })

  test('tells until when several are worked on, the latest, and nothing when one of them has no end', () => {
    const works = { status: 'under_maintenance', since: OUTAGE } as const
    const [pads] = MOMENTS.maintenance.maintenances
    const later = { ...pads!, id: 'mnt000000006', services: ['notes'], ends: NOON + DAY }
    const off = { ...later, id: 'mnt000000008', ends: NOON + 9 * DAY, cancelled: OUTAGE }
    const both = { notes: works, pads: works }
    expect(said(both, { maintenances: [pads!, later, off] })).toContain(
      'Under maintenance since 14:02, until about 24 November at 14:12: Notes and Shared texts.',
    )
    expect(said(both, { maintenances: [pads!] })).toContain('Under maintenance since 14:02: Notes and Shared texts.')
  })

  test('does not promise the rest when some of it was not measured', () => {
    expect(said({ mail: down(OUTAGE, null), notes: { measured: 1, of: 2 } })).toBe('E-mail: down since 14:02.')
  })

  test('tells a first start from a long silence', () => {
    const unseen = catalogue().map((service) => ({
      ...service,
      status: 'unknown' as const,
      state: 'unknown' as const,
      since: OUTAGE,
      checks: service.checks.map((check) => ({ ...check, at: null })),
    }))
    expect(sentenceOf(pictureOf(unseen), 'en')).toBe('The first checks are under way.')
    const silent = unseen.map((service) => ({ ...service, checks: [{ ...service.checks[0]!, at: LONG_AGO }] }))
    expect(sentenceOf(pictureOf(silent), 'en')).toBe(
      'We don’t know at the moment whether our services work. We have not been able to check since 14:02; they may well work: try them.',
    )
    expect(sentenceOf(pictureOf([]), 'en')).toBe('No service is checked here yet.')
  })

  test('says that what is shown is old when the page is frozen', () => {
    const frozen = catalogue().map((service) => ({
      ...service,
      confidence: { ...service.confidence, note: 'frozen' as const },
    }))
    expect(sentenceOf(pictureOf(frozen, { blind: { since: OUTAGE, layers: ['v4'], told: null } }), 'en')).toBe(
      'We don’t know at the moment whether our services work. Our own connection has been broken since 14:02, so we can’t check anything; what is shown is from before.',
    )
  })

  describe('of what the team tells beyond the measure', () => {
    const tells = (over: Parameters<typeof incident>[0] = {}, changes = {}) =>
      said(changes, { incidents: [incident({ impact: 'critical', status: 'investigating', ...over })] })

    test('begins with it, and says that the checks see nothing', () => {
      expect(tells()).toBe('E-mail: the team reports an outage since 14:02. Our own checks see nothing wrong.')
      expect(sentenceOf(SPOKEN.reported, 'fr')).toBe(
        'L’équipe signale une panne depuis 14:02. Nos vérifications, elles, ne voient rien d’anormal.',
      )
      expect(tells({ impact: 'minor' })).toContain('E-mail: the team reports trouble since 14:02.')
      expect(tells({}, { notes: { measured: 1, of: 2 } })).toContain('Everything we can check works.')
    })

    test('says of what, unless that is many, or nothing on the page', () => {
      expect(tells({ services: ['mail', 'files', 'gone'] })).toMatch(/^E-mail and Files: the team reports an outage/)
      for (const services of [['mail', 'files', 'notes', 'pads'], ['gone'], []])
        expect(tells({ services })).toMatch(/^The team reports an outage since 14:02\./)
    })

    test('puts it before other trouble, and promises no rest', () => {
      expect(tells({}, { files: down(OUTAGE, null) })).toBe(
        'E-mail: the team reports an outage since 14:02. Files: down since 14:02.',
      )
    })

    test('keeps to the measure where that shows it, where it is no trouble, repaired, or the monitor’s own', () => {
      expect(tells({}, { mail: down(OUTAGE, null) })).toMatch(/^E-mail: down since 14:02\./)
      for (const over of [{ impact: 'none' }, { status: 'monitoring' }, { automatic: true }] as const)
        expect(tells(over)).toMatch(/^Everything we can check works\./)
    })

    test('says it also while nothing can be verified', () => {
      const unsure = catalogue().map((service) => ({ ...service, status: 'unknown' as const, since: OUTAGE }))
      const incidents = [incident({ impact: 'critical' })]
      expect(spokenOf(pictureOf(unsure, { incidents }), 'en').lead).toBe(
        'E-mail: the team reports an outage since 14:02. We don’t know at the moment whether our services work.',
      )
    })
  })

  test('survives services that explain each other in a circle', () => {
    const circle = said({ mail: { ...DOWN, cause: 'files' }, files: { ...DOWN, cause: 'mail' } })
    expect(circle).toContain('since 14:02')
  })
})

const STATUSES: readonly Status[] = [
  'operational',
  'degraded_performance',
  'partial_outage',
  'major_outage',
  'under_maintenance',
  'unknown',
]

test('"everything works" is said exactly when every service is known to work', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...STATUSES), { minLength: 8, maxLength: 8 }),
      fc.boolean(),
      (statuses, unstable) => {
        const services = catalogue().map((service, at) => ({
          ...service,
          status: statuses[at]!,
          unstable: unstable && at === 3,
        }))
        const { lead } = spokenOf(pictureOf(services, { at: NOON }), 'en')
        const well = !unstable && statuses.every((status) => status === 'operational')
        expect(lead === 'Everything works.').toBe(well)
      },
    ),
  )
})

test('Nothing is said to work that was not seen to since the outage began, or that fails just now', () => {
  const down = { status: 'major_outage', state: 'down', since: OUTAGE } as const
  const suspect = { suspect: true }
  const of = (changes: Parameters<typeof catalogue>[0], picture = {}) =>
    (['fr', 'en'] as const).map((language) => sentenceOf(pictureOf(catalogue(changes), picture), language))
  expect(of({ mail: suspect })).toEqual([
    'Tout fonctionne, sauf peut-être Courriel. Une vérification vient d’échouer\u00a0: nous recommençons.',
    'Everything works, except maybe E-mail. A check has just failed: we are trying again.',
  ])
  const many = { mail: suspect, files: suspect, notes: suspect, pads: suspect }
  expect(of(many)).toEqual([
    '4 services sont peut-être en panne. Des vérifications viennent d’échouer\u00a0: nous recommençons.',
    '4 services may be down. Checks have just failed: we are trying again.',
  ])
  expect(of({ mail: down, files: suspect })).toEqual([
    'Courriel\u00a0: en panne depuis 14:02. Nous vérifions encore le reste.',
    'E-mail: down since 14:02. We are still checking the rest.',
  ])
  expect(of({ mail: down }, { restSeen: false })[1]).toBe('E-mail: down since 14:02. We are still checking the rest.')
  expect(of({ mail: down })[1]).toBe('E-mail: down since 14:02. Everything else works.')
})

test('Work somewhere does not hide that nothing could be verified', () => {
  expect(plain(sentenceOf(MOMENTS.cutAtWork, 'fr'))).toBe(
    'Nous ne savons pas en ce moment si nos services marchent. Depuis 14:02, notre propre connexion est en panne et nous ne pouvons rien vérifier. Nos services marchent peut-être : essayez. Textes à plusieurs : en maintenance depuis 14:02, jusqu’à 16:00 environ.',
  )
  const unsaid = sentenceOf({ ...MOMENTS.cutAtWork, blind: null }, 'en')
  expect(unsaid).toMatch(/^We don’t know at the moment .* Shared texts: under maintenance since 14:02/)
  const all = catalogue(
    Object.fromEntries(MOMENTS.allWell.services.map(({ service }) => [service.id, { status: 'under_maintenance' }])),
  )
  expect(sentenceOf(pictureOf(all), 'en')).not.toContain('We don’t know')
})
