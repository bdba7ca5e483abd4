// The words that were prepared by day (`checks/templates/`), filled in for what a bad night is about.
import type { Configuration } from '../core/check.ts'
import type { Post } from '../core/said/post.ts'
import { type Prepared, type Wrong, wrong } from '../core/said/submission.ts'
import { fillTemplate, namesToFill, type Template } from '../core/said/template.ts'
import type { Instant } from '../core/time/time.ts'
import type { Drafts } from './drafts.ts'

export interface Templates {
  readonly all: Post['templates']
  /** What the one of that name has prepared, or that there is none. */
  named(id: unknown): Prepared | Wrong
}

/** Looks the templates of the configuration up anew at each call. */
export function createTemplates(deps: {
  configuration(): Configuration
  readonly able: Drafts['able']
  now(): Instant
}): Templates {
  const { configuration, able, now } = deps
  return { all, named }

  function all(services: readonly string[]) {
    return configuration().templates.map((template) => {
      const about = services.length > 0 ? services : template.services
      const filled = filledFor(template, about, now())
      const { id, status, impact } = template
      return { id, ...filled, status: status ?? 'investigating', impact: impact ?? 'minor', services: about }
    })
  }

  function named(id: unknown): Prepared | Wrong {
    const { templates } = configuration()
    const found = templates.find((one) => one.id === id)
    if (found === undefined) return wrong(`is not among the templates: ${templates.map((one) => one.id).join(', ')}`)
    const { status, impact } = found
    const rest = { ...(status === null ? {} : { status }), ...(impact === null ? {} : { impact }) }
    return {
      services: found.services,
      started: null,
      words: (services, started) => ({ ...filledFor(found, services, started), ...rest }),
    }
  }

  function filledFor(template: Template, services: readonly string[], started: Instant) {
    const { services: known, timezone } = configuration()
    const proven = services.length === 1 ? able(services[0]!) : {}
    const names = namesToFill(services, known)
    return fillTemplate(template, { services: names, able: proven, started, now: Math.floor(now()), timezone })
  }
}
