// What a stranger sent may be anything: these tell.

/** An object with names; prototypes of JSON.parse only. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `most`: of items, which may be anything. */
export function isList(value: unknown, most: number): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= most
}

/** Unicode text of at most so many UTF-16 units. */
export function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest && !/\p{Cs}/u.test(value)
}

/** A whole number, not negative. */
export function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** One that fits 32 bits. */
export function isCount(value: unknown): value is number {
  return isWhole(value) && value <= 0xffff_ffff
}
