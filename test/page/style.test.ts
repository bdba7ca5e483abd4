// Old phones: Safari 10, Chromium 51, Firefox 52. What they don't know must not carry the page.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { openViews } from '../../src/page/views.ts'

const css = readFileSync('views/style.css', 'utf8').replace(/\/\*.*?\*\//gs, '')
const { script } = openViews('views')

describe('the style sheet', () => {
  test.each([
    ['grid', /display:\s*(inline-)?grid|grid-template/],
    ['gap', /(^|[^-])gap:|(row|column)-gap:/],
    ['custom properties', /var\(|--[a-z]/],
    ['newer selectors', /:(is|where|has|focus-visible|focus-within|not\([^)]*,)/],
    ['newer functions', /\b(min|max|clamp|color-mix|oklch|oklab|lab|lch|hwb|light-dark|calc-size)\(/],
    ['colours with spaces or four or eight digits', /rgba?\(\d+ |#[0-9a-f]{4}\b|#[0-9a-f]{8}\b/i],
    ['newer boxes', /(^|[\s;{])(inset|aspect-ratio|place-(items|content|self))\s*:/],
    ['logical sides', /(margin|padding|border)-(inline|block)/],
    ['nesting and layers', /@(layer|container|supports|scope|property|import|font-face)|&/],
    ['the size of the screen as it is now', /\d(d|s|l)v[hw]\b/],
  ])('holds the floor: no %s', (_name, newer) => {
    expect(css).not.toMatch(newer)
  })

  test('asks nobody for anything', () => {
    expect(css).not.toMatch(/url\((?!#)/)
  })

  test('gives every status a colour in light and in dark', () => {
    const dark = /@media \(prefers-color-scheme: dark\) \{(.*?)\n\}/s.exec(css)![1]!
    for (const status of [
      'operational',
      'degraded_performance',
      'partial_outage',
      'major_outage',
      'under_maintenance',
      'unknown',
    ]) {
      expect(css.replace(dark, '')).toContain(`.is-${status} { color:`)
      expect(dark).toContain(`.is-${status} { color:`)
    }
  })
})

describe('the script', () => {
  test('weighs a kilobyte at most', () => {
    expect(Buffer.byteLength(script)).toBeLessThanOrEqual(1_000)
    expect(gzipSync(script).length).toBeLessThan(700)
  })

  test('is in ES5', () => {
    expect(script).not.toMatch(/=>|`|\b(const|let|class|async|await|import|Promise|fetch)\b/)
    expect(() => new Function(script)).not.toThrow()
  })
})
