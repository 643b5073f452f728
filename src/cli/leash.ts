/**
 * Loaded into `wrangler dev` by `mw dev`: when `mw dev` is gone, even by `kill -9`, the Worker ends, too.
 * The channel between the two processes closes with the first of them.
 */
if (process.channel) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel.unref()
}
