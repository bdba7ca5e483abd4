// What a client accepts and what it already has (RFC 9110, 12.5.3 and 13.1.2).
import { ENCODINGS, type Encoding } from '../page/folder/compress.ts'

/** Browsers send a handful of different headers; whoever invents more is answered without being remembered. */
const REMEMBERED = 64

/** The encoding a client likes best, of all that there are; of equals the smallest. Identity when it accepts none. */
export const encodingFor = among(ENCODINGS)

/** The same of what there is of a packed file. */
export const packedEncodingFor = among(['gzip', 'identity'])

function among<Offered extends Encoding>(offered: readonly Offered[]) {
  const known = new Map<string, Offered | 'identity'>()
  return (acceptEncoding: string | undefined): Offered | 'identity' => {
    if (acceptEncoding === undefined) return 'identity'
    const remembered = known.get(acceptEncoding)
    if (remembered !== undefined) return remembered
    const chosen = choose(acceptEncoding, offered)
    if (known.size < REMEMBERED) known.set(acceptEncoding, chosen)
    return chosen
  }
}

function choose<Offered extends Encoding>(header: string, offered: readonly Offered[]): Offered | 'identity' {
  const weights = new Map(
    header
      .toLowerCase()
      .split(',')
      .map((item) => {
        const [coding, ...parameters] = item.split(';').map((part) => part.trim())
        const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
        return [coding === 'x-gzip' ? 'gzip' : coding!, weight === undefined ? 1 : Number(weight) || 0] as const
      }),
  )
  const other = weights.get('*')
  const weightOf = (encoding: Encoding) => weights.get(encoding) ?? other ?? (encoding === 'identity' ? LEAST : 0)
  const acceptable = offered.filter((encoding) => weightOf(encoding) > 0)
  return acceptable.reduce<Offered | 'identity'>(
    (best, encoding) => (weightOf(encoding) > weightOf(best) ? encoding : best),
    acceptable[0] ?? 'identity',
  )
}

/** Identity needs no mention to be acceptable, but whoever lists others prefers them. */
const LEAST = 0.0001

/** True when `If-None-Match` names this ETag, or any (weak comparison, as RFC 9110 13.1.2 wants). */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch === etag || ifNoneMatch.trim() === '*') return true
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}
