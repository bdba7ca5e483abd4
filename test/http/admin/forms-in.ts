// The forms of a page, as a browser without a screen finds them.
import { plain } from './caller.ts'

export interface FormSeen {
  readonly action: string
  readonly hidden: Readonly<Record<string, string>>
  /** What stands in the fields one sees; of boxes, those that are ticked. */
  readonly fields: Readonly<Record<string, string | readonly string[]>>
  /** Something around it that opens is closed. */
  readonly closed: boolean
  /** With what opens around it. */
  readonly html: string
}

export function formsIn(html: string): readonly FormSeen[] {
  return [...html.matchAll(/<form [^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)].map((found) => {
    const [whole, action, inside] = found as unknown as [string, string, string]
    const around: string[] = []
    for (const [tag] of html.slice(0, found.index).matchAll(/<details[^>]*>|<\/details>/g)) {
      if (tag === '</details>') around.pop()
      else around.push(tag)
    }
    const hidden: Record<string, string> = {}
    const fields: Record<string, string | readonly string[]> = {}
    for (const [tag] of inside.matchAll(/<input [^>]*>/g)) {
      const name = attribute(tag, 'name')!
      const value = plain(attribute(tag, 'value') ?? '')
      if (attribute(tag, 'type') === 'hidden') hidden[name] = value
      else if (attribute(tag, 'type') === 'checkbox')
        fields[name] = [...(fields[name] ?? []), ...(/ checked\b/.test(tag) ? [value] : [])]
      else if (!/ hidden\b/.test(tag)) fields[name] = value
    }
    for (const [, name, value] of inside.matchAll(/<textarea [^>]*name="([^"]*)"[^>]*>\n?([^<]*)<\/textarea>/g))
      fields[name!] = plain(value!)
    for (const [, name, options] of inside.matchAll(/<select [^>]*name="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g))
      fields[name!] = plain(/<option value="([^"]*)" selected/.exec(options!)?.[1] ?? '')
    const closed = around.some((tag) => !/ open\b/.test(tag))
    return { action, hidden, fields, closed, html: around.join('') + whole }
  })
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1]
}
