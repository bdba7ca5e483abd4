// What letters say about another site of vigie: that it is not heard, that it can't see, that its road is bad.

import { cleanNote } from '../observation.ts'
import { type Language, say } from '../text.ts'
import { lasting } from '../time/lasting.ts'
import { type Clock, since, span } from '../time/letter-moments.ts'
import type { News } from '../verdict/letter.ts'

export type SiteNews =
  | Extract<News, { kind: 'twin' | 'road' }>
  | (Extract<News, { kind: 'blind' }> & { readonly site: string })

interface Words {
  readonly headline: string
  /** One paragraph an element. */
  readonly paragraphs: readonly string[]
}

/** The news is about another site. */
export function isOfSite(news: News): news is SiteNews {
  return news.kind === 'twin' || news.kind === 'road' || (news.kind === 'blind' && news.site !== undefined)
}

/** `place`: what people call a site. */
export function siteWords(news: SiteNews, clock: Clock, place: (site: string) => string): Words {
  return WORDS[clock.language](news, clock, place)
}

const WORDS: Readonly<Record<Language, (news: SiteNews, clock: Clock, place: (site: string) => string) => Words>> = {
  fr: (news, clock, place) => {
    const site = place(news.site)
    switch (news.kind) {
      case 'twin':
        if (news.until !== null)
          return {
            headline: `Le site ${site} donne de nouveau des nouvelles`,
            paragraphs: [
              `Il n’en donnait plus ${span(news.since, news.until, clock)} (${lasting(news.until - news.since, 'fr')}).`,
              'Les sites se remettent à jour : ce que chacun a noté entre-temps sera bientôt sur les deux.',
              ...(news.by === undefined ? [] : [`C’est le site ${place(news.by)} qui écrit.`]),
            ],
          }
        return {
          headline: `Le site ${site} ne donne plus de nouvelles ${since(news.since, clock)}`,
          paragraphs: [
            `En attendant, ${news.by === undefined ? 'ce site' : `le site ${place(news.by)}`} mesure et alerte seul : une panne demande plus de vérifications avant d’être annoncée.`,
            ...(news.by === undefined
              ? []
              : [
                  `C’est le site ${place(news.by)} qui écrit. S’il est seul à écrire, c’est l’autre qu’il faut regarder ; si chacun écrit la même chose de l’autre, seul le lien entre eux est coupé.`,
                ]),
            `Que faire : regarder si vigie tourne encore sur le site ${site}, et si le lien entre les sites passe (vigie twin status).`,
          ],
        }
      case 'road':
        return {
          headline: `Le site ${site} ne joint plus ${news.services.map((one) => cleanNote(say(one, 'fr'))).join(', ')} ${since(news.since, clock)}`,
          paragraphs: [
            'Les autres sites les joignent : c’est la route de ce site, ou un pare-feu qui le refuse. La page reste au vert.',
            news.address === null
              ? 'Que faire : regarder si son adresse est bloquée chez l’hébergeur.'
              : `Que faire : laisser entrer son adresse, ${cleanNote(news.address)}.`,
          ],
        }
      case 'blind':
        return {
          headline: `Le site ${site} n’a plus de mesure fiable ${since(news.since, clock)}`,
          paragraphs: ['Sa propre ligne est en cause. Les autres sites mesurent pour lui, et la page le dit.'],
        }
    }
  },
  en: (news, clock, place) => {
    const site = place(news.site)
    switch (news.kind) {
      case 'twin':
        if (news.until !== null)
          return {
            headline: `Site ${site} is heard again`,
            paragraphs: [
              `It was not ${span(news.since, news.until, clock)} (${lasting(news.until - news.since, 'en')}).`,
              'The sites are catching up: what each wrote down meanwhile will be on both.',
              ...(news.by === undefined ? [] : [`Site ${place(news.by)} writes this.`]),
            ],
          }
        return {
          headline: `Site ${site} has not been heard ${since(news.since, clock)}`,
          paragraphs: [
            `Meanwhile ${news.by === undefined ? 'this site' : `site ${place(news.by)}`} measures and alerts alone: an outage needs more looks before it is announced.`,
            ...(news.by === undefined
              ? []
              : [
                  `Site ${place(news.by)} writes this. If it alone does, look at the other; if each writes the same of the other, only the link between them is cut.`,
                ]),
            `What to do: see whether vigie still runs on site ${site}, and whether the link between the sites works (vigie twin status).`,
          ],
        }
      case 'road':
        return {
          headline: `Site ${site} cannot reach ${news.services.map((one) => cleanNote(say(one, 'en'))).join(', ')} ${since(news.since, clock)}`,
          paragraphs: [
            'Other sites can: it is the road of this site, or a firewall that refuses it. The page stays green.',
            news.address === null
              ? 'What to do: see whether its address is blocked at the hoster.'
              : `What to do: let in its address, ${cleanNote(news.address)}.`,
          ],
        }
      case 'blind':
        return {
          headline: `Site ${site} has had no reliable measure ${since(news.since, clock)}`,
          paragraphs: ['Its own line is at fault. The other sites measure for it, and the page says so.'],
        }
    }
  },
}
