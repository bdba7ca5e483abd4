// `depends` over all files: unknown parents, circles, and what each check depends on in the end.
import type { Dependence } from './check.ts'
import { quote } from './mistake.ts'
import { nearest } from './nearest.ts'
import type { ReadService } from './service.ts'

/** Complains of parents that aren't there and of circles. */
export function checkDepends(services: readonly ReadService[]): void {
  const byId = new Map(services.map((service) => [service.id, service]))
  const checks = new Set(services.flatMap((service) => service.checks.map(({ check }) => check.id)))
  let guesses = 0
  for (const service of services) {
    for (const { id, at } of [...service.depends, ...service.checks.flatMap((check) => check.depends)]) {
      const owner = byId.get(id.split('.')[0]!)
      if (byId.has(id) || checks.has(id) || (id.includes('.') && owner?.whole === false)) continue
      const meant = guesses++ < MOST_GUESSES ? nearest(id, [...byId.keys(), ...checks]) : null
      const hint = meant ? `did you mean ${quote(meant)}?` : 'the id of a service, or service.check'
      service.source.complain(at, `there is no service or check ${quote(id)}`, hint)
    }
  }
  complainOfCircles(services, new Set([...byId.keys(), ...checks]))
}

/** What a check depends on: its service's parents, but not itself, and its own. */
export function dependsOf(check: string, service: readonly Dependence[], own: readonly Dependence[]): string[] {
  return [...new Set([...service.filter(({ id }) => id !== check), ...own].map(({ id }) => id))]
}

/** What is reported, and guessed, of a folder that is wrong all over. */
const MOST_CIRCLES = 20
const MOST_GUESSES = 100

interface Edge {
  readonly to: string
  /** Where it was written; null: it follows from what a service is. */
  readonly said: { readonly service: ReadService; readonly at: number } | null
}

/** Stands between a service's checks and what the service depends on; `:` is in no id. */
const ROOF = ':'

/** Each circle once, at one of the `depends` that make it. */
function complainOfCircles(services: readonly ReadService[], known: ReadonlySet<string>): void {
  const graph = graphOf(services, known)
  for (let found = 0; found < MOST_CIRCLES; found++) {
    trim(graph)
    const [start] = graph.keys()
    if (start === undefined) return
    const circle = walk(graph, start)
    const first = circle.find(({ edge }) => edge.said !== null)!
    const { service, at } = first.edge.said!
    const names = named(circle.map(({ from }) => from))
    const turn = names.indexOf(first.from.replace(ROOF, ''))
    const way = [...names.slice(turn), ...names.slice(0, turn + 1)]
    service.source.complain(at, `a circle in depends: ${way.join(' → ')}`)
    const others = graph.get(first.from)!.filter((edge) => edge !== first.edge)
    graph.set(first.from, others)
  }
}

/** A service falls with its checks; a check with its own parents and with its service's. */
function graphOf(services: readonly ReadService[], known: ReadonlySet<string>): Map<string, Edge[]> {
  const graph = new Map<string, Edge[]>()
  for (const service of services) {
    const roof = service.id + ROOF
    const own = new Set(service.checks.map(({ check }) => check.id))
    const edges = (depends: readonly Dependence[]) =>
      depends.filter(({ id }) => known.has(id)).map(({ id, at }): Edge => ({ to: id, said: { service, at } }))
    const above = edges(service.depends)
    const outside = above.filter(({ to }) => !own.has(to))
    const unread: Edge[] = service.whole ? [] : [{ to: roof, said: null }]
    add(service.id, [...Array.from(own, (to): Edge => ({ to, said: null })), ...unread])
    add(roof, outside)
    for (const { check, depends } of service.checks) {
      const siblings = above.filter(({ to }) => own.has(to) && to !== check.id)
      add(check.id, [...edges(depends), ...siblings, { to: roof, said: null }])
    }
  }
  return graph

  function add(from: string, edges: readonly Edge[]): void {
    const found = graph.get(from) ?? []
    for (const edge of edges) found.push(edge)
    graph.set(from, found)
  }
}

/** Takes away what is in no circle because nothing follows from it. */
function trim(graph: Map<string, Edge[]>): void {
  const causes = new Map<string, string[]>()
  for (const [from, edges] of graph) {
    for (const { to } of edges) {
      const known = causes.get(to)
      if (known) known.push(from)
      else causes.set(to, [from])
    }
  }
  const left = new Map([...graph].map(([from, edges]) => [from, edges.length]))
  const done = [...graph.keys()].filter((from) => left.get(from) === 0)
  for (let one = done.pop(); one !== undefined; one = done.pop()) {
    graph.delete(one)
    for (const from of causes.get(one) ?? []) {
      left.set(from, left.get(from)! - 1)
      if (left.get(from) === 0) done.push(from)
    }
  }
  for (const [from, edges] of graph) {
    const inside = edges.filter(({ to }) => graph.has(to))
    graph.set(from, inside)
  }
}

/** Follows the first way on until it meets itself: in a trimmed graph it always does. */
function walk(graph: ReadonlyMap<string, Edge[]>, start: string): { from: string; edge: Edge }[] {
  const way: { from: string; edge: Edge }[] = []
  const met = new Map<string, number>()
  let from = start
  while (!met.has(from)) {
    met.set(from, way.length)
    const edge = graph.get(from)![0]!
    way.push({ from, edge })
    from = edge.to
  }
  return way.slice(met.get(from))
}

/** As the configuration says it: a service's own checks between it and its parents go without saying. */
function named(circle: readonly string[]): string[] {
  return circle.filter((name, i) => {
    if (name.endsWith(ROOF)) return false
    const before = circle.at(i - 1)!
    const after = circle[(i + 1) % circle.length]!
    return !(before + ROOF === after && name.startsWith(`${before}.`))
  })
}
