// One shape a status, so that nobody needs colours to tell them apart: what is cut out of it repeats what it means.
import type { Status } from '../../core/verdict/service.ts'
import type { Condition } from '../words/words.ts'

/** What stands beside a word: the shape of its status, or one that says it better. */
export type Sign = Status | Extract<Condition, 'slow' | 'unstable'>

/** Outlines in a box of 24 by 24, to be filled by the even-odd rule. */
export const ICONS: Readonly<Record<Sign, string>> = {
  operational: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1.7 14.7L5.9 12.3l1.6-1.6 2.8 2.8 6.2-6.2 1.6 1.6z',
  degraded_performance: 'M12 .8L23.2 12 12 23.2.8 12zM6.3 10.8v2.4h2.4v-2.4zm4.5 0v2.4h2.4v-2.4zm4.5 0v2.4h2.4v-2.4z',
  slow: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1.2 3.8v6.7l4.4 4.4 1.7-1.7-3.7-3.7V5.8z',
  partial_outage: 'M12 1.8L23.4 21.6H.6zM10.8 8.6v6.2h2.4V8.6zm0 8v2.4h2.4v-2.4z',
  major_outage:
    'M7.9 2h8.2L22 7.9v8.2L16.1 22H7.9L2 16.1V7.9zm.7 4.9L6.9 8.6l3.4 3.4-3.4 3.4 1.7 1.7 3.4-3.4 3.4 3.4 1.7-1.7-3.4-3.4 3.4-3.4-1.7-1.7-3.4 3.4z',
  unstable: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM4.7 13.3L8.9 6.4l5.2 8 3.3-5.1 2 1.3-5.3 8.2-5.1-7.9-2.3 3.7z',
  under_maintenance:
    'M5 2h14a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H5a3 3 0 0 1-3-3V5a3 3 0 0 1 3-3zm3 5v10h2.8V7zm5.2 0v10H16V7z',
  unknown:
    'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 2.2a7.8 7.8 0 1 1 0 15.6 7.8 7.8 0 0 1 0-15.6zm-1.1 11.4v2.2h2.2v-2.2zM12 6.2a3.5 3.5 0 0 0-3.5 3.5h2.2a1.3 1.3 0 1 1 2 1.1c-1.2.8-1.8 1.5-1.8 2.8v.6h2.2v-.5c0-.5.3-.8 1-1.3A3.5 3.5 0 0 0 12 6.2z',
}

/** Mid tones that show on a light and on a dark tab strip; only the icon of a window needs its colour inside. */
const COLOURS: Readonly<Record<Status, string>> = {
  operational: '#2e9e62',
  degraded_performance: '#c08a12',
  partial_outage: '#d9652b',
  major_outage: '#d93a4a',
  under_maintenance: '#3f7fd6',
  unknown: '#7d8794',
}

/** The sign of a service in this condition. */
export function signOf(condition: Condition, status: Status): Sign {
  return condition === 'slow' || condition === 'unstable' ? condition : status
}

/** The status as the icon of the window, in the address itself: no request. */
export function windowIcon(status: Status): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill-rule="evenodd" fill="${COLOURS[status]}" d="${ICONS[status]}"/></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
