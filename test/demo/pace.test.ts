import { expect, it } from 'vitest'
import { readConfiguration } from '../../src/config/read.ts'
import { checksOf } from '../../src/core/check.ts'
import { SECOND } from '../../src/core/time/time.ts'
import { demonstrated, QUICK, type Seated } from '../../src/demo/pace.ts'
import { placeOf } from '../../src/demo/places.ts'
import { kinds } from '../../src/probes/index.ts'

const reading = readConfiguration({ dir: 'checks', environment: {}, data: '/nowhere', kinds })
const seated: Seated = { listen: { host: '127.0.0.1', port: 0 }, key: 'ed25519:x' }

it('has of each silent server a look that counts, with time to spare for a busy machine', () => {
  const quick = demonstrated(reading.configuration!, QUICK, { home: seated, twin: seated }, 'home', () => 'token')
  const looking = checksOf(quick).filter(({ heartbeat }) => heartbeat === null)
  const asked = looking.filter((check) => placeOf(check)?.port === 25)
  expect(asked.map(({ id }) => id)).toEqual(['mail.smtp'])
  for (const check of looking) {
    const { every, retry, timeout } = check.rule
    // So long it asks the ports beside 25 (look.ts).
    const whole = timeout + (asked.includes(check) ? 3 * SECOND : 0) + retry
    // A look is as old as its beginning, and is the last one until the next is done: two of them, of three intervals.
    expect(2 * whole, check.id).toBeLessThanOrEqual(2 * every)
  }
})
