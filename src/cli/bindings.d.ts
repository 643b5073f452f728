/**
 * The publishing rules that the command line shares with the Worker name the Worker's bindings in their types.
 * This declares those names, and nothing else of the Worker's world.
 */
type D1Database = import('@cloudflare/workers-types').D1Database
type KVNamespace = import('@cloudflare/workers-types').KVNamespace
type R2Bucket = import('@cloudflare/workers-types').R2Bucket
type RateLimit = import('@cloudflare/workers-types').RateLimit
type SendEmail = import('@cloudflare/workers-types').SendEmail
