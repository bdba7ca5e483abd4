// Stories to watch: what happens to a hoster, step by step, and what one should see.
import { type Configuration, checksOf, type Service } from '../core/check.ts'
import { LANGUAGES, type Language, quoted, say, type Text } from '../core/text.ts'
import { type Millis, SECOND } from '../core/time/time.ts'
import { serviceIn } from '../core/verdict/parent.ts'
import type { Fault } from './faults.ts'
import { placeOf } from './places.ts'

export interface Story {
  /** Stable: `mail`, `hetzner`, `line`, `twin`, `link`, `certificate`, `flapping`. */
  readonly name: string
  readonly title: Text
  readonly steps: readonly Step[]
}

export interface Step {
  /** What happens, and what to watch. */
  readonly text: Text
  /** All that is broken while it lasts. */
  readonly broken: readonly string[]
  /** At the quick pace. */
  readonly lasts: Millis
}

/** Ports where members' programs hand in their mail. */
const SUBMISSION: readonly number[] = [587, 465]

/** The stories that this configuration can tell: each needs somebody to play in it. */
export function storiesOf(configuration: Configuration, faults: readonly Fault[]): readonly Story[] {
  const known = new Set(faults.map(({ name }) => name))
  const submission = checksOf(configuration).find((check) => SUBMISSION.includes(placeOf(check)?.port ?? 0))
  const parents = new Set(checksOf(configuration).flatMap(({ depends }) => depends.map(serviceIn)))
  const extras = configuration.services.filter(
    ({ id, audience }) => audience === 'members' && !parents.has(id) && known.has(`${id}-expired`),
  )
  const [certified] = extras
  const restless = extras[1] ?? certified
  return [
    ...(submission ? [mailStory(`${submission.id}-down`)] : []),
    ...(known.has('hetzner') ? [hetznerStory] : []),
    lineStory,
    twinStory,
    ...(certified ? [linkStory(certified)] : []),
    ...(certified ? [certificateStory(certified)] : []),
    ...(restless ? [flappingStory(restless)] : []),
  ].filter(({ steps }) => steps.every(({ broken }) => broken.every((name) => known.has(name))))
}

function mailStory(fault: string): Story {
  return {
    name: 'mail',
    title: { fr: 'On peut lire, pas envoyer', en: 'One can read, but not send' },
    steps: [
      {
        text: {
          fr: 'Le serveur d’envoi refuse les connexions. Les boîtes aux lettres répondent : la page dit ce qui marche encore, et un courriel part.',
          en: 'The server that takes outgoing mail refuses connections. Mailboxes answer: the page says what still works, and one mail leaves.',
        },
        broken: [fault],
        lasts: 35 * SECOND,
      },
      recovery(
        'Il est réparé. Un second courriel le dit, avec la durée.',
        'It is repaired. A second mail says so, and how long it lasted.',
        25 * SECOND,
      ),
    ],
  }
}

const hetznerStory: Story = {
  name: 'hetzner',
  title: { fr: 'Hetzner disparaît', en: 'Hetzner is gone' },
  steps: [
    {
      text: {
        fr: 'Nos machines et leurs voisines se taisent ; les témoins répondent, donc ce n’est pas notre ligne. La cause est nommée une fois, un seul courriel part.',
        en: 'Our machines and their neighbours fall silent; the witnesses answer, so it is not our own line. The cause is named once, a single mail leaves.',
      },
      broken: ['hetzner'],
      lasts: 70 * SECOND,
    },
    recovery(
      'Hetzner revient. Tout redevient vert, un courriel le dit.',
      'Hetzner is back. Everything turns green again, one mail says so.',
      35 * SECOND,
    ),
  ],
}

const lineStory: Story = {
  name: 'line',
  title: { fr: 'La ligne de la maison tombe', en: 'The line at home is cut' },
  steps: [
    {
      text: {
        fr: 'Plus rien ne sort de chez nous. Rien ne devient rouge : la page de la maison se fige et renvoie à celle du jumeau, qui mesure toujours. Un seul courriel part, de lui : la maison ne donne plus de nouvelles.',
        en: 'Nothing gets out of the house. Nothing turns red: the page of home freezes and points to the twin’s, which goes on measuring. A single mail leaves, the twin’s: home is not heard.',
      },
      broken: ['line'],
      lasts: 40 * SECOND,
    },
    recovery(
      'La ligne revient. Deux courriels encore : la maison donne de nouveau des nouvelles, et elle dit combien de temps sa ligne était coupée. Ce temps reste hachuré et ne compte pas comme une panne.',
      'The line is back. Two more mails: home is heard again, and says how long its line was cut. That time stays hatched and is no outage.',
      40 * SECOND,
    ),
  ],
}

const twinStory: Story = {
  name: 'twin',
  title: { fr: 'Le jumeau disparaît', en: 'The twin is gone' },
  steps: [
    {
      text: {
        fr: 'La ligne du jumeau est coupée. La maison mesure seule, et sa page le dit. Rien ne devient rouge, un courriel prévient les admins.',
        en: 'The line of the twin is cut. Home measures alone, and its page says so. Nothing turns red; one mail tells the admins.',
      },
      broken: ['twin-line'],
      lasts: 35 * SECOND,
    },
    recovery(
      'Il revient. Deux courriels encore : il donne de nouveau des nouvelles, et dit combien de temps sa ligne était coupée. Ce que chacun a noté se retrouve sur l’autre.',
      'It is back. Two more mails: it is heard again, and says how long its line was cut. What each wrote down will be on the other.',
      25 * SECOND,
    ),
  ],
}

function linkStory({ id, name }: Service): Story {
  return {
    name: 'link',
    title: { fr: 'Chacun de son côté', en: 'Each on its own' },
    steps: [
      {
        text: {
          fr: 'Les deux sites ne se joignent plus, mais voient tout le reste. Chaque page dit qu’un seul site mesure, et chacun écrit que l’autre ne donne plus de nouvelles.',
          en: 'The sites can’t reach each other, but see everything else. Each page says that one site measures, and each writes that the other is not heard.',
        },
        broken: ['link'],
        lasts: 30 * SECOND,
      },
      {
        text: told(name, {
          fr: (service) =>
            `Et ${service} tombe. Chacun attend plus d’échecs, puis l’annonce : « vue par un seul site ». Deux courriels partent : aucun ne sait que l’autre l’a dit.`,
          en: (service) =>
            `And ${service} goes down. Each waits for more looks, then says so: “seen by one site only”. Two mails leave: neither knows that the other told.`,
        }),
        broken: ['link', `${id}-down`],
        lasts: 35 * SECOND,
      },
      recovery(
        'Ils se retrouvent et sont d’accord : tout marche. Chacun écrit la fin de ce qu’il avait annoncé.',
        'They hear each other again, and agree: all is well. Each writes the end of what it told.',
        30 * SECOND,
      ),
    ],
  }
}

function certificateStory({ id, name }: Service): Story {
  return {
    name: 'certificate',
    title: { fr: 'Un certificat expire', en: 'A certificate expires' },
    steps: [
      {
        text: told(name, {
          fr: (service) =>
            `Personne n’a renouvelé le certificat de ${service}. Les navigateurs le refusent, donc c’est une panne.`,
          en: (service) => `Nobody renewed the certificate of ${service}. Browsers refuse it, so it is an outage.`,
        }),
        broken: [`${id}-expired`],
        lasts: 30 * SECOND,
      },
      recovery('Il est renouvelé.', 'It is renewed.', 20 * SECOND),
    ],
  }
}

function flappingStory({ id, name }: Service): Story {
  const falls = told(name, { fr: (service) => `${service} tombe.`, en: (service) => `${service} goes down.` })
  const unstable: Text = {
    fr: 'Il retombe : trois changements, la page le dit instable, un courriel part, puis plus aucun.',
    en: 'Down again: three changes. The page calls it unstable; one mail leaves, then no more.',
  }
  const calm: Text = {
    fr: 'Le calme revient. Après un moment sans changement, un dernier courriel dit où on en est.',
    en: 'Calm returns. After a while without a change, a last mail says where things stand.',
  }
  const down = [`${id}-down`]
  const turn: Millis = 12 * SECOND
  return {
    name: 'flapping',
    title: { fr: 'Ça marche, ça ne marche plus', en: 'On and off again' },
    steps: [
      { text: falls, broken: down, lasts: turn },
      { text: { fr: 'Il revient.', en: 'It comes back.' }, broken: [], lasts: turn },
      { text: unstable, broken: down, lasts: turn },
      { text: { fr: 'Il revient encore.', en: 'Back again.' }, broken: [], lasts: turn },
      { text: { fr: 'Et retombe.', en: 'And down.' }, broken: down, lasts: turn },
      { text: calm, broken: [], lasts: 45 * SECOND },
    ],
  }
}

function recovery(fr: string, en: string, lasts: Millis): Step {
  return { text: { fr, en }, broken: [], lasts }
}

function told(name: Text, tell: Readonly<Record<Language, (name: string) => string>>): Text {
  const said = LANGUAGES.map((language) => [language, tell[language](quoted(say(name, language), language))])
  return Object.fromEntries(said)
}
