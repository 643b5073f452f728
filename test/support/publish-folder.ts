import { SiteClient } from '../../src/cli/client.ts'
import { readContentFolder } from '../../src/cli/content-folder.ts'
import { inspect } from '../../src/cli/inspect.ts'
import { socialPictures } from '../../src/cli/social.ts'
import { carryOut, survey } from '../../src/cli/sync.ts'
import { planSync } from '../../src/cli/sync-plan.ts'
import { de } from '../../src/locale/cli/de.ts'
import { type TestSite, TOKEN } from './site.ts'

/**
 * What one publish of a folder does, as lines: `created media/foto.jpg`.
 * @param cache folder for pictures that are encoded
 */
export async function publishFolderOn(site: TestSite, dir: string, cache: string): Promise<string[]> {
  const client = new SiteClient({ url: site.url, token: TOKEN }, de)
  const content = await readContentFolder(dir, de)
  const inspection = inspect(content, { language: 'de', texts: de })
  const socials = await socialPictures(content, inspection.settings)
  const plan = await planSync(content, inspection, await survey(client), {
    isForced: false,
    prunes: () => false,
    overwrites: new Set(),
    socials,
  })
  const lines: string[] = []
  for await (const { kind, name, outcome, refusals } of carryOut(plan, client, cache, de))
    lines.push(`${outcome} ${kind}/${name}${refusals.map(({ message }) => `: ${message}`).join('')}`)
  return lines
}
