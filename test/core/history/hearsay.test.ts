// What another site says it wrote down of an outage: flags are there and true, or not there.
import { expect, it } from 'vitest'
import { isSound } from '../../../src/core/history/hearsay.ts'
import { outageOf } from '../../page/past.ts'
import { NOON } from '../../page/pictures.ts'

const tells = (flags: object) => {
  const sites = { ...outageOf('web', NOON, null), ...flags }
  return isSound({ at: NOON, subject: 'outage', id: 'web', since: NOON, state: 'down', rule: '6', sites })
}

it.each(['planned', 'outlasted'])('an outage is %s, or that is not told', (flag) => {
  expect([{}, { [flag]: true }].map(tells)).toEqual([true, true])
  expect([false, 'yes', 1, null].map((value) => tells({ [flag]: value }))).toEqual([false, false, false, false])
})
