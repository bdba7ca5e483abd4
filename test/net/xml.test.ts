import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outcomeOf } from '../../src/net/failure.ts'
import { createXmlReader, escapeXml, readXml } from '../../src/net/xml.ts'

const refusal = (text: string) => {
  try {
    readXml(text)
  } catch (error) {
    return outcomeOf(error)
  }
  return 'read'
}

describe('a document', () => {
  it('is read with its namespaces, whatever its prefixes', () => {
    const root = readXml(
      '<?xml version="1.0"?><d:a xmlns:d="DAV:" xmlns="urn:x" k="1">t&amp;<b d:l="2"><![CDATA[<>]]></b></d:a>',
    )
    expect(root).toMatchObject({ name: 'a', space: 'DAV:', attributes: { k: '1' } })
    expect(root.children).toEqual([{ name: 'b', space: 'urn:x', attributes: { 'd:l': '2' }, children: [], text: '<>' }])
  })

  it.each([
    ['nothing', '', 'the XML is not complete'],
    ['half of one', '<a><b/>', 'the XML is not complete'],
    ['HTML', '<!doctype html><p>Hi', 'the answer is not XML'],
    ['XHTML', '<!DOCTYPE html><p>Hi</p>', 'the XML has a DOCTYPE'],
    ['a bomb', '<!DOCTYPE a [<!ENTITY b "cccc"><!ENTITY d "&b;&b;&b;">]><a>&d;</a>', 'the XML has a DOCTYPE'],
    ['an entity nobody declared', '<a>&b;</a>', 'the answer is not XML'],
    ['an undeclared prefix', '<d:a/>', 'the answer is not XML'],
    ['JSON', '{"a": 1}', 'the answer is not XML'],
    ['a NUL', '<a>\0</a>', 'the answer is not XML'],
    ['two roots', '<a/><b/>', 'the answer is not XML'],
    ['a deep one', `${'<a>'.repeat(33)}${'</a>'.repeat(33)}`, 'the XML is more than 32 elements deep'],
    ['a long one', `<a>${'x'.repeat(512 * 1024)}</a>`, 'the XML is endless'],
    ['one of many', `<a>${'<b/>'.repeat(10_000)}</a>`, 'the XML is endless'],
  ])('refuses %s', (_, text, note) => {
    expect(refusal(text)).toEqual({ ok: false, reason: 'protocol', note })
  })

  it('makes an element or a refusal of anything', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<a>',
        '</a>',
        '<b x="',
        '"/>',
        '<![CDATA[',
        ']]>',
        '<!--',
        '-->',
        '<?',
        '?>',
        '&#0;',
        '&lt;',
        'xmlns=',
      ),
      fc.string({ maxLength: 8 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const said = refusal(pieces.join(''))
        expect(said === 'read' || said.reason === 'protocol').toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a stream', () => {
  it('hands over each child when it is complete, however it is cut', () => {
    const heard: string[] = []
    const reader = createXmlReader({
      root: ({ name, attributes }) => heard.push(`${name} ${attributes.id}`),
      child: ({ name, children }) => heard.push(`${name} ${children.length}`),
      end: () => heard.push('end'),
    })
    for (const character of '<s id="7"> <x><y/></x>\n<z/> </s>') reader.write(character)
    expect(heard).toEqual(['s 7', 'x 1', 'z 0', 'end'])
  })
})

describe('text', () => {
  it('comes back as it was put in, without what XML can not hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { attributes, children } = readXml(`<a b='${escapeXml(text)}'><c>${escapeXml(text)}</c></a>`)
        expect(children[0]?.text).toBe(attributes.b)
        for (const character of attributes.b ?? '') expect(text).toContain(character)
      }),
    )
    expect(escapeXml('a<b>&"\'\0\ud800c')).toBe('a&#60;b&#62;&#38;&#34;&#39;c')
  })
})
