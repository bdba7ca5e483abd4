import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Lock, lockFolder } from '../../src/store/lock.ts'
import { compile, start } from './child.ts'

let out: string
let dir: string
const folders: string[] = []

beforeAll(() => {
  out = compile('store/lock.ts')
  folders.push(out)
})
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigie-lock-'))
  folders.push(dir)
})
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function owner() {
  return start(`import { lockFolder } from ${JSON.stringify(join(out, 'store/lock.js'))}
    console.log(JSON.stringify('release' in lockFolder(${JSON.stringify(dir)})))
    setInterval(() => {}, 1000)`)
}

function taken(result: ReturnType<typeof lockFolder>): Lock {
  if (!('release' in result)) throw new Error(`held by ${result.heldBy}`)
  return result
}

describe('a data folder', () => {
  it('has one owner: a second process is told the pid of the first', async () => {
    const first = owner()
    await first.printed('true')
    expect(lockFolder(dir)).toEqual({ heldBy: first.pid })
    await first.kill()
  })

  it('is free the moment its owner is killed, whatever pid is written in it', async () => {
    const first = owner()
    await first.printed('true')
    await first.kill()
    expect(readFileSync(join(dir, 'pid'), 'utf8')).toBe(`${first.pid}\n`)
    writeFileSync(join(dir, 'pid'), '1\n')
    taken(lockFolder(dir)).release()
  })

  it('is refused to a second owner in the same process, and given after a release', () => {
    const first = taken(lockFolder(dir))
    expect(lockFolder(dir)).toEqual({ heldBy: process.pid })
    first.release()
    taken(lockFolder(dir)).release()
  })

  it('is still held after others tried and gave up', async () => {
    const first = owner()
    await first.printed('true')
    for (let time = 0; time < 3; time += 1) expect('heldBy' in lockFolder(dir)).toBe(true)
    const second = owner()
    await second.printed('false')
    await second.kill()
    await first.kill()
  })

  it('is made when it is not there, and locked although the lock file is noise', () => {
    const deep = join(dir, 'a', 'b')
    taken(lockFolder(deep)).release()
    writeFileSync(join(deep, 'lock'), Buffer.alloc(5000, 0xa5))
    const lock = taken(lockFolder(deep))
    expect('heldBy' in lockFolder(deep)).toBe(true)
    lock.release()
  })

  it('held by a process that left no pid says so', () => {
    const lock = taken(lockFolder(dir))
    rmSync(join(dir, 'pid'))
    expect(lockFolder(dir)).toEqual({ heldBy: null })
    lock.release()
  })
})
