import { expect, it } from 'vitest'
import { createAcknowledging } from '../../src/board/acknowledging.ts'
import { createBoard } from '../../src/board/board.ts'
import type { Statement } from '../../src/core/ledger/statement.ts'
import { saidThen } from '../../src/core/said/said-then.ts'
import type { Memory } from '../../src/memory.ts'
import type { Ledger } from '../../src/store/ledger.ts'
import { NOON, statement } from '../core/sayings.ts'

const GAVE_WAY = { id: 'web-late', service: 'web', audience: 'members', became: 'web-early' }

it('an outage is taken on by a name it had, once, and whoever reads back finds that under each', () => {
  const said: Statement[] = [statement('outage.close', GAVE_WAY, 'home', 1)]
  let hear: (news: readonly Statement[]) => void = () => {}
  const board = createBoard({
    statements: () => said,
    say: () => undefined as never,
    onMended: () => () => {},
    onNews: (listener) => {
      hear = listener
      return () => {}
    },
  })
  const living = new Map<string, string>()
  const letters: string[] = []
  const ledger = {
    living: () => living,
    remember: (decision: Parameters<Ledger['remember']>[0]) => {
      for (const { letter } of decision.letters) letters.push(letter.key)
      for (const { type, payload } of decision.entries) {
        said.push(statement(type, payload, 'home', said.length + 1))
        hear(said.slice(-1))
      }
    },
  } as unknown as Ledger
  const memory = {
    services: new Map([['web', { outages: { members: { id: 'web-early', since: NOON }, admins: null } }]]),
    serviceById: new Map(),
    alerts: { alarms: {} },
    configuration: { alerts: [], site: { url: 'https://etat.example/' } },
  } as unknown as Memory
  const acknowledging = createAcknowledging({ memory, board, ledger, wrote: () => {}, now: () => NOON })
  const news = { kind: 'down', affected: [], children: [], suspected: null }
  const letter = { key: 'web-late:down', event: 'down', thread: 'web-late', at: NOON, news } as never
  const token = acknowledging.link(letter, 'a@example.org')!.split('/').at(-1)!
  expect(acknowledging.about(token)).toMatchObject([{ id: 'web-early', acknowledgement: null }])
  expect(acknowledging.take('web-late', 'alice')).toMatchObject({ by: 'alice' })
  expect(acknowledging.take('web-early', 'bob')).toMatchObject({ by: 'alice' })
  expect(acknowledging.accept(token)).toBe(true)
  expect(letters).toEqual(['web-early:ack'])
  expect(acknowledging.take('web-other', 'bob')).toBeNull()
  const { acknowledgements } = saidThen(said, 'web', NOON)
  for (const name of ['web-late', 'web-early']) expect(acknowledgements.get(name)?.by).toBe('alice')
})
