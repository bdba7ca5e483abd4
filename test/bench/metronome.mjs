// A process of its own: how late a bare timer fires on this machine right now, the noise floor of any timing figure.
import { quantile } from './proc.mjs'

const EVERY = 50

let late = []

process.on('message', ({ number, ask }) => {
  if (ask === 'begin') {
    late = []
    beat(performance.now() + EVERY)
  }
  process.send({ number, said: ask === 'end' ? { p99: quantile(late, 0.99), max: Math.max(...late) } : null })
})
process.on('disconnect', () => process.exit(0))

function beat(due) {
  setTimeout(() => {
    const now = performance.now()
    late.push(now - due)
    let next = due
    do next += EVERY
    while (next <= now)
    beat(next)
  }, due - performance.now())
}
