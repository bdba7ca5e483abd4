// Runs parts of src/ in a process of their own, to be killed: Node 20 reads no TypeScript, so they are compiled first.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')

/** Compiles these files of src/ and what they import; returns the folder where `store/ledger.js` and so on are. */
export function compile(...sources: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-compiled-'))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const compilerOptions = {
    noEmit: false,
    rootDir: join(ROOT, 'src'),
    outDir: folder,
    typeRoots: [join(ROOT, 'node_modules/@types')],
  }
  const files = sources.map((source) => join(ROOT, 'src', source))
  const config = { extends: join(ROOT, 'tsconfig.json'), compilerOptions, files, include: [] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], { stdio: 'inherit' })
  if (!existsSync(join(folder, sources[0]!.replace(/\.ts$/, '.js')))) throw new Error(`tsc made nothing in ${folder}`)
  return folder
}

export interface Child {
  readonly pid: number
  /** What it printed so far. */
  output(): string
  /** Until it printed this. */
  printed(text: string): Promise<void>
  kill(): Promise<void>
  /** Until it ended by itself; its exit code. */
  ended(): Promise<number | null>
}

/** Starts a module given as text. */
export function start(script: string, options: { readonly uid?: number; readonly gid?: number } = {}): Child {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...options,
  })
  let output = ''
  const waiting = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    for (const check of waiting) check()
  })
  const closed = new Promise<number | null>((done) => child.once('close', (code) => done(code)))
  return {
    pid: child.pid!,
    output: () => output,
    printed: (text) =>
      Promise.race([
        new Promise<void>((done) => {
          const check = () => {
            if (output.includes(text)) done()
          }
          waiting.add(check)
          check()
        }),
        closed.then((code) => {
          if (!output.includes(text)) throw new Error(`ended (${code}) before it printed ${text}: ${output}`)
        }),
      ]),
    kill: async () => {
      child.kill('SIGKILL')
      await closed
    },
    ended: () => closed,
  }
}
