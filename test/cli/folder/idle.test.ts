// Commands that make something in a folder on which no vigie runs say which folder it is.
import { expect, test } from 'vitest'
import { folderWith } from '../folders.ts'
import { vigie } from '../host.ts'

test('The key of a site is said to be new once, with the folder it is for.', async () => {
  const data = folderWith()
  const first = await vigie(['twin', 'key', '--data', data])
  expect(first.err).toBe(`Made now, for the vigie that will run on ${data}. Another folder is --data DIR.\n`)
  expect(await vigie(['twin', 'key', '--data', data])).toMatchObject({ code: 0, out: first.out, err: '' })
})
