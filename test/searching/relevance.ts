/**
 * What readers search for on the site that ships, and which article they want. A query without an article must find
 * none of the shipped ones. Measured over the shipped content among a generated corpus, by `success@3`: the share of
 * queries for which a wanted article is among the first three.
 */
export interface Wish {
  query: string
  /** Slugs, any of which will do. */
  wanted: readonly string[]
  what:
    | 'inflected'
    | 'compound'
    | 'name'
    | 'spelling'
    | 'typo'
    | 'phrase'
    | 'several'
    | 'apart'
    | 'english'
    | 'none'
}

const wish = (what: Wish['what'], query: string, ...wanted: string[]): Wish => ({ what, query, wanted })

export const WISHES: readonly Wish[] = [
  wish('inflected', 'Kasachstans Partnerschaften', 'china-kasachstan'),
  wish('inflected', 'kennzeichnet Werbung', 'werbung-kennzeichnen'),
  wish('inflected', 'Passkey', 'passkeys-umstieg'),
  wish('inflected', 'Umstiegs Passkeys', 'passkeys-umstieg'),
  wish('inflected', 'Papierpreise', 'papierpreis-zeitung'),
  wish('inflected', 'ermäßigten Steuersatzes', 'umsatzsteuer-e-paper', 'mehrwertsteuer-zeitung'),
  wish('inflected', 'Feeds kleiner Redaktionen', 'rss-feed-kleine-redaktionen'),
  wish('inflected', 'barrierefreier Aboshop', 'barrierefreiheit-verlagsshop'),
  wish('inflected', 'Newslettern', 'rss-feed-kleine-redaktionen'),
  wish('inflected', 'eigentümer offenlegen Medien', 'medienfreiheitsgesetz'),
  wish('compound', 'Freiheitsgesetz', 'medienfreiheitsgesetz'),
  wish('compound', 'Stärkungsgesetz', 'barrierefreiheit-verlagsshop', 'barrierefreie-nachrichtenseite'),
  wish('compound', 'Trennungsgebot', 'werbung-kennzeichnen'),
  wish('compound', 'Altpapier', 'papierpreis-zeitung'),
  wish('compound', 'Zeitungspapier', 'papierpreis-zeitung'),
  wish('compound', 'Windpark', 'china-kasachstan'),
  wish('compound', 'Glasfaser', 'netz-am-rand'),
  wish('compound', 'Inhaltsnachweise', 'inhaltsnachweise-c2pa'),
  wish('compound', 'Nachrichtenseite', 'barrierefreie-nachrichtenseite'),
  wish('compound', 'Lichtgeschwindigkeit', 'netz-am-rand'),
  wish('name', 'Astana', 'china-kasachstan', 'china-kazakhstan'),
  wish('name', 'C2PA', 'inhaltsnachweise-c2pa'),
  wish('name', 'Lianyungang', 'china-kasachstan', 'china-kazakhstan'),
  wish('name', 'Miriam Albers Zeitung', 'mehrwertsteuer-zeitung'),
  wish('name', 'Feldkamp Werbung', 'werbung-kennzeichnen', 'werben-nach-umfeld'),
  wish('name', 'Deniz Aydin Passkeys', 'passkeys-umstieg'),
  wish('name', 'Böttcher barrierefrei', 'barrierefreie-nachrichtenseite', 'barrierefreiheit-verlagsshop'),
  wish('name', 'Neue Seidenstraße', 'china-kasachstan'),
  wish('name', 'Schanatas', 'china-kasachstan'),
  wish('name', '2024/1083', 'medienfreiheitsgesetz'),
  wish('spelling', 'Europaeisches Medienfreiheitsgesetz', 'medienfreiheitsgesetz'),
  wish('spelling', 'epaper', 'umsatzsteuer-e-paper'),
  wish('spelling', 'E-Paper', 'umsatzsteuer-e-paper', 'mehrwertsteuer-zeitung'),
  wish('spelling', 'KASACHSTAN', 'china-kasachstan'),
  wish('spelling', 'Seidenstrasse', 'china-kasachstan'),
  wish('spelling', 'ermaessigter satz', 'umsatzsteuer-e-paper', 'mehrwertsteuer-zeitung'),
  wish('spelling', 'Boettcher Verlagsshop', 'barrierefreiheit-verlagsshop'),
  wish('typo', 'Kasachtan', 'china-kasachstan'),
  wish('typo', 'Paskeys', 'passkeys-umstieg'),
  wish('typo', 'Medienfreiheitsgestz', 'medienfreiheitsgesetz'),
  wish('typo', 'Barierefreiheit', 'barrierefreiheit-verlagsshop', 'barrierefreie-nachrichtenseite'),
  wish('typo', 'Trennungsgebott', 'werbung-kennzeichnen'),
  wish('typo', 'Lichtgeschwindikeit', 'netz-am-rand'),
  wish('typo', 'Mehrwertsteur', 'mehrwertsteuer-zeitung', 'umsatzsteuer-e-paper'),
  wish('phrase', '"Ohne Passwort in die Redaktion"', 'passkeys-umstieg'),
  wish('phrase', '"Rand des Netzes"', 'netz-am-rand'),
  wish('phrase', '"sieben Prozent"', 'mehrwertsteuer-zeitung', 'umsatzsteuer-e-paper'),
  wish('phrase', '"Beipackzettel zum Bild"', 'inhaltsnachweise-c2pa'),
  wish('phrase', '"Belt and Road"', 'china-kasachstan', 'china-kazakhstan'),
  wish('phrase', '"ein Binnenland bekommt einen Hafen"', 'china-kasachstan'),
  wish('several', 'Werbung Umfeld Verfolgung', 'werben-nach-umfeld'),
  wish('several', 'China Handel verdoppeln', 'china-kasachstan'),
  wish('several', 'Papier Strom Gas Preise', 'papierpreis-zeitung'),
  wish('several', 'Foto Herkunft Standard', 'inhaltsnachweise-c2pa'),
  wish('several', 'Redaktion Telefon verloren Konto', 'passkeys-umstieg'),
  wish('several', 'Plattformen sperren Medien', 'medienfreiheitsgesetz'),
  wish('several', 'Verlag Steuer digital Zeitung', 'umsatzsteuer-e-paper', 'mehrwertsteuer-zeitung'),
  wish('several', 'Nachrichten Rand Server Leser Kilometer', 'netz-am-rand'),
  wish('apart', 'Seidenstraße Passkeys', 'china-kasachstan', 'passkeys-umstieg'),
  wish('apart', 'Glasfaser Trennungsgebot', 'netz-am-rand', 'werbung-kennzeichnen'),
  wish('apart', 'Altpapier Beipackzettel', 'papierpreis-zeitung', 'inhaltsnachweise-c2pa'),
  wish('english', 'Kazakhstan trade', 'china-kazakhstan'),
  wish('english', 'deepening partnerships', 'china-kazakhstan'),
  wish('english', 'state visits', 'china-kazakhstan'),
  wish('none', 'Quastenflosser'),
  wish('none', 'Fußballweltmeisterschaft'),
  wish('none', '"Redaktion die in Passwort ohne"'),
  wish('none', 'Kasachstan -China -Kasachstan'),
  wish('none', 'Xylophonorchester'),
  wish('none', 'Kaninchenzüchter'),
]

/** Searches as a reader does, who also follows „Meinten Sie …?“. Returns the addresses of the results. */
export async function resultsOf(
  query: string,
  fetchPage: (path: string) => Promise<string>,
): Promise<string[]> {
  const html = await fetchPage(`/search/?q=${encodeURIComponent(query)}`)
  const suggested = /class="did-you-mean">.*?href="([^"]+)"/s.exec(html)?.[1]
  const page = suggested ? await fetchPage(suggested.replaceAll('&amp;', '&')) : html
  return [...page.matchAll(/<h3><a href="\/([a-z0-9-]+)\/"/g)].map(([, slug = '']) => slug)
}

export interface Relevance {
  /** Share of queries with a wanted article among the first three, 0 to 1. */
  success: number
  /** What was missed: the query, and what came instead. */
  misses: string[]
}

/** Measures success@3 over the table. */
export async function measureRelevance(fetchPage: (path: string) => Promise<string>): Promise<Relevance> {
  const misses: string[] = []
  for (const { query, wanted, what } of WISHES) {
    const found = await resultsOf(query, fetchPage)
    const isMet =
      what === 'none' ? found.length === 0 : found.slice(0, 3).some((slug) => wanted.includes(slug))
    if (!isMet) misses.push(`${what}: ${query} → ${found.slice(0, 3).join(', ') || 'nothing'}`)
  }
  return { success: 1 - misses.length / WISHES.length, misses }
}
