import { expect, it } from 'vitest'
import { formatMistake } from '../../src/config/mistake.ts'
import { folderOf, readFrom } from './folders.ts'

const FILES = {
  'checks/site.yaml': 'name: Essai\nlanguages: [fr, en]\nsites: { home: {} }\n',
  'checks/web.yaml': 'service: Web\nchecks:\n  - http: https://web.example/\n',
}

it('reads templates beside the services, in their order', () => {
  const { configuration, mistakes } = readFrom(
    folderOf({
      ...FILES,
      'checks/templates/b.yaml':
        'title: B\ntext: |\n  Un.\n\n  Deux {since}.\nimpact: major\nstatus: identified\nservices: web\n',
      'checks/templates/a.yaml': 'title: { fr: A }\ntext: { fr: x, en: y }\n',
    }),
  )
  expect(mistakes).toEqual([])
  expect(configuration?.templates).toEqual([
    { id: 'a', title: { fr: 'A' }, text: { fr: 'x', en: 'y' }, status: null, impact: null, services: [] },
    {
      id: 'b',
      title: { fr: 'B', en: 'B' },
      text: { fr: 'Un.\n\nDeux {since}.', en: 'Un.\n\nDeux {since}.' },
      status: 'identified',
      impact: 'major',
      services: ['web'],
    },
  ])
})

it('goes on without a service that is gone', () => {
  const root = folderOf({
    ...FILES,
    'checks/templates/a.yaml': 'title: a\ntext: b\nservices: [mail, web]\n',
  })
  const { configuration, mistakes, warnings } = readFrom(root)
  expect(mistakes).toEqual([])
  expect(configuration?.templates).toMatchObject([{ id: 'a', services: ['web'] }])
  expect(warnings.map((one) => formatMistake(one).replace(`${root}/checks/templates/`, ''))).toContain(
    'a.yaml:3:12: there is no service "mail": the template goes on without it',
  )
})

it('names every mistake by its place', () => {
  const root = folderOf({
    ...FILES,
    'checks/templates/a.yaml': 'title: "{service} : lent"\ntext: x\nimpact: huge\nservices: [wbe]\ntxt: y\n',
    'checks/templates/b.yaml': 'title: |\n  a\n  b\n',
    'checks/templates/Ça.yaml': 'title: a\ntext: b\n',
    'checks/templates/c.yaml': '',
  })
  const { configuration, mistakes } = readFrom(root)
  expect(configuration).toBeNull()
  expect(mistakes.map((one) => formatMistake(one).replace(`${root}/checks/templates/`, ''))).toEqual([
    'a.yaml:1:8: title: unknown blank "{service}" (did you mean {services}?)',
    'a.yaml:3:9: impact must be none, minor, major or critical, not "huge"',
    'a.yaml:4:12: there is no service "wbe" (did you mean "web"?)',
    'a.yaml:5:1: unknown key "txt" (did you mean "text"?)',
    'b.yaml:1:1: a template needs `text`',
    'b.yaml:1:8: title must be one line of at most 200 characters',
    'c.yaml:1:1: the file is empty: it needs `title` and `text`',
    'Ça.yaml:1:1: a file’s name is an id for ever: lowercase letters, digits and hyphens (such as mail.yaml)',
  ])
})
