// Tar as every system reads it (POSIX.1-1988 ustar), for a handful of files with short names: that is all a backup is.

export interface TarFile {
  readonly name: string
  /** In bytes. */
  readonly size: number
}

const BLOCK = 512
const NAME = { at: 0, length: 100 } as const
const SIZE = { at: 124, length: 12 } as const
const SUM = { at: 148, length: 8 } as const
const KIND = 156
/** Two empty blocks end an archive. */
export const TAR_END = Buffer.alloc(2 * BLOCK)

/** The block before a file's bytes. `mtime` in seconds. Throws a RangeError for what a ustar header can't say. */
export function tarHeader({ name, size }: TarFile, mtime: number): Buffer {
  if (!/^[a-z0-9./-]{1,99}$/.test(name) || !Number.isSafeInteger(size) || size < 0 || size >= 8 ** 11)
    throw new RangeError(`no name or size for a tar: ${name}, ${size}`)
  const block = Buffer.alloc(BLOCK)
  block.write(name, NAME.at, 'latin1')
  block.write('0000600\0', 100, 'latin1')
  block.write('0000000\0', 108, 'latin1')
  block.write('0000000\0', 116, 'latin1')
  block.write(octal(size, 11), SIZE.at, 'latin1')
  block.write(octal(mtime, 11), 136, 'latin1')
  block.write('0', KIND, 'latin1')
  block.write('ustar\x0000', 257, 'latin1')
  block.write(`${sumOf(block).toString(8).padStart(6, '0')}\0 `, SUM.at, 'latin1')
  return block
}

/** What fills a file's last block. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)
}

/**
 * Takes an archive apart as it arrives. `open` is told of each file and returns what takes its bytes. Throws for
 * anything but plain files, a header that doesn't add up, or an end before the end.
 */
export function createTarReader(open: (file: TarFile) => (bytes: Buffer) => void): {
  write(bytes: Buffer): void
  end(): void
} {
  let held: Buffer = Buffer.alloc(0)
  let file: { readonly take: (bytes: Buffer) => void; left: number; padding: number } | null = null
  let over = false
  return { write, end }

  function write(bytes: Buffer): void {
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes])
    for (;;) {
      if (over) {
        held = Buffer.alloc(0)
        return
      }
      if (file !== null && file.left > 0) {
        const part = held.subarray(0, Math.min(held.length, file.left))
        if (part.length === 0) return
        file.take(part)
        file.left -= part.length
        held = held.subarray(part.length)
        continue
      }
      const needed = (file?.padding ?? 0) + BLOCK
      if (held.length < needed) return
      const block = held.subarray(needed - BLOCK, needed)
      held = held.subarray(needed)
      file = null
      if (block.every((byte) => byte === 0)) over = true
      else begin(block)
    }
  }

  function begin(block: Buffer): void {
    const size = Number.parseInt(block.toString('latin1', SIZE.at, SIZE.at + SIZE.length), 8)
    const sum = Number.parseInt(block.toString('latin1', SUM.at, SUM.at + SUM.length), 8)
    if (sum !== sumOf(block) || !Number.isSafeInteger(size) || size < 0) throw new Error('a header in it is damaged')
    const kind = block.toString('latin1', KIND, KIND + 1)
    if (kind !== '0' && kind !== '\0') throw new Error('it holds something that is no plain file')
    const name = block.toString('latin1', NAME.at, NAME.at + NAME.length).replace(/\0.*$/s, '')
    file = { take: open({ name, size }), left: size, padding: tarPadding(size).length }
  }

  function end(): void {
    if (!over) throw new Error('it ends too early')
  }
}

/** The sum of all bytes, the sum's own place counting as spaces. */
function sumOf(block: Buffer): number {
  let sum = 0
  for (let at = 0; at < BLOCK; at++) sum += at >= SUM.at && at < SUM.at + SUM.length ? 32 : block[at]!
  return sum
}

function octal(value: number, digits: number): string {
  return `${Math.floor(value).toString(8).padStart(digits, '0')}\0`
}
