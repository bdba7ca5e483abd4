// The method, told. No protocol and no rule number: whoever wants those reads the code.
import type { Language } from '../../core/text.ts'

interface Part<Given extends readonly unknown[]> {
  readonly title: string
  readonly texts: (...given: Given) => readonly string[]
}

export interface MethodProse {
  readonly title: string
  readonly lead: string
  readonly today: string
  readonly services: string
  readonly checks: string
  readonly looks: string
  readonly sites: string
  readonly witnesses: string
  readonly looking: Part<[every: string, retry: string]>
  readonly down: Part<[fall: number, rise: number, several: boolean, lone: number]>
  readonly us: Part<[count: string, every: string, taint: string]> & {
    readonly none: string
    readonly path: readonly string[]
  }
  readonly unknown: { readonly title: string; readonly texts: readonly string[] }
  readonly slow: Part<[changes: number, within: string, calm: string]>
  readonly uptime: { readonly title: string; readonly texts: readonly string[] }
  readonly told: { readonly title: string; readonly texts: readonly string[] }
  readonly people: { readonly title: string; readonly texts: readonly string[] }
  readonly limits: { readonly title: string; readonly texts: readonly string[] }
  readonly from: string
  readonly what: string
  readonly every: (every: string) => string
  readonly expected: (period: string) => string
  readonly found: string
  readonly foundLead: string
}

export const METHOD_PROSE: Readonly<Record<Language, MethodProse>> = {
  fr: {
    title: 'Comment nous mesurons',
    lead: 'Cette page dit comment nous savons ce que nous affichons, et ce que nous ne savons pas.',
    today: 'En chiffres, aujourd’hui',
    services: 'services',
    checks: 'points vérifiés',
    looks: 'vérifications par jour',
    sites: 'points de mesure',
    witnesses: 'témoins',
    looking: {
      title: 'On regarde de l’extérieur, souvent',
      texts: (every, retry) => [
        `Un petit ordinateur, loin de nos serveurs, se sert de chaque service comme le ferait votre appareil : il se connecte, vérifie que la connexion est chiffrée avec un bon certificat et que la réponse est la bonne. Le plus souvent toutes les ${every}.`,
        `Dès qu’une vérification échoue, il recommence après ${retry}, sans attendre son tour.`,
      ],
    },
    down: {
      title: 'Quand nous disons « en panne »',
      texts: (fall, rise, several, lone) => [
        `Un échec ne suffit pas. Il en faut ${fall} de suite, et que notre propre ligne ait été bonne à chacun. La panne est alors datée du premier échec, pas du dernier.`,
        several
          ? `Plusieurs points de mesure regardent. La page dit depuis combien d’endroits une panne est constatée. Si l’un voit une panne que l’autre ne voit pas, elle dit « hors d’atteinte par endroits ». S’il est seul à pouvoir mesurer, il lui faut ${lone} échecs de suite.`
          : 'Un seul point de mesure regarde pour l’instant. La page le dit : « constaté depuis un seul endroit ».',
        `La panne est finie quand tout ce qui était tombé répond de nouveau${rise > 1 ? `, ${rise} fois de suite` : ''}.`,
      ],
    },
    us: {
      title: 'Comment nous savons que ce n’est pas nous',
      none: 'Aucun témoin n’est réglé : cette page ne sait pas distinguer une panne de sa propre ligne de celle d’un service.',
      texts: (count, every, taint) => [
        `${count} témoins nous le disent : des machines d’autres gens, sur d’autres réseaux, qui n’ont rien à voir avec nos services. Nous en interrogeons deux toutes les ${every}, et tous dès qu’une vérification échoue. S’ils ne répondent pas non plus, c’est notre ligne : aucun service n’est déclaré en panne, ni pendant ce temps ni juste après (${taint}).`,
        'Les témoins :',
      ],
      path: [
        'D’autres machines, chez notre fournisseur mais pas à nous, disent si c’est le service qui ne répond pas ou seulement la route qui y mène :',
      ],
    },
    unknown: {
      title: 'Ce que veut dire « non vérifié »',
      texts: [
        'Nous n’avons pas pu regarder, ou ce que nous avons vu pouvait être notre faute : notre ligne coupée, notre recherche d’adresses sans réponse, notre horloge fausse, un port fermé chez nous. Nous le disons au lieu de deviner : ce n’est ni vert ni rouge.',
        'Sur les traits des 90 jours, ce temps est hachuré. Nous n’affichons jamais le dernier état connu comme s’il était vérifié.',
      ],
    },
    slow: {
      title: '« Au ralenti » et « coupures répétées »',
      texts: (changes, within, calm) => [
        'Un service est au ralenti quand la moitié de ses dix dernières réponses étaient bonnes mais lentes, alors que les témoins répondaient à leur vitesse habituelle.',
        `Nous parlons de coupures répétées quand il change ${changes} fois en ${within}, jusqu’à ${calm} de calme. Entre-temps la couleur est celle du pire.`,
      ],
    },
    uptime: {
      title: 'La disponibilité',
      texts: [
        'C’est la part du temps mesuré pendant laquelle le service n’était pas en panne. Le temps sans mesure et les maintenances annoncées n’y comptent pas ; les pannes partielles sont dites à part. Elle est arrondie vers le bas : 100 % veut dire aucune panne.',
      ],
    },
    told: {
      title: 'Qui est prévenu',
      texts: [
        'Les administrateurs reçoivent un courriel dès qu’une panne est sûre, par un chemin qui ne dépend pas de nos serveurs. La page dit « l’équipe a été prévenue » quand ce courriel est vraiment parti, et pas avant.',
      ],
    },
    people: {
      title: 'Les incidents et les maintenances',
      texts: [
        'Un incident, c’est ce que l’équipe dit d’une panne : un titre et des nouvelles datées. Des gens l’écrivent. Quand notre surveillance en publie un elle-même, c’est marqué « publié automatiquement », jusqu’à ce que quelqu’un y écrive. Un texte corrigé le dit, et chaque incident garde son adresse pour toujours.',
        'Ce que l’équipe dit se tient à côté de ce que nous mesurons et n’y change rien : les chiffres sont mesurés. Si elle dit d’un service autre chose que nos mesures, la page l’écrit : « selon l’équipe ». « Quelqu’un s’en occupe » n’est écrit que lorsqu’une personne l’a dit.',
        'Une maintenance est annoncée d’avance. Ce qui s’arrête alors s’arrête exprès.',
      ],
    },
    limits: {
      title: 'Ce que nous ne voyons pas',
      texts: [
        'Nous ne voyons ni votre appareil ni votre connexion, et une page qui répond ne prouve pas que tout fonctionne derrière. Si cela ne marche pas chez vous alors que tout est vert ici, écrivez-nous : vous avez peut-être raison.',
      ],
    },
    from: 'Nous regardons depuis :',
    what: 'Ce qui est vérifié, et tous les combien',
    every: (every) => `toutes les ${every}`,
    expected: (period) => `doit s’annoncer toutes les ${period}`,
    found: 'Comment les dernières pannes ont été constatées',
    foundLead: 'Chacune avec la règle qui a décidé.',
  },
  en: {
    title: 'How we measure',
    lead: 'This page tells how we know what we show, and what we don’t know.',
    today: 'In figures, today',
    services: 'services',
    checks: 'checks',
    looks: 'looks a day',
    sites: 'measuring points',
    witnesses: 'witnesses',
    looking: {
      title: 'We look from outside, often',
      texts: (every, retry) => [
        `A small computer, far from our servers, uses each service as your device would: it connects, verifies that the connection is encrypted with a good certificate and that the answer is the right one. Mostly every ${every}.`,
        `As soon as a look fails it looks again after ${retry}, out of turn.`,
      ],
    },
    down: {
      title: 'When we say “down”',
      texts: (fall, rise, several, lone) => [
        `One failure is not enough. It takes ${fall} in a row, and our own line must have been good at each. The outage is then dated from the first failure, not the last.`,
        several
          ? `Several measuring points look. The page says from how many places an outage is seen. When one sees an outage that the other doesn’t, it says “unreachable from some places”. One that is alone in being able to check needs ${lone} failures in a row.`
          : 'One measuring point alone looks for now. The page says so: “seen from one place only”.',
        `The outage is over when everything that had fallen answers again${rise > 1 ? `, ${rise} times in a row` : ''}.`,
      ],
    },
    us: {
      title: 'How we know that it is not us',
      none: 'No witness is configured: this page can’t tell a fault of its own line from one of a service.',
      texts: (count, every, taint) => [
        `${count} witnesses tell us: other people’s machines, on other networks, that have nothing to do with our services. We ask two of them every ${every}, and all as soon as a look fails. When they don’t answer either, it is our line: no service is called down, neither during that time nor just after it (${taint}).`,
        'The witnesses:',
      ],
      path: [
        'Other machines, at our provider but not ours, tell whether it is the service that doesn’t answer or only the road that leads there:',
      ],
    },
    unknown: {
      title: 'What “not verified” means',
      texts: [
        'We could not look, or what we saw may have been our own fault: our line cut, our address lookups unanswered, our clock wrong, a port closed on our side. We say so instead of guessing: it is neither green nor red.',
        'In the strokes of the 90 days this time is hatched. We never show the last known state as if it had been verified.',
      ],
    },
    slow: {
      title: '“Slow” and “on and off”',
      texts: (changes, within, calm) => [
        'A service is slow when half of its last ten answers were right but slow, while the witnesses answered at their usual speed.',
        `We say “on and off” when it changes ${changes} times within ${within}, until ${calm} of calm. Meanwhile the colour is that of the worst.`,
      ],
    },
    uptime: {
      title: 'Availability',
      texts: [
        'It is the share of the measured time in which the service was not down. Time not measured and announced maintenance don’t count; partial outages are told apart. It is rounded down: 100% means no outage at all.',
      ],
    },
    told: {
      title: 'Who is told',
      texts: [
        'Admins get a mail as soon as an outage is certain, by a way that doesn’t depend on our servers. The page says “the team was told” once that mail has really left, and not before.',
      ],
    },
    people: {
      title: 'Incidents and maintenance',
      texts: [
        'An incident is what the team says of an outage: a title and dated news. People write it. One that our monitor published by itself is marked “published automatically” until somebody writes to it. A text that was corrected says so, and each incident keeps its address for ever.',
        'What the team says stands beside what we measure and changes nothing of it: figures are measured. When the team says of a service something else than our measures do, the page says so: “the team says so”. “Somebody is on it” is only written when a person said it.',
        'Maintenance is announced ahead. What stops then is meant to stop.',
      ],
    },
    limits: {
      title: 'What we don’t see',
      texts: [
        'We see neither your device nor your connection, and a page that answers doesn’t prove that everything behind it works. If it doesn’t work for you while all is green here, write to us: you may well be right.',
      ],
    },
    from: 'We look from:',
    what: 'What is looked at, and how often',
    every: (every) => `every ${every}`,
    expected: (period) => `has to call in every ${period}`,
    found: 'How the last outages were found',
    foundLead: 'Each with the rule that decided.',
  },
}
