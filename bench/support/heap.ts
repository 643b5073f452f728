import * as v from 'valibot'

const Usage = v.object({
  id: v.number(),
  result: v.object({ totalSize: v.number(), backingStorageSize: v.optional(v.number(), 0) }),
})

/**
 * Memory of a Worker's isolate in bytes: V8's heap, garbage included, and what lies outside it (ArrayBuffers).
 * @param inspector address of workerd's inspector, `ws://127.0.0.1:9229`
 */
export async function isolateBytes(inspector: URL): Promise<number> {
  const socket = new WebSocket(new URL('/core:user:bench', inspector))
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  socket.onopen = () => socket.send(JSON.stringify({ id: 1, method: 'Runtime.getHeapUsage' }))
  socket.onerror = () => reject(new Error('the inspector does not answer'))
  socket.onmessage = ({ data }) => {
    const { result } = v.parse(Usage, JSON.parse(String(data)))
    resolve(result.totalSize + result.backingStorageSize)
  }
  return promise.finally(() => socket.close())
}
