// Shares and lengths of answers as members read them.
import { type Language, LOCALES } from '../../core/text.ts'
import { type Millis, SECOND } from '../../core/time/time.ts'

const percents: Readonly<Record<Language, Intl.NumberFormat>> = {
  fr: new Intl.NumberFormat(LOCALES.fr, { style: 'percent', maximumFractionDigits: 2 }),
  en: new Intl.NumberFormat(LOCALES.en, { style: 'percent', maximumFractionDigits: 2 }),
}

/** `99,98 %`, `99.98%`. Rounded down: 100 % means no outage at all. `share` is 0 to 1. */
export function percent(share: number, language: Language): string {
  return percents[language].format(Math.floor(share * 10_000 + 1e-6) / 10_000)
}

const decimals: Readonly<Record<Language, Intl.NumberFormat>> = {
  fr: new Intl.NumberFormat(LOCALES.fr, { maximumFractionDigits: 1 }),
  en: new Intl.NumberFormat(LOCALES.en, { maximumFractionDigits: 1 }),
}

/** How long an answer took: `41 ms`, `1,2 s`. Number and unit stay together. */
export function millis(took: Millis, language: Language): string {
  return took < SECOND ? `${Math.round(took)}\u00a0ms` : `${decimals[language].format(took / SECOND)}\u00a0s`
}
