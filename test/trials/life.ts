// A service, a relay, and a data folder that outlives the site and that something happens to.
import { closeSync, mkdtempSync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Stage, siteFile, webFile } from './stage.ts'

/** What a bad card, or somebody, does to a file. */
export const DAMAGE: Readonly<Record<string, (file: string) => void>> = {
  cut: (file) => truncateSync(file, Math.floor(statSync(file).size / 2)),
  'filled with noise': (file) => {
    const opened = openSync(file, 'r+')
    writeSync(opened, Buffer.alloc(statSync(file).size, 0x5a))
    closeSync(opened)
  },
  deleted: (file) => rmSync(file),
}

function dataFolder(stage: Stage): string {
  const root = mkdtempSync(join(tmpdir(), 'vigie-trial-'))
  stage.ends(() => rmSync(root, { recursive: true, force: true }))
  return join(root, 'data')
}

/** One service, one relay, a data folder that outlives the site. */
export async function lifeOnDisk(stage: Stage) {
  const data = dataFolder(stage)
  const relay = await stage.relay()
  const target = await stage.target()
  const files = { 'site.yaml': siteFile({ relays: [relay] }), 'web.yaml': webFile('Web', target) }
  return { data, relay, target, live: () => stage.site(files, { data }) }
}
