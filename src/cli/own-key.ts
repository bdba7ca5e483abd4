// Whether the key in the data folder is the one by which the other sites know this site.
import type { Mistake } from '../config/mistake.ts'
import { placeOf } from '../config/position.ts'
import type { Configuration } from '../core/check.ts'
import { keyThere } from '../twin/key.ts'
import type { Call } from './command.ts'

/**
 * What `sites` in site.yaml says otherwise; null: nothing, or no key was made yet. `foreign`: the folder is that of another
 * site, and what is said with its key under this name would be refused by all others.
 */
export function keyMistake(
  { checks, data, site: said }: Pick<Call['options'], 'checks' | 'data' | 'site'>,
  { sites, site }: Pick<Configuration, 'sites' | 'site'>,
): { readonly foreign: boolean; readonly mistake: Mistake } | null {
  const key = sites.length < 2 || site.key === null ? null : keyThere(data)
  if (key === null || key === site.key) return null
  const place = placeOf(checks, ['sites', site.id, 'key'])
  const owner = sites.find((other) => other.key === key)
  if (owner !== undefined) {
    const message = `this is to be site ${site.id}, but ${data} has the key of site ${owner.id}`
    const hint =
      said === undefined
        ? `start it with --site ${owner.id}, or VIGIE_SITE`
        : `are the keys of ${site.id} and ${owner.id} exchanged here, or is that folder a copy of the other one’s?`
    return { foreign: true, mistake: { ...place, message, hint } }
  }
  const message = `${data} has another key: if this machine is site ${site.id}, the other sites refuse what it says`
  return { foreign: false, mistake: { ...place, message, hint: `there it is ${key}` } }
}
