import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { composeLetter, replySubject, type WordingContext } from '../../../src/core/letter/wording.ts'
import { REASONS } from '../../../src/core/reason-words.ts'
import { LANGUAGES } from '../../../src/core/text.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/core/time/time.ts'
import type { Affected, Letter, News } from '../../../src/core/verdict/letter.ts'
import { down, mail, NEWS, partial, road, START } from '../letters.ts'

function letter(news: News, at = START + 40 * SECOND): Letter {
  return { key: 'k', event: 'down', thread: 'mail-1', at, news }
}

function context(language: 'fr' | 'en', more: Partial<WordingContext> = {}): WordingContext {
  return {
    language,
    timezone: 'Europe/Paris',
    hoster: 'Nomagic',
    page: 'https://a.status.elsewhere.example/',
    shown: new Set(['mail', 'files']),
    places: new Map([['offsite', { fr: 'Paris', en: 'Paris' }]]),
    from: null,
    acknowledge: null,
    now: START + 45 * SECOND,
    ended: new Map(),
    hanging: null,
    recoveryFollows: true,
    ...more,
  }
}

function write(news: News, language: 'fr' | 'en', more: Partial<WordingContext> = {}) {
  return composeLetter(letter(news, START + 40 * SECOND), context(language, more))
}

test('leads to where the reader says that they have seen it', () => {
  const acknowledge = 'https://a.status.elsewhere.example/admin/ack/abc.def'
  expect(write(down, 'fr', { acknowledge }).body).toContain(`J’ai vu, je m’en occupe :\n${acknowledge}\n`)
  expect(write(down, 'en').body).not.toContain('/admin/ack/')
})

test('says of whose line it speaks where there are several sites, and that another one measured meanwhile', () => {
  const there = write(NEWS.wasBlind!, 'fr', { from: 'offsite' }).body
  expect(there).toContain('De ce temps ne compte que ce qu’un autre site')
  expect(there).toContain('C’est le site Paris qui écrit.')
  const alone = write(NEWS.wasBlind!, 'fr').body
  expect(alone).toContain('Ce temps ne compte pas dans les disponibilités.')
  expect(alone).not.toContain('qui écrit')
  expect(write(NEWS.blind!, 'en', { from: 'offsite' }).body).toContain('Site Paris writes this.')
})

describe('what each piece of news says', () => {
  const rows: readonly (readonly [keyof typeof NEWS & string, 'fr' | 'en', string, readonly string[]])[] = [
    [
      'down',
      'fr',
      'Courriel en panne depuis 14:02',
      [
        'Certitude : vu par ce site seul.',
        'Tout allait encore bien 58 s plus tôt.',
        '- mx.nomagic.test:25 (smtp) : le serveur refuse la connexion\n  > connect ECONNREFUSED 192.0.2.1:25\n',
        'La page :\nhttps://a.status.elsewhere.example/fr/services/mail/\n',
        'Un seul autre message suivra, quand ce sera fini.',
        '  vigie explain mail 2026-11-23 14:02:50\n',
      ],
    ],
    [
      'down',
      'en',
      'E-mail down since 14:02',
      [
        'Confidence: seen by this site alone.',
        'All was still well 58 s earlier.',
        '- mail.nomagic.test:993 (imap): the server does not answer\n  > no greeting in 10 s\n',
        'One more mail will follow, when it is over.',
        'Times in this mail: Europe/Paris',
      ],
    ],
    [
      'partly',
      'fr',
      'Courriel : on peut lire et recevoir, pas envoyer, depuis 14:02',
      ['- mail.nomagic.test:587 (smtp) : le serveur refuse la connexion'],
    ],
    ['partly', 'en', 'E-mail: you can read and receive, but not send, since 14:02', []],
    ['untold', 'fr', 'Fichiers : panne partielle depuis 14:02', []],
    ['untold', 'en', 'Files partly down since 14:02', []],
    [
      'inside',
      'fr',
      'Serveur chez Hetzner : une vérification réservée aux admins échoue depuis 14:02',
      ['Les membres n’en voient rien sur la page.'],
    ],
    [
      'inside',
      'en',
      'Server at Hetzner: an admin-only check has been failing since 14:02',
      ['Members see nothing of it'],
    ],
    [
      'mixed',
      'fr',
      '2 services en panne depuis 14:02 : Courriel (en partie), Fichiers',
      ['\nCourriel : on peut lire et recevoir, pas envoyer, depuis 14:02\n', '\nFichiers : depuis 14:02\n'],
    ],
    ['mixed', 'en', '2 services down since 14:02: E-mail (in part), Files', ['\nFiles: since 14:02\n']],
    ['partsOnly', 'fr', '2 services touchés depuis 14:02 : Courriel (en partie), Fichiers (en partie)', []],
    ['partsOnly', 'en', '2 services affected since 14:02: E-mail (in part), Files (in part)', []],
    [
      'partOfMany',
      'fr',
      'Serveur chez Hetzner en panne depuis 14:02, 1 autre service touché',
      ['- Courriel (en partie) : depuis 14:02\n'],
    ],
    [
      'insideUp',
      'fr',
      'Serveur chez Hetzner : la vérification réservée aux admins réussit de nouveau depuis 15:14',
      [],
    ],
    ['insideUp', 'en', 'Server at Hetzner: the admin-only check has been well again since 15:14', []],
    ['settledPartly', 'fr', 'Courriel : plus de va-et-vient, mais en partie en panne depuis 14:02', []],
    ['settledPartly', 'en', 'E-mail: no longer going up and down, but partly down since 14:02', []],
    [
      'parent',
      'fr',
      'Serveur chez Hetzner en panne depuis 14:02, 2 autres services touchés',
      [
        'confirmé par 2 sites sur 2 (home, Paris)',
        'à cause de cela :\n- Courriel : depuis 14:02\n- Fichiers : depuis 14:02\n',
      ],
    ],
    [
      'parent',
      'en',
      'Server at Hetzner down since 14:02, 2 other services affected',
      ['confirmed by 2 of 2 sites (home, Paris)', 'because of it:\n- E-mail: since 14:02\n- Files: since 14:02\n'],
    ],
    [
      'digest',
      'fr',
      '2 services en panne depuis 14:02 : Courriel, Fichiers',
      ['\nFichiers : depuis 14:02\n', '502 Bad Gateway'],
    ],
    ['digest', 'en', '2 services down since 14:02: E-mail, Files', ['You will be told when it is over.']],
    [
      'suspected',
      'fr',
      'Serveur chez Hetzner sans doute en panne depuis 14:02, 2 services touchés',
      ['sont tombés\nensemble'],
    ],
    ['suspected', 'en', 'Server at Hetzner probably down since 14:02, 2 services affected', ['it answers our checks']],
    [
      'partial',
      'fr',
      'Courriel : joignable d’un côté, pas de l’autre, depuis 14:02',
      ['joignable depuis Paris', 'si la panne se confirme'],
    ],
    [
      'partial',
      'en',
      'E-mail: reachable from one side, not from the other, since 14:02',
      ['reachable from Paris, but not from every site (1 of 2)'],
    ],
    [
      'road',
      'fr',
      'Courriel : hors d’atteinte d’ici depuis 14:02, cause non confirmée',
      ['La route jusqu’à l’hébergeur ne répond pas non plus'],
    ],
    [
      'road',
      'en',
      'E-mail cannot be reached from here since 14:02, cause not confirmed',
      ['The road to the hoster does not answer either'],
    ],
    [
      'roadOfMany',
      'fr',
      'Courriel, Fichiers : hors d’atteinte d’ici depuis 14:02, cause non confirmée',
      ['\nFichiers : depuis 14:02\n', 'https://files.nomagic.test/'],
    ],
    ['roadOfMany', 'en', 'E-mail, Files cannot be reached from here since 14:02, cause not confirmed', ['\nFiles:']],
    [
      'up',
      'fr',
      'Courriel de nouveau en service depuis 15:14',
      ['La panne a duré 1 h 12 min, de 14:02 à 15:14.', 'Ce qui échouait :'],
    ],
    ['up', 'en', 'E-mail back up since 15:14', ['The outage lasted 1 h 12 min, from 14:02 to 15:14.', 'What failed:']],
    [
      'manyUp',
      'fr',
      '2 services de nouveau en service depuis 15:14 : Courriel, Fichiers',
      ['- Fichiers : 1 h 11 min, de 14:02 à 15:13\n'],
    ],
    ['manyUp', 'en', '2 services back up since 15:14: E-mail, Files', ['- E-mail: 1 h 12 min, from 14:02 to 15:14\n']],
    ['unstable', 'fr', 'Courriel : instable', ['changé d’état 4 fois', 'Pas d’autre message']],
    ['unstable', 'en', 'E-mail: unstable', ['changed 4 times', 'No more mail about it while this\nlasts']],
    ['settledUp', 'fr', 'Courriel : stable de nouveau, en service', ['n’a plus changé']],
    ['settledUp', 'en', 'E-mail: steady again, and up', ['has not changed for a while']],
    ['settledDown', 'fr', 'Courriel : plus de va-et-vient, mais en panne depuis 14:02', ['Ce qui échoue :']],
    ['settledDown', 'en', 'E-mail: no longer going up and down, but down since 14:02', ['What fails:']],
    ['degraded', 'fr', 'Marche moins bien que d’habitude : Fichiers, Courriel', ['la réponse est lente']],
    ['degraded', 'en', 'Working less well than usual: Files, E-mail', ['the answer is slow']],
    [
      'attention',
      'fr',
      '3 points à regarder',
      [
        'le certificat ou le domaine expire bientôt (mail.imap)\n  > 9 days left of 90\n  depuis le 22 novembre à 08:02',
      ],
    ],
    [
      'attention',
      'en',
      '3 things to look at',
      ['the check’s login is refused', 'since 22 November, 08:02', 'no DMARC record'],
    ],
    [
      'blind',
      'fr',
      'Notre propre ligne n’est plus fiable depuis 14:02',
      [
        'En cause : notre accès à internet (rien ne répond, pas même par',
        'la sortie du port 25',
        'aucun service n’est déclaré en panne',
      ],
    ],
    [
      'blind',
      'en',
      'Our own line has been unreliable since 14:02',
      ['our way out to the internet', 'the way out of port 25'],
    ],
    ['wasBlind', 'fr', 'Notre propre ligne n’était pas fiable de 14:02 à 14:40', ['38 min']],
    ['wasBlind', 'en', 'Our own line was unreliable from 14:02 to 14:40', ['38 min']],
    [
      'self',
      'fr',
      'vigie a un souci de disque',
      ['Faites de la place', '> 12 MB are left on /var\n> make room in data/\n', 'les relevés du programme'],
    ],
    [
      'self',
      'en',
      'vigie has trouble with its disk',
      ['Make room', '> make room in data/\n', 'what the program noted'],
    ],
    ['acknowledged', 'fr', 'Vu par alice@admins.example : Courriel, Fichiers', ['vu par l’équipe']],
    ['acknowledged', 'en', 'Seen by alice@admins.example: E-mail, Files', ['The page tells members']],
    [
      'quiet',
      'fr',
      '« Envois bloqués » : rien de neuf pour les membres depuis 14:02',
      ['Une phrase suffit', 'Répondre ici :\nhttps://a.status.elsewhere.example/admin/incidents/k3vk3vk3vk3v'],
    ],
    ['quiet', 'en', '"Sending is blocked": nothing new for members since 14:02', ['One sentence will do']],
    ['over', 'fr', '« Envois bloqués » : est-ce fini ?', ['Tous ses services marchent']],
    ['over', 'en', '"Sending is blocked": is it over?', ['All its services have worked']],
    [
      'silent',
      'fr',
      'Le site Paris ne donne plus de nouvelles depuis 14:02',
      ['le site home mesure et alerte seul', 'C’est le site home qui écrit.', 'vigie tourne encore sur le site Paris'],
    ],
    ['silent', 'en', 'Site Paris has not been heard since 14:02', ['Site home writes this.', 'vigie twin status']],
    ['heard', 'fr', 'Le site Paris donne de nouveau des nouvelles', ['Les sites se remettent à jour', '(38 min)']],
    ['heard', 'en', 'Site Paris is heard again', ['from 14:02 to 14:40 (38 min)']],
    ['otherBlind', 'fr', 'Le site Paris n’a plus de mesure fiable depuis 14:02', []],
    ['otherBlind', 'en', 'Site Paris has had no reliable measure since 14:02', []],
    ['ownRoad', 'fr', 'Le site Paris ne joint plus Courriel depuis 14:02', ['192.0.2.7']],
    ['ownRoad', 'en', 'Site Paris cannot reach E-mail since 14:02', ['192.0.2.7']],
    ['test', 'fr', 'Message d’essai', ['Rien n’est en panne']],
    ['test', 'en', 'Test mail', ['Nothing is down']],
  ]

  test.each(rows)('%s in %s: %s', (name, language, headline, phrases) => {
    const { subject, body } = write(NEWS[name]!, language)
    expect(subject).toBe(`[Nomagic] ${headline}`)
    expect(body.replaceAll('\n', ' ')).toContain(headline.endsWith('?') ? headline : `${headline}.`)
    for (const phrase of phrases) expect(body).toContain(phrase)
  })

  test('what has happened to vigie tells on which of its sites, and which of them writes', () => {
    const all = ['disk', 'database', 'relay', 'configuration', 'page', 'restored', 'twin', 'code'] as const
    for (const what of all) {
      const news = { kind: 'self' as const, what, note: 'a note', remedy: 'a remedy' }
      const [fr, en] = [write(news, 'fr', { from: 'offsite' }), write(news, 'en', { from: 'offsite' })]
      expect(fr.body).toContain('C’est le site Paris qui écrit.\n')
      expect(en.body).toContain('Site Paris writes this.\n')
      const named = what !== 'twin' && what !== 'code'
      for (const { subject } of [fr, en]) expect(subject.endsWith(' (site Paris)'), subject).toBe(named)
      expect(write(news, 'fr').subject + write(news, 'fr').body).not.toMatch(/Paris|qui écrit/)
    }
    const { subject } = write({ kind: 'self', what: 'disk', note: '', remedy: '' }, 'fr', { from: 'offsite' })
    expect(subject).toBe('[Nomagic] vigie a un souci de disque (site Paris)')
  })

  test('no piece of news is left without a row', () => {
    expect(new Set(rows.map(([name]) => name))).toEqual(new Set(Object.keys(NEWS)))
    const kinds = new Set(Object.values(NEWS).map((news) => news.kind))
    expect(kinds.size).toBe(14)
  })

  test('what a newer vigie left goes by its name, and never as good news', () => {
    const unheard = { kind: 'capacity' } as unknown as News
    for (const language of LANGUAGES) {
      const { subject, body } = write(unheard, language)
      expect(subject).toBe('[Nomagic] capacity')
      expect(body).not.toMatch(/Rien n’est en panne|Nothing is down/)
    }
  })

  test('apostrophes are those of the page, everywhere', () => {
    const acknowledge = 'https://a.status.elsewhere.example/admin/ack/abc'
    for (const language of LANGUAGES)
      for (const news of Object.values(NEWS))
        for (const now of [START + 45 * SECOND, START + 2 * HOUR]) {
          const { subject, body } = write(news, language, { acknowledge, now })
          expect(subject + body).not.toMatch(/\p{L}'\p{L}/u)
        }
  })

  test('every reason has words in both languages', () => {
    for (const language of LANGUAGES) {
      for (const words of Object.values(REASONS[language])) expect(words).toMatch(/^[\p{Ll}].{8,}[^.]$/u)
    }
  })
})

describe('a letter that leaves late', () => {
  test('is silent about five minutes', () => {
    expect(write(down, 'en', { now: START + 40 * SECOND + 5 * MINUTE }).body).not.toContain('late')
  })

  test('says when it was decided, and by how much it is late', () => {
    const { body } = write(down, 'en', { now: START + 2 * HOUR })
    expect(body).toContain('This mail is late: it was decided at 14:02 and could only leave\n1 h 59 min later.')
    expect(write(down, 'fr', { now: START + 2 * HOUR }).body).toContain(
      'Ce message part en retard : il a été décidé à 14:02 et n’a pu partir que\n1 h 59 min plus tard.',
    )
  })

  test('carries the date of what is no longer today, and the year of what is no longer this year', () => {
    const tomorrow = { now: START + 26 * HOUR }
    expect(write(down, 'fr', tomorrow).subject).toBe('[Nomagic] Courriel en panne depuis le 23 novembre à 14:02')
    expect(write(down, 'en', tomorrow).subject).toBe('[Nomagic] E-mail down since 23 November, 14:02')
    const next = { now: Date.UTC(2027, 0, 2) }
    expect(write(down, 'fr', next).subject).toContain('23 novembre 2026 à 14:02')
    expect(write(down, 'en', next).subject).toContain('23 November 2026, 14:02')
  })

  test('of an outage that has ended says that it was down, from when to when, and promises nothing', () => {
    const over = { now: START + 2 * HOUR, ended: new Map([['mail-1', START + 72 * MINUTE]]) }
    const french = write(down, 'fr', over)
    expect(french.subject).toBe('[Nomagic] Courriel : était en panne de 14:02 à 15:14')
    expect(french.body).toContain('La panne a duré 1 h 12 min.')
    expect(french.body).not.toContain('suivra')
    const english = write(down, 'en', over)
    expect(english.subject).toBe('[Nomagic] E-mail was down from 14:02 to 15:14')
    expect(english.body).toContain('What failed:')
    expect(write(partial, 'en', over).subject).toContain('was reachable from one side')
    expect(write(road, 'en', over).subject).toContain('could not be reached from here from 14:02 to 15:14')
  })

  test('of a part that was out says no more', () => {
    const over = { now: START + 2 * HOUR, ended: new Map([['mail-1', START + 72 * MINUTE]]) }
    expect(write(NEWS.partly!, 'fr', over).subject).toBe(
      '[Nomagic] Courriel : panne partielle de 14:02 à 15:14, terminée',
    )
    expect(write(NEWS.partly!, 'en', over).subject).toBe('[Nomagic] E-mail was partly down from 14:02 to 15:14')
    const inside = { ...over, ended: new Map([['hetzner-1', START + 72 * MINUTE]]) }
    expect(write(NEWS.inside!, 'en', inside).subject).toContain('an admin-only check failed from 14:02')
    const both = new Map([...over.ended, ['files-1', START + 71 * MINUTE]])
    expect(write(NEWS.partsOnly!, 'fr', { ...over, ended: both }).subject).toContain('2 services étaient touchés')
  })

  test('about several of which one is over speaks of those that are still down', () => {
    const { subject, body } = write(NEWS.digest!, 'en', {
      now: START + 30 * MINUTE,
      ended: new Map([['mail-1', START + 10 * MINUTE]]),
    })
    expect(subject).toBe('[Nomagic] Files down since 14:02')
    expect(body).toContain('E-mail\n  Down from 14:02 to 14:12 (10 min), back up since.\n')
  })

  test('over midnight names both days', () => {
    const late = { ...mail, since: Date.UTC(2026, 10, 22, 22, 50) }
    const { body } = write({ kind: 'up', over: [{ affected: late, until: Date.UTC(2026, 10, 22, 23, 10) }] }, 'fr')
    expect(body).toContain('20 min, du 22 novembre à 23:50 au 23 novembre à 00:10')
  })
})

test('what lasted seconds has one moment, not a span of none', () => {
  const blip: News = { kind: 'up', over: [{ affected: mail, until: START + 14 * SECOND }] }
  expect(write(blip, 'fr').body).toContain('La panne a duré 14 s, à 14:02.')
  expect(write(blip, 'en').body).toContain('The outage lasted 14 s, at 14:02.')
  const across: News = { kind: 'up', over: [{ affected: mail, until: START + 55 * SECOND }] }
  expect(write(across, 'fr').body).toContain('La panne a duré 55 s, de 14:02 à 14:03.')
})

test('a good look of after it began, as letters had it once, is not told as one of before', () => {
  const odd: News = {
    kind: 'down',
    affected: [{ ...mail, lastGood: START + 5 * SECOND }],
    children: [],
    suspected: null,
  }
  expect(write(odd, 'fr').body).not.toMatch(/Tout allait|Aucune vérification/)
})

test('leads to the page of the one service it is about, and else to the page of all', () => {
  const base = 'https://a.status.elsewhere.example'
  const linked = (name: string, language: 'fr' | 'en', page = `${base}/`) =>
    /(?:La page :|The page:)\n(.*)\n/.exec(write(NEWS[name]!, language, { page }).body)?.[1]
  expect(linked('down', 'en')).toBe(`${base}/en/services/mail/`)
  expect(linked('up', 'fr', base)).toBe(`${base}/fr/services/mail/`)
  expect(linked('partial', 'fr', `${base}/vigie`)).toBe(`${base}/vigie/fr/services/mail/`)
  for (const name of ['digest', 'parent', 'blind', 'silent']) expect(linked(name, 'fr')).toBe(`${base}/`)
  // Not on the page: it is for admins.
  expect(linked('inside', 'fr')).toBe(`${base}/`)
})

test('says of a site that is alone where it stands, if that is told', () => {
  const places = new Map([['home', { fr: 'Grenoble', en: 'Grenoble' }]])
  expect(write(down, 'fr', { places }).body).toContain('Certitude : vu par ce site seul (Grenoble).')
})

test('the end of what others hung on says how that stands', () => {
  expect(write(NEWS.up!, 'fr', { hanging: 'open' }).body).toContain(
    'Ce qui en dépendait devrait suivre ; ce qui resterait en panne fera\nl’objet d’un message à part.',
  )
  expect(write(NEWS.up!, 'en', { hanging: 'over' }).body).toContain('What depended on it works again, too.')
  expect(write(NEWS.down!, 'en', { hanging: 'open' }).body).not.toContain('depended on it')
})

test('nothing is promised to whom recoveries are not sent', () => {
  expect(write(down, 'en', { recoveryFollows: false }).body).not.toContain('will follow')
})

test('a letter without a known page or a last good look says so instead of lying', () => {
  const never: News = {
    kind: 'down',
    affected: [{ ...mail, lastGood: null, checks: [] }],
    children: [],
    suspected: null,
  }
  const { body } = write(never, 'en', { page: null })
  expect(body).toContain('No good look is on record.')
  expect(body).not.toContain('The page')
})

test('an answer repeats the first subject, letter by letter', () => {
  const { subject } = write(down, 'fr')
  expect(replySubject(subject)).toBe(`Re: ${subject}`)
})

describe('hostile names and notes', () => {
  const nasty = fc.string({ unit: 'binary', maxLength: 400 })

  test('never break a line, a header or the width of the text', () => {
    fc.assert(
      fc.property(nasty, nasty, nasty, fc.constantFrom('fr', 'en'), (name, target, note, language) => {
        const check = { ...mail.checks[0]!, target, note, id: name, kind: name }
        const one: Affected = { ...mail, name: { fr: name, en: name }, outage: note, rule: note, checks: [check] }
        const every: readonly News[] = [
          { kind: 'down', affected: [one], children: [one], suspected: { id: name, name: { fr: name } } },
          { kind: 'down', affected: [one, one], children: [], suspected: null },
          { kind: 'attention', items: [{ check: name, service: { fr: name }, kind: 'finding', note, since: START }] },
          { kind: 'blind', since: START, until: null, layers: [name, target] },
          { kind: 'self', what: 'disk', note, remedy: target },
        ]
        for (const news of every) {
          const { subject, body } = write(news, language, { hoster: name })
          expect(subject).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
          expect([...subject].length).toBeLessThanOrEqual(120)
          expect(body.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
          for (const line of body.split('\n'))
            if (!line.includes('://')) expect([...line].length).toBeLessThanOrEqual(72)
        }
      }),
    )
  })

  test('cannot make a long address useless by breaking it', () => {
    const target = `https://files.nomagic.test/${'a'.repeat(120)}`
    const long: News = {
      kind: 'down',
      affected: [{ ...mail, checks: [{ ...mail.checks[0]!, target }] }],
      children: [],
      suspected: null,
    }
    expect(write(long, 'en').body).toContain(target)
  })
})
