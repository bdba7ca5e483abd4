// What of a picture is news. All of it is, but for what is named here: what a picture gains is news by itself. Whatever
// creeps has to be named, or the folder is written each minute: cards wear.
import { createHash } from 'node:crypto'
import type { CheckPicture, IncidentPicture, Picture, ServicePicture } from '../../core/shown/picture.ts'
import type { Instant } from '../../core/time/time.ts'

/** As a digest, equal for two pictures that differ in nothing but moments of looks, creeping figures and doubts. */
export function pictureMeaning(picture: Picture): string {
  const { at, nextBy, changed, restSeen, services, incidents, maintenances, ...rest } = picture
  const text = JSON.stringify([rest, services.map(serviceMeaning)])
  return createHash('sha256').update(text).update(saidIn(picture)).digest('base64')
}

/** The same of what is about the whole and stands on every page; how all stands together is told by the services. */
export function aboutMeaning(picture: Picture): string {
  const { at, nextBy, changed, status, restSeen, lines, services, incidents, maintenances, ...about } = picture
  return JSON.stringify(about)
}

/** The same of a service, as a text. */
export function serviceMeaning({ uptime, days, suspect, checks, ...rest }: ServicePicture): string {
  return JSON.stringify([rest, checks.map(checkMeaning)])
}

function checkMeaning({ at, took, seen, sites, ...rest }: CheckPicture) {
  return [rest, sites.map(siteMeaning)]
}

/**
 * What of a picture is doubted for some seconds, as a text; empty: nothing. It stands on the pages that memory serves. The
 * folder is not written for it, only once more where it was written meanwhile: whoever reads the folder reads of a vigie
 * that is gone, and of a doubt that is long settled.
 */
export function pictureDoubts({ restSeen, services }: Picture): string {
  return `${restSeen ? '' : 'rest '}${services.map(serviceDoubts).join('')}`
}

/** The same of a service. */
export function serviceDoubts({ service, suspect, checks }: ServicePicture): string {
  const unseen = checks.filter(({ seen }) => !seen).map(({ id }) => `${id} `)
  return `${suspect ? `${service.id} ` : ''}${unseen.join('')}`
}

/** A failure more is no news before the state turns. */
function siteMeaning({ at, failures, suspectSince, ...rest }: CheckPicture['sites'][number]) {
  return rest
}

/** What people have said, as a text that is another when anything was said since, or work began or ended. */
export function saidIn({ incidents, maintenances, at }: Pick<Picture, 'incidents' | 'maintenances' | 'at'>): string {
  const last = (most: Instant, { changed }: { readonly changed: Instant }) => Math.max(most, changed)
  const changed = maintenances.reduce(last, incidents.reduce(last, 0))
  const said = incidents.reduce((sum, one) => sum + one.said, 0)
  const begun = maintenances.filter(({ begins }) => begins <= at).length
  const ended = maintenances.filter(({ ends }) => ends <= at).length
  return [incidents.length, said, maintenances.length, changed, begun, ended].join(' ')
}

/** What must stand everywhere at once, as a text: what people have said, and the status of each service. */
export function urgentIn(picture: Picture): string {
  return [saidIn(picture), ...picture.services.map(({ status }) => status)].join(' ')
}

/** What was said of each service, as a text that is another when anything was. */
export function saidOfServices({ incidents }: Picture): ReadonlyMap<string, string> {
  const known = saidOf.get(incidents)
  if (known !== undefined) return known
  const found = new Map<string, readonly [count: number, said: number, changed: Instant]>()
  for (const { services, said, changed } of incidents) {
    for (const id of services) {
      const [count, sum, last] = found.get(id) ?? [0, 0, 0]
      found.set(id, [count + 1, sum + said, Math.max(last, changed)])
    }
  }
  const said = new Map([...found].map(([id, figures]) => [id, figures.join(' ')]))
  saidOf.set(incidents, said)
  return said
}

/** The list of incidents is the same until something is said. */
const saidOf = new WeakMap<readonly IncidentPicture[], ReadonlyMap<string, string>>()
