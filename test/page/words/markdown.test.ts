// What admins write, as HTML that can't do harm and as plain text.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { markdownHtml, markdownText } from '../../../src/page/words/markdown.ts'

it.each([
  ['Un disque **plein**.', '<p>Un disque <strong>plein</strong>.</p>', 'Un disque plein.'],
  ['Une ligne\nune autre', '<p>Une ligne<br />\nune autre</p>', 'Une ligne\nune autre'],
  ['- un\n- deux', '<ul>\n<li>un</li>\n<li>deux</li>\n</ul>', '- un\n- deux'],
  ['# Titre\n\nTexte', '<h4>Titre</h4>\n<p>Texte</p>', 'Titre\n\nTexte'],
  [
    '[ici](https://x.test/a?b&c)',
    '<p><a href="https://x.test/a?b&amp;c" rel="nofollow noopener">ici</a></p>',
    'ici (https://x.test/a?b&c)',
  ],
  [
    'Écrire à a@x.test',
    '<p>Écrire à <a href="mailto:a@x.test" rel="nofollow noopener">a@x.test</a></p>',
    'Écrire à a@x.test',
  ],
  ['<b>gras</b> & 1 < 2', '<p>&lt;b&gt;gras&lt;/b&gt; &amp; 1 &lt; 2</p>', '<b>gras</b> & 1 < 2'],
  ['![photo](https://x.test/p.png)', '<p>photo</p>', 'photo'],
  ['[x](javascript:alert(1))', '<p>[x](javascript:alert(1))</p>', '[x](javascript:alert(1))'],
  ['[x](//evil.test)', '<p>[x](//evil.test)</p>', '[x](//evil.test)'],
])('%j', (text, html, plain) => {
  expect(markdownHtml(text)).toBe(html)
  expect(markdownText(text)).toBe(plain)
})

it('Nothing but the allowed is ever left.', () => {
  const part = fc.constantFrom(
    '<script>',
    '</p>',
    '<img src=x onerror=alert(1)>',
    '[a](',
    'javascript:',
    'data:text/html,',
    ')',
    '"',
    "'",
    '`',
    '*',
    '\n',
    '> ',
    '&lt;',
    '&#x6A;',
    '<svg/onload=1>',
    '![',
    ']',
    '\\',
    '\0',
    'https://x.test/" onclick="1',
    '<!--',
    'style=',
  )
  const allowed =
    /^<\/?(p|br|strong|em|s|code|pre|blockquote|ul|ol|li|a|hr|h4|h5)( (href="(https?:|mailto:|xmpp:)[^"<>]*"|rel="nofollow noopener"|start="\d+"))* ?\/?>$/
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      const tags = markdownHtml(parts.join('')).match(/<[^>]*>/g) ?? []
      expect(tags.filter((tag) => !allowed.test(tag))).toEqual([])
    }),
    { numRuns: 2000 },
  )
})
