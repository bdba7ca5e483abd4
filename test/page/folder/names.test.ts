// The hoster by its name in each language, wherever a file says it.
import { expect, test } from 'vitest'
import { renderFiles } from '../../../src/page/folder/files.ts'
import { sectionsOf } from '../../../src/page/folder/past-files.ts'
import { openViews } from '../../../src/page/pages/views.ts'
import { pageId } from '../../../src/page/programs/identity.ts'
import { almanacOf } from '../past.ts'
import { SPOKEN } from '../said.ts'

const views = openViews('views')

test.each(Object.entries(SPOKEN))('a name a language is said in each when it is %s', (_, spoken) => {
  const about = null
  const picture = { ...spoken, hoster: { ...spoken.hoster, about, name: { fr: 'Les Mages', en: 'The Wizards' } } }
  const past = sectionsOf(picture, almanacOf(picture), views).flatMap((section) => [...section.files()])
  for (const { path, body } of [...renderFiles(picture, almanacOf(picture), views), ...past]) {
    expect(body, path).not.toContain('[object Object]')
    if (path.startsWith('fr/') || path === 'index.html') expect(body, path).not.toContain('The Wizards')
    if (path.startsWith('en/')) expect(body, path).not.toContain('Les Mages')
    if (path.endsWith('.html')) expect(body, path).toMatch(/<title>[^<]*(Les Mages|The Wizards)<\/title>/)
    if (path === 'api/v2/status.json') expect(JSON.parse(body).page.name).toBe('Les Mages')
    if (path.startsWith('history.')) expect(body, path).toContain('The Wizards Status - Incident History')
  }
  expect(pageId(picture.hoster)).toBe(pageId({ ...picture.hoster, name: { fr: 'Les Mages' } }))
})
