// What admins write: Markdown without HTML of its own (CommonMark 0.31). Rendered, then cleaned once more against a list of
// what may be left: a fault in the one is caught by the other. Loaded when the first text is there: most of the time none is.
import { createRequire } from 'node:module'
import type createMarkdown from 'markdown-it'
import type sanitizeHtml from 'sanitize-html'

const require = createRequire(import.meta.url)

const ALLOWED: sanitizeHtml.IOptions = {
  allowedTags: ['p', 'br', 'strong', 'em', 's', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a', 'hr', 'h4', 'h5'],
  allowedAttributes: { a: ['href', 'rel'], ol: ['start'] },
  allowedSchemes: ['https', 'http', 'mailto', 'xmpp'],
  allowProtocolRelative: false,
  disallowedTagsMode: 'escape',
}

/** Whole addresses alone: a text is read on the page, in a feed and in a mail program. */
const LINK = /^(https?:\/\/|mailto:|xmpp:)/i

interface Tools {
  readonly markdown: ReturnType<typeof createMarkdown>
  readonly clean: typeof sanitizeHtml
}

let tools: Tools | null = null

/** As HTML that is safe wherever it stands; headings begin at h4, pictures become their texts. */
export function markdownHtml(text: string): string {
  const known = rendered.get(text)
  if (known !== undefined) return known
  const { markdown, clean } = open()
  const html = clean(markdown.render(text), ALLOWED).trim()
  if (rendered.size >= MOST_RENDERED) rendered.clear()
  rendered.set(text, html)
  return html
}

/** By text: pages, feeds and programs are told the same ones over and over. */
const rendered = new Map<string, string>()
const MOST_RENDERED = 500

/** As plain text, for formats that know no other: what is marked loses its marks, links say where they lead. */
export function markdownText(text: string): string {
  const { clean } = open()
  const told = markdownHtml(text).replace(/<a href="([^"]*)"[^>]*>(.*?)<\/a>/g, (_, href: string, label: string) =>
    href.replace(/^mailto:/, '') === label ? label : `${label} (${href})`,
  )
  const lines = told
    .replace(/<li>(?:\s*<p>)?/g, '- ')
    .replace(/\n*<\/(p|li|ul|ol|blockquote|pre|h4|h5)>\n*/g, (_, tag: string) => (tag === 'li' ? '\n' : '\n\n'))
    .replace(/<br\s*\/?>\n?/g, '\n')
  return decode(clean(lines, { allowedTags: [], allowedAttributes: {} }))
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function open(): Tools {
  if (tools !== null) return tools
  const create = require('markdown-it') as typeof createMarkdown
  const markdown = create({ html: false, linkify: true, breaks: true, maxNesting: 20 })
  markdown.disable(['table'])
  markdown.validateLink = (href) => LINK.test(href)
  markdown.renderer.rules.heading_open = (tokens, at) => (tokens[at]!.tag === 'h1' ? '<h4>' : '<h5>')
  markdown.renderer.rules.heading_close = (tokens, at) => (tokens[at]!.tag === 'h1' ? '</h4>\n' : '</h5>\n')
  markdown.renderer.rules.image = (tokens, at) => markdown.utils.escapeHtml(tokens[at]!.content)
  markdown.renderer.rules.link_open = (tokens, at, options, _, self) => {
    tokens[at]!.attrSet('rel', 'nofollow noopener')
    return self.renderToken(tokens, at, options)
  }
  tools = { markdown, clean: require('sanitize-html') as typeof sanitizeHtml }
  return tools
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

function decode(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name]!)
}
