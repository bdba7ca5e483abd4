// Debian's Chromium, as members look at the page with it: wide or narrow, light or dark, with and without JavaScript.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/** Where Debian has it. */
export const CHROMIUM = '/usr/bin/chromium'

export const WIDTHS = [320, 360, 1280] as const
export const MANNERS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  'forced colours': { forcedColors: 'active' },
  'reduced motion': { reducedMotion: 'reduce' },
  'no JavaScript': { javaScriptEnabled: false },
} as const satisfies Record<string, BrowserContextOptions>
export type Manner = keyof typeof MANNERS

export interface Reader {
  visit(url: string, how: { readonly width: number; readonly manner: Manner }): Promise<Visit>
  stop(): Promise<void>
}

export interface Visit {
  readonly page: Page
  /** Every address that was asked for, data: left out, with its HTTP status. */
  readonly asked: ReadonlyMap<string, number>
  /** What Chromium wrote to its console: breaches of the content security policy, missing files. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

/** Starts it with a profile of its own, which goes with it; it calls nobody by itself. */
export async function openReader(): Promise<Reader> {
  const home = mkdtempSync(join(tmpdir(), 'vigie-browser-'))
  const browser: Browser = await chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    chromiumSandbox: false, // root has none
    env: { PATH: '/usr/bin:/bin', HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, TMPDIR: home },
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    timeout: 120_000,
  })
  return { visit, stop }

  async function visit(
    url: string,
    { width, manner }: { readonly width: number; readonly manner: Manner },
  ): Promise<Visit> {
    const context = await browser.newContext({ viewport: { width, height: 740 }, ...MANNERS[manner] })
    context.setDefaultTimeout(60_000)
    const page = await context.newPage()
    const asked = new Map<string, number>()
    const complaints: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith('data:')) asked.set(request.url(), 0)
    })
    page.on('response', (response) => {
      if (asked.has(response.url())) asked.set(response.url(), response.status())
    })
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(url, { waitUntil: 'load', timeout: 60_000 })
    return { page, asked, complaints, close: () => context.close() }
  }

  async function stop() {
    await browser.close()
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** How many CSS pixels the page is wider than its window. Asked of Chromium, not of a script: works without JavaScript. */
export async function overflow(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  const { cssContentSize, cssLayoutViewport } = await session.send('Page.getLayoutMetrics')
  await session.detach()
  return cssContentSize.width - cssLayoutViewport.clientWidth
}

/** The text that is there to see, without style sheets and what is hidden. */
export function seen(page: Page): Promise<string> {
  return page.locator('body').innerText()
}

interface Focused {
  readonly html: string
  readonly inside: boolean
  readonly ringed: boolean
}

/** Asks a page what has the focus, whether that is in sight, and whether it shows. */
const FOCUSED = `(() => {
  const one = document.activeElement
  const { left, right, top, bottom } = one.getBoundingClientRect()
  const { outlineStyle, outlineWidth } = getComputedStyle(one)
  // Scrolling stops at whole pixels.
  const inside = left >= 0 && right <= innerWidth && top > -1 && bottom < innerHeight + 1
  return { html: one.outerHTML, inside, ringed: outlineStyle !== 'none' && outlineWidth !== '0px' }
})()`

/** What Tab comes to, as many times as there are places to go, and those places in the order of the page. */
export async function tabbed(page: Page): Promise<{ places: readonly string[]; reached: readonly Focused[] }> {
  const places = await page
    .locator('a[href]:not(details:not([open]) a), summary')
    .evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => one.outerHTML))
  const reached: Focused[] = []
  for (let n = 0; n < places.length; n += 1) {
    await page.keyboard.press('Tab')
    reached.push(await page.evaluate<Focused>(FOCUSED))
  }
  return { places, reached }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice', 'RGAAv4']

/** What axe finds wrong: `rule: where`. Needs JavaScript in the page's context. */
export async function faults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  const found = await page.evaluate<readonly Fault[]>(
    `axe.run(document, { runOnly: ${JSON.stringify(RULES)} }).then(({ violations }) =>
      violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => node.target.join(' ') + ' ' + node.failureSummary) })))`,
  )
  return found.map(({ id, where }) => `${id}: ${where.join('; ')}`)
}

interface Fault {
  readonly id: string
  readonly where: readonly string[]
}
