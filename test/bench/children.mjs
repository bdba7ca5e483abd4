// Processes the bench starts, and their end: none outlives it.
import { execFileSync, fork, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'

/** @type {Set<import('node:child_process').ChildProcess>} */
const alive = new Set()
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

/**
 * @param {string} command @param {readonly string[]} args
 * @param {{ log: string, out?: 'pipe', env?: Record<string, string> }} options
 * `log`: a file for what it says. `env`: beside our own.
 */
export function start(command, args, { log, out, env = {} }) {
  const file = openSync(log, 'a')
  const child = track(spawn(command, args, { stdio: ['ignore', out ?? file, file], env: { ...process.env, ...env } }))
  closeSync(file)
  return child
}

/** Starts a module that answers questions over IPC. @param {string} name beside this file */
export function startModule(name) {
  const child = track(fork(fileURLToPath(new URL(name, import.meta.url)), { stdio: 'inherit' }))
  const waiting = new Map()
  let count = 0
  child.on('message', (/** @type {{ number: number, said: unknown }} */ { number, said }) => {
    waiting.get(number)?.(said)
    waiting.delete(number)
  })
  return {
    pid: child.pid,
    /** @param {string} question @param {unknown} [value] @returns {Promise<any>} */
    ask: (question, value) =>
      new Promise((resolve) => {
        count += 1
        waiting.set(count, resolve)
        child.send({ number: count, ask: question, value })
      }),
    stop: () => stop(child),
  }
}

/** @param {import('node:child_process').ChildProcess} child */
export function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', resolve)
    child.kill('SIGTERM')
  })
}

/** True when a command can be started. @param {string} command @param {readonly string[]} args */
export function has(command, args = ['--version']) {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch (error) {
    return error.code !== 'ENOENT'
  }
}

/** Settles when something listens. @param {number} port */
export async function listening(port) {
  for (let tries = 0; tries < 200; tries++) {
    const open = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true))
      socket.on('error', () => resolve(false)).on('connect', () => socket.destroy())
    })
    if (open) return
    await pause(0.05)
  }
  throw new Error(`nothing listens on ${port}`)
}

/** @param {number} seconds */
export function pause(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000))
}

function track(child) {
  alive.add(child)
  child.once('exit', () => alive.delete(child))
  return child
}
