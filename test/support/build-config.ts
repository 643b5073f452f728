import { join } from 'node:path'
import { unstable_readConfig } from 'wrangler'

const ROOT = join(import.meta.dirname, '../..')

/**
 * How `wrangler.toml` has the site built, for another entry of this checkout and without its bindings: what is built so
 * may lack the classes that they name.
 */
export function buildConfig(name: string, entry: string) {
  const config = unstable_readConfig({ config: join(ROOT, 'wrangler.toml') })
  const { rules, compatibility_date, minify, keep_names } = config
  const alias = Object.fromEntries(
    Object.entries<string>(config.alias ?? {}).map(([module, path]) => [module, join(ROOT, path)]),
  )
  return { name, main: join(ROOT, entry), alias, rules, compatibility_date, minify, keep_names }
}
