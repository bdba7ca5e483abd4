// A QR code (ISO/IEC 18004) of a short text, as a path to draw: byte mode, error correction L, one mask for all.
//
// A reader copes with any of the eight masks; the standard's choice among them is for print on poor paper.

/** By version from 1: check codewords of a block, then the data codewords of each block. */
const BLOCKS: readonly (readonly [check: number, data: readonly number[]])[] = [
  [7, [19]],
  [10, [34]],
  [15, [55]],
  [20, [80]],
  [26, [108]],
  [18, [68, 68]],
  [20, [78, 78]],
  [24, [97, 97]],
  [30, [116, 116]],
  [18, [68, 68, 69, 69]],
  [20, [81, 81, 81, 81]],
  [24, [92, 92, 93, 93]],
]

export interface QrCode {
  /** Modules along a side, without the four of quiet around it. */
  readonly size: number
  /** SVG path data: a unit square for each dark module. */
  readonly path: string
}

/** Null: too long, more than some 360 bytes. */
export function qrCode(text: string): QrCode | null {
  const bytes = new TextEncoder().encode(text)
  const at = BLOCKS.findIndex(([, data], index) => bytes.length + (index < 9 ? 2 : 3) <= sum(data))
  if (at === -1) return null
  const version = at + 1
  const grid = createGrid(version)
  grid.fill(codewords(bytes, version))
  return { size: grid.size, path: grid.path() }
}

/** Data and check codewords, interleaved as they are laid out (7.6). */
function codewords(bytes: Uint8Array, version: number): readonly number[] {
  const [check, lengths] = BLOCKS[version - 1]!
  const bits: number[] = []
  const put = (value: number, length: number) => {
    for (let bit = length - 1; bit >= 0; bit--) bits.push((value >> bit) & 1)
  }
  put(0b0100, 4)
  put(bytes.length, version < 10 ? 8 : 16)
  for (const byte of bytes) put(byte, 8)
  const capacity = sum(lengths) * 8
  put(0, Math.min(4, capacity - bits.length))
  while (bits.length % 8 !== 0) bits.push(0)
  for (let pad = 0; bits.length < capacity; pad++) put(pad % 2 === 0 ? 0xec : 0x11, 8)
  const data = Array.from({ length: capacity / 8 }, (_, byte) =>
    bits.slice(byte * 8, byte * 8 + 8).reduce((value, bit) => value * 2 + bit, 0),
  )
  let begin = 0
  const blocks = lengths.map((length) => {
    begin += length
    return data.slice(begin - length, begin)
  })
  const checks = blocks.map((block) => remainder(block, check))
  const columns = (rows: readonly (readonly number[])[], length: number) =>
    Array.from({ length }, (_, column) => rows.flatMap((row) => row[column] ?? [])).flat()
  return [...columns(blocks, Math.max(...lengths)), ...columns(checks, check)]
}

/** Powers of 2 in GF(256) with x^8 + x^4 + x^3 + x^2 + 1, and their logarithms. */
const POWERS: number[] = []
const LOGARITHMS: number[] = []
for (let exponent = 0, value = 1; exponent < 255; exponent++) {
  POWERS[exponent] = value
  LOGARITHMS[value] = exponent
  value = value < 128 ? value * 2 : (value * 2) ^ 0x11d
}

function times(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : POWERS[(LOGARITHMS[a]! + LOGARITHMS[b]!) % 255]!
}

/** Reed-Solomon check codewords: what is left of the block divided by the product of (x - 2^i). */
function remainder(block: readonly number[], length: number): readonly number[] {
  let generator = [1]
  for (let root = 0; root < length; root++) {
    const next = [...generator, 0]
    for (const [at, factor] of generator.entries()) next[at + 1]! ^= times(factor, POWERS[root]!)
    generator = next
  }
  const rest = [...block, ...Array.from({ length }, () => 0)]
  for (let at = 0; at < block.length; at++) {
    const lead = rest[at]!
    for (const [shift, factor] of generator.entries()) rest[at + shift]! ^= times(factor, lead)
  }
  return rest.slice(block.length)
}

function createGrid(version: number) {
  const size = 17 + 4 * version
  const dark: boolean[][] = Array.from({ length: size }, () => Array.from({ length: size }, () => false))
  const taken: boolean[][] = Array.from({ length: size }, () => Array.from({ length: size }, () => false))
  const set = (x: number, y: number, on: boolean) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return
    dark[y]![x] = on
    taken[y]![x] = true
  }
  timing()
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    square(x, y, 4, (ring) => ring !== 2 && ring !== 4)
  align()
  describeFormat()
  if (version >= 7) describeVersion()
  return { size, fill, path }

  /** Rings around a middle, each dark or not. */
  function square(x: number, y: number, radius: number, isDark: (ring: number) => boolean) {
    for (let dy = -radius; dy <= radius; dy++)
      for (let dx = -radius; dx <= radius; dx++) set(x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))))
  }

  function timing() {
    for (let at = 0; at < size; at++) {
      set(at, 6, at % 2 === 0)
      set(6, at, at % 2 === 0)
    }
  }

  /** Small squares wherever no large one is (Annex E). */
  function align() {
    if (version === 1) return
    const last = size - 7
    const middles = version < 7 ? [6, last] : [6, (last + 6) / 2, last]
    for (const y of middles)
      for (const x of middles) {
        const corner = (x === 6 && y === 6) || (x === 6 && y === last) || (x === last && y === 6)
        if (!corner) square(x, y, 2, (ring) => ring !== 1)
      }
  }

  /** Level L (01) and mask 0 (000), with their check bits, twice (7.9). */
  function describeFormat() {
    const bits = checked(0b01000, 10, 0x537) ^ 0x5412
    for (let bit = 0; bit < 15; bit++) {
      const on = ((bits >> bit) & 1) === 1
      const down = bit < 6 ? bit : bit < 8 ? bit + 1 : size - 15 + bit
      const along = bit < 8 ? size - 1 - bit : bit === 8 ? 7 : 14 - bit
      set(8, down, on)
      set(along, 8, on)
    }
    set(8, size - 8, true)
  }

  /** The version with its check bits, twice (7.10). */
  function describeVersion() {
    const bits = checked(version, 12, 0x1f25)
    for (let bit = 0; bit < 18; bit++) {
      const on = ((bits >> bit) & 1) === 1
      const [near, far] = [Math.floor(bit / 3), size - 11 + (bit % 3)]
      set(near, far, on)
      set(far, near, on)
    }
  }

  /** Up and down in columns of two from the right, past what is taken (7.7.3); mask 0 turns every other module. */
  function fill(words: readonly number[]) {
    let bit = 0
    for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
      if (right === 6) right = 5
      for (let step = 0; step < size; step++) {
        const y = up ? size - 1 - step : step
        for (const x of [right, right - 1]) {
          if (taken[y]![x]) continue
          const word = words[bit >> 3] ?? 0
          dark[y]![x] = (((word >> (7 - (bit & 7))) & 1) === 1) !== ((x + y) % 2 === 0)
          bit++
        }
      }
    }
  }

  function path(): string {
    return dark.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  }
}

/** A number followed by what is left of it divided by a polynomial of that degree (BCH). */
function checked(value: number, degree: number, polynomial: number): number {
  let rest = value << degree
  for (let bit = 31 - Math.clz32(rest); bit >= degree; bit = 31 - Math.clz32(rest)) rest ^= polynomial << (bit - degree)
  return (value << degree) | rest
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
