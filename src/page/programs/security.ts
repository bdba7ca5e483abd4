// `/.well-known/security.txt` (RFC 9116), where somebody is named to be told.
import type { Picture } from '../../core/shown/picture.ts'
import { DAY, type Instant, iso } from '../../core/time/time.ts'
import { baseOf } from './address.ts'

/** It must expire, in less than a year; a living vigie writes it anew each month. */
const MONTH = 30 * DAY
const VALID_MONTHS = 6

/**
 * None where nobody is named. It expires in five to six months (RFC 9116, 2.5.5), at one moment for thirty days, so
 * that it is written that rarely. `Canonical` needs a site with an address.
 */
export function* securityFiles(picture: Picture) {
  const { security, languages } = picture.hoster
  if (security === null) return
  const base = baseOf(picture)
  const expires: Instant = (Math.floor(picture.at / MONTH) + VALID_MONTHS) * MONTH
  const lines = [
    `Contact: ${security}`,
    `Expires: ${iso(expires)}`,
    `Preferred-Languages: ${languages.join(', ')}`,
    ...(base === '' ? [] : [`Canonical: ${base}/.well-known/security.txt`]),
  ]
  yield { path: '.well-known/security.txt', type: 'text/plain; charset=utf-8', body: `${lines.join('\n')}\n` }
}
