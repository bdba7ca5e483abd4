import { describe, expect, it } from 'vitest'
import { createEnding } from '../../src/net/ending.ts'

describe('the end of a look', () => {
  const over = new Error('over')

  it('is heard once by those who listen, and no more by those who stopped', () => {
    const { ending, end } = createEnding()
    const heard: string[] = []
    const stopped = () => heard.push('stopped')
    ending.addEventListener('abort', () => heard.push(String(ending.reason)))
    ending.addEventListener('abort', stopped)
    ending.removeEventListener('abort', stopped)
    expect(ending.aborted).toBe(false)
    expect(() => ending.throwIfAborted()).not.toThrow()
    end(over)
    end(new Error('again'))
    expect(heard).toEqual(['Error: over'])
    expect([ending.aborted, ending.reason]).toEqual([true, over])
    expect(() => ending.throwIfAborted()).toThrow(over)
  })

  it('is told to nobody who asks too late', () => {
    const { ending, end } = createEnding()
    end(over)
    ending.addEventListener('abort', () => expect.unreachable())
    end(over)
  })

  it('is a signal for whoever needs one, made before or after it', () => {
    for (const early of [true, false]) {
      const { signal, end } = createEnding()
      if (early) expect(signal().aborted).toBe(false)
      end(over)
      expect(signal()).toMatchObject({ aborted: true, reason: over })
      expect(signal()).toBe(signal())
    }
  })
})
