import { readdir, readFile } from 'node:fs/promises'

/** Ids of the direct children of this process with a name. Linux only; elsewhere there are none. */
export async function childProcesses(name: string): Promise<number[]> {
  const children = await readText(`/proc/self/task/${process.pid}/children`)
  const ids = children.split(' ').filter(Boolean).map(Number)
  const names = await Promise.all(ids.map((id) => readText(`/proc/${id}/comm`)))
  return ids.filter((_, index) => names[index]?.trim() === name)
}

/** Processor time that a process has used so far, in seconds; NaN where the system does not tell. */
export async function cpuSeconds(pid: number | null): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => [])
  const times = await Promise.all(threads.map((id) => readText(`/proc/${pid}/task/${id}/schedstat`)))
  const nanoseconds = times.reduce((sum, text) => sum + Number.parseInt(text, 10), 0)
  return threads.length > 0 ? nanoseconds / 1e9 : Number.NaN
}

/** Memory a process holds, in bytes; NaN where the system does not tell. */
export async function residentBytes(pid: number | null): Promise<number> {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(await readText(`/proc/${pid}/status`))?.[1]
  return Number(kib ?? Number.NaN) * 1024
}

const readText = (file: string) => readFile(file, 'utf8').catch(() => '')

/** The most memory a process has held so far, in bytes; 0 once it has ended. */
export async function residentPeak(pid: number | null): Promise<number> {
  const kib = /^VmHWM:\s+(\d+) kB/m.exec(await readText(`/proc/${pid}/status`))?.[1]
  return Number(kib ?? 0) * 1024
}
