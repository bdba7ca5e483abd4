// XML from strangers: strict, namespaces resolved, bounded; no DOCTYPE and therefore no entities of theirs.
import { createRequire } from 'node:module'
import type * as Saxes from 'saxes'
import { failed } from './failure.ts'

/** The parser is loaded with the first document: most sites look at none. */
const load = createRequire(import.meta.url)

/** An element that was read to its end. Comments and processing instructions are left out. */
export interface XmlElement {
  /** Its name without prefix. */
  readonly name: string
  /** The URI of its namespace; empty: none. */
  readonly space: string
  /** By name as written, prefix included; declarations of namespaces are left out. */
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  /** The text directly in it, put together; of the root none is kept. */
  readonly text: string
}

/** Hears what is read as soon as it is complete. */
export interface XmlListener {
  /** The root began; nothing in it was read yet. */
  root?(element: XmlElement): void
  /** A child of the root was read to its end. */
  child?(element: XmlElement): void
  /** The root ended. */
  end?(): void
}

export interface XmlReader {
  /** Reads on. Throws `protocol` for what is no XML, or more than was allowed; the reader is of no use afterwards. */
  write(text: string): void
}

export interface XmlLimits {
  /** Characters altogether. */
  readonly length: number
  /** Elements within elements, the root included. */
  readonly depth: number
  /** Elements altogether: many small ones cost far more than their length. */
  readonly elements: number
}

export const XML_LIMITS: XmlLimits = { length: 512 * 1024, depth: 32, elements: 10_000 }

type Growing = XmlElement & { text: string; readonly children: XmlElement[] }

/** Reads a stream (RFC 6120) or a document: the root's children are handed over and forgotten one by one. */
export function createXmlReader(hear: XmlListener, limits: XmlLimits = XML_LIMITS): XmlReader {
  const { SaxesParser } = load('saxes') as typeof Saxes
  const parser = new SaxesParser({ xmlns: true })
  const open: Growing[] = []
  let length = 0
  let elements = 0

  parser.on('error', () => {
    throw unreadable('the answer is not XML')
  })
  parser.on('doctype', () => {
    throw unreadable('the XML has a DOCTYPE')
  })
  parser.on('opentag', (tag) => {
    if (++elements > limits.elements) throw unreadable('the XML is endless')
    if (open.length >= limits.depth) throw unreadable(`the XML is more than ${limits.depth} elements deep`)
    open.push({ name: tag.local, space: tag.uri, attributes: attributesOf(tag), children: [], text: '' })
    if (open.length === 1) hear.root?.(open[0]!)
  })
  parser.on('text', take)
  parser.on('cdata', take)
  parser.on('closetag', () => {
    const element = open.pop()!
    if (open.length === 0) hear.end?.()
    else if (open.length === 1) hear.child?.(element)
    else open.at(-1)!.children.push(element)
  })

  return {
    write(text) {
      length += text.length
      if (length > limits.length) throw unreadable('the XML is endless')
      parser.write(text)
    },
  }

  function take(text: string) {
    // What stands between the root's children is kept by nobody: a stream has no end.
    if (open.length > 1) open.at(-1)!.text += text
  }
}

/** Reads a whole document. Throws `protocol` for what is none, or not complete. */
export function readXml(text: string, limits: XmlLimits = XML_LIMITS): XmlElement {
  const children: XmlElement[] = []
  let root: XmlElement | null = null
  let ended = false
  const reader = createXmlReader(
    {
      root: (element) => {
        root = { ...element, children }
      },
      child: (element) => children.push(element),
      end: () => {
        ended = true
      },
    },
    limits,
  )
  reader.write(text)
  if (root === null || !ended) throw unreadable('the XML is not complete')
  return root
}

/** Text as it may stand in XML, between quotes too; what XML can't hold at all is left out (XML 1.0, 2.2). */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"'\t\n\r]/g, (character) => `&#${character.codePointAt(0)};`)
}

function attributesOf(tag: Saxes.SaxesTagNS): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.values(tag.attributes)
      .filter(({ prefix, name }) => prefix !== 'xmlns' && name !== 'xmlns')
      .map(({ name, value }) => [name, value]),
  )
}

function unreadable(note: string): Error {
  return failed({ ok: false, reason: 'protocol', note })
}
