// The folder `views/`: templates that loop and print, and the one style sheet, which every page carries inside itself.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Eta } from 'eta'

export interface Views {
  /** The page a template makes of its model; every value is escaped. Throws only for a broken template. */
  render(template: string, model: object): string
  /** What a page may load and do, for its `<meta>` (contract 4, Serving). */
  readonly policy: string
  /** The same as a header, which may also forbid framing (CSP Level 3, 6.4.2: not in a `<meta>`). */
  readonly headerPolicy: string
  /** `/vigie.js` as it is served: without comments, without indentation. */
  readonly script: string
  /** What admin pages look like: `style.css` and what `admin/admin.css` adds. */
  readonly adminStyle: string
}

/** Reads the templates, `style.css` and `vigie.js` of a folder, once. Throws when one is missing or doesn't compile. */
export function openViews(folder: string): Views {
  const style = packedStyle(readFileSync(join(folder, 'style.css'), 'utf8'))
  const adminStyle = `${style}\n${packedStyle(readFileSync(join(folder, 'admin/admin.css'), 'utf8'))}`
  const script = packed(readFileSync(join(folder, 'vigie.js'), 'utf8'))
  const hash = createHash('sha256').update(style).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'`
  const eta = new Eta({ views: resolve(folder), autoEscape: true, cache: true, autoTrim: [false, 'nl'] })
  return {
    script,
    adminStyle,
    policy,
    headerPolicy: `${policy}; frame-ancestors 'none'`,
    render: (template, model) => eta.render(template, { ...model, style, policy }),
  }
}

/** Line ends stay: the script leaves its semicolons to them. */
function packed(script: string): string {
  return withoutComments(script).replace(/ ?([=<>+\-*/?:|&!,(){}]+) ?/g, '$1')
}

/** A rule a line, without the spaces that are for whoever writes it: all seventy pages carry it. */
function packedStyle(css: string): string {
  return withoutComments(css)
    .replace(/\s*([{};,])\s*/g, '$1')
    .replace(/: /g, ':')
    .replace(/;?}/g, '}\n')
    .trim()
}

function withoutComments(source: string): string {
  return source
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\s*\n\s*/g, '\n')
    .trim()
}
