// Every page through html-validate: what a strict reader of the HTML standard would say of it.
import { HtmlValidate, StaticConfigLoader } from 'html-validate'
import { describe, expect, test } from 'vitest'
import { renderFiles } from '../../../src/page/folder/files.ts'
import { sectionsOf } from '../../../src/page/folder/past-files.ts'
import { openViews } from '../../../src/page/pages/views.ts'
import { runSite } from '../../http/site.ts'
import { EXTREMES } from '../extremes.ts'
import { almanacOf } from '../past.ts'
import { MOMENTS } from '../pictures.ts'
import { SPOKEN } from '../said.ts'

const views = openViews('views')

const reader = new HtmlValidate(
  new StaticConfigLoader({
    extends: ['html-validate:recommended'],
    rules: {
      // A service is called what its hoster calls it.
      'long-title': 'off',
    },
  }),
)

async function faultsIn(html: string): Promise<readonly string[]> {
  const { results } = await reader.validateString(html)
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line, selector }) => `${line}: ${ruleId}: ${message} (${selector})`),
  )
}

describe.each(Object.entries({ ...MOMENTS, ...SPOKEN, ...EXTREMES }))('the pages when it is %s', (_name, picture) => {
  test('are HTML as the standard has it', async () => {
    const past = sectionsOf(picture, almanacOf(picture), views).flatMap((section) => [...section.files()])
    const pages = [...renderFiles(picture, almanacOf(picture), views), ...past].filter(({ path }) =>
      path.endsWith('.html'),
    )
    const kinds = new Map(pages.map((page) => [page.path.replace(/services\/[^/]+/, 'services/ID'), page]))
    for (const { path, body } of kinds.values()) expect(await faultsIn(body), path).toEqual([])
  })
})

test('the page that says that there is none is HTML, too', async () => {
  const site = await runSite()
  try {
    expect(await faultsIn(await (await fetch(`${site.url}/nothing/here`)).text())).toEqual([])
  } finally {
    await site.close()
  }
})

test('a fault is found', async () => {
  expect(
    await faultsIn(
      '<!DOCTYPE html><html lang="fr"><head><title>x</title></head><body><p><div></div></p></body></html>',
    ),
  ).not.toEqual([])
})
