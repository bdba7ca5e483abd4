// Whose fault a failed look is: ours when witnesses don't prove the part of our line that it used.
import type { Configuration } from '../../core/check.ts'
import { cleanNote, type Observation, type UnknownReason } from '../../core/observation.ts'
import { isClosed, type Line, needsOf, trustIn, unprovenLine } from '../../core/verdict/blindness.ts'
import { excuseFor } from '../../core/verdict/verdict.ts'
import { nameOf } from '../../core/verdict/witness.ts'
import { askWitness } from '../../net/witness.ts'
import { createWitnesses } from '../../witnesses.ts'
import type { World } from '../../world.ts'
import type { Host } from '../command.ts'

const OUR_FAULT: Readonly<Partial<Record<UnknownReason, string>>> = {
  offline: 'no witness proves our own line',
  resolver: 'our own resolver finds no witness',
  blocked: 'witnesses on this port are silent, too',
  clock: 'our own clock is off',
}

/**
 * The same looks, but unknown what failed over a part of our line that is not proven good: by the rules of a vigie that
 * runs. When something failed, all witnesses are asked once, which takes some seconds at most; without any, all counts.
 */
export async function excused(
  looks: readonly Observation[],
  { policy }: Configuration,
  { network, witnesses }: Pick<World, 'network' | 'witnesses'>,
  { wall, monotonic }: Pick<Host, 'wall' | 'monotonic'>,
): Promise<readonly Observation[]> {
  if (witnesses.length === 0 || looks.every(({ outcome }) => outcome.ok !== false)) return looks
  const memory: { line: Line } = { line: unprovenLine(needsOf(witnesses), wall()) }
  const round = createWitnesses({
    memory,
    now: wall,
    ticks: monotonic,
    after: () => () => {},
    ask: (witness, within) => askWitness(witness, { network, name: nameOf(witness), within, now: wall }),
    troubled: () => true,
    siteClock: () => null,
  })
  round.set(witnesses, [], policy)
  await round.ready()
  round.stop()
  return looks.map((look) => judgedOver(memory.line, look, policy))
}

function judgedOver(line: Line, look: Observation, policy: Configuration['policy']): Observation {
  const { outcome, via, at } = look
  if (outcome.ok !== false) return look
  const reason = excuseFor(look, {
    ...line,
    trust: trustIn(line, via, policy, at),
    closed: isClosed(line, via.port),
  })
  if (reason === null) return look
  return { ...look, outcome: { ok: null, reason, note: cleanNote(`${outcome.note}; ${OUR_FAULT[reason]}`) } }
}
