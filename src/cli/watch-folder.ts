import { type FSWatcher, readdirSync, watch } from 'node:fs'
import { basename, join } from 'node:path'

/** Saving a file is several events, and a program that saves many files makes many more. */
const QUIET_MS = 60
const PATIENCE_MS = 300
/** How often a folder that has vanished is looked for. */
const RETURN_MS = 300

/**
 * Calls `onChange` soon after something in a folder or the folders inside it has changed.
 * Every folder is watched by itself: Node's recursive watching on Linux loses a file that an editor replaces by
 * another of its name.
 * @returns what ends the watching
 */
export function watchFolder(dir: string, onChange: () => void): () => void {
  const watchers = new Map<string, FSWatcher>()
  const notice = settle(onChange)
  let returning: NodeJS.Timeout | undefined

  const look = () => {
    const folders = foldersIn(dir)
    for (const folder of watchers.keys()) if (!folders.includes(folder)) forget(folder)
    const added = folders.filter((folder) => !watchers.has(folder) && watchOne(folder))
    if (added.length > 0) look() // what was made inside them while we were not watching yet
    clearTimeout(returning)
    if (watchers.size === 0) returning = setTimeout(lookForReturn, RETURN_MS)
  }
  const lookForReturn = () => {
    look()
    if (watchers.size > 0) notice.soon()
  }
  const watchOne = (folder: string): boolean => {
    try {
      const watcher = watch(folder, (event, name) => {
        if (event === 'rename' && name === basename(folder)) forget(folder) // it may be another by now
        if (event === 'rename') look()
        notice.soon()
      })
      watchers.set(folder, watcher.on('error', look))
      return true
    } catch {
      return false // it went away between being listed and being watched
    }
  }
  const forget = (folder: string) => {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }

  look()
  return () => {
    clearTimeout(returning)
    notice.cancel()
    for (const watcher of watchers.values()) watcher.close()
  }
}

/** A folder and all folders inside it; none when it is not there. */
function foldersIn(dir: string): string[] {
  try {
    const inside = readdirSync(dir, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))
    return [dir, ...inside]
  } catch {
    return []
  }
}

/** Turns a burst of events into one call: after a short quiet, or when patience ends. */
function settle(call: () => void) {
  let timer: NodeJS.Timeout | undefined
  let since = 0
  const cancel = () => clearTimeout(timer)
  const fire = () => {
    since = 0
    call()
  }
  const soon = () => {
    since ||= Date.now()
    clearTimeout(timer)
    timer = setTimeout(fire, Math.max(0, Math.min(QUIET_MS, since + PATIENCE_MS - Date.now())))
  }
  return { soon, cancel }
}
