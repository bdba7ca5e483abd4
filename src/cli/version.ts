// Which vigie this is.
import { readFileSync } from 'node:fs'

/** As package.json says; it lies two folders up from here, in src/ as in dist/. */
export function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return String((JSON.parse(text) as { readonly version?: unknown }).version)
}
