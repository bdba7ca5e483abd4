// Looks of several requests: each has a name in the phases, and the certificates of all of them count.
import type { TlsFacts } from '../core/observation.ts'
import type { WebAnswer } from '../net/web.ts'
import type { Look } from './kind.ts'

/** The same look, whose requests count as one phase by that name; finding, connecting and TLS keep their own. */
export function stage(look: Look, phase: string, of?: string): Look {
  return { ...look, mark: () => look.mark(phase), begin: () => look.begin(phase, of) }
}

/** The certificate that ends first, as a part of an outcome. */
export function soonest(answers: readonly Pick<WebAnswer, 'tls'>[]): { readonly tls?: TlsFacts } {
  const shown = answers.flatMap(({ tls }) => (tls === null ? [] : [tls]))
  const first = shown.reduce<TlsFacts | null>(
    (least, one) => (least && least.expires <= one.expires ? least : one),
    null,
  )
  return first === null ? {} : { tls: first }
}
