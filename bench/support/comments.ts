import { parseSlug } from '../../src/article/slug.ts'
import { makeToken } from '../../src/comment/token.ts'
import { Keys } from '../../src/http/keys.ts'
import { callApi, SECRET } from './newsroom.ts'

/** What readers might write below the article on China and Kazakhstan, in different lengths. */
const COMMENTS: readonly { name: string; text: string }[] = [
  {
    name: 'Jörg Petersen',
    text: 'Ich arbeite seit zwölf Jahren in der Spedition und kann das nur bestätigen: Wer früher über Rotterdam und das Schwarze Meer geplant hat, fragt heute zuerst nach der Schiene. Die Laufzeit ist kürzer, die Papiere sind es leider nicht.',
  },
  { name: 'Mareike S.', text: 'Danke für den ruhigen Ton. Endlich einmal Zahlen statt Säbelrasseln.' },
  {
    name: 'Dr. Anselm Roth',
    text: 'Was mir fehlt, ist der Blick auf die Wechselkurse. 41 Milliarden Dollar klingen nach viel, aber ein guter Teil des Zuwachses von 32 Prozent dürfte auf Preise und nicht auf Mengen zurückgehen. Gibt es dazu Angaben in Tonnen?',
  },
  {
    name: 'Gülnara',
    text: 'Meine Schwester studiert in Astana. Dort hat kaum jemand von der neuen Zweigstelle der Pekinger Universität gehört, aber die Chinesischkurse sind seit dem Frühjahr ausgebucht.\n\nOb daraus etwas Dauerhaftes wird, weiß man frühestens in fünf Jahren.',
  },
  {
    name: 'Konrad Weiß',
    text: 'Windpark hin, Wasserkraft her: Solange Rohöl den größten Posten im Export ausmacht, bleibt das Bekenntnis zur grünen Energie eine Randnotiz.',
  },
  {
    name: 'hafenkind',
    text: 'Lianyungang war ich selbst. Beeindruckend und ein wenig unheimlich, so viele Kräne ohne Menschen.',
  },
  {
    name: 'Friederike von Aue',
    text: 'Der Artikel nennt die Beitrittsfrage zu BRICS nur am Rande. Gerade das wäre für europäische Verlage interessant: Welche Regeln für Datenverkehr und Urheberrecht kämen dann auf uns zu?',
  },
  {
    name: 'Timo',
    text: 'Zwei Fragen an die Redaktion: Wer bezahlt die Straße nach Westeuropa, und wer darf sie nutzen? Beim Lesen klingt es, als sei beides geklärt. Nach allem, was man aus Aqtöbe hört, ist es das nicht.',
  },
  {
    name: 'Ulla Brinkmann',
    text: 'Ich lese hier seit dem ersten Jahr mit und finde es wohltuend, dass die Quelle am Ende steht und nicht im Kleingedruckten verschwindet.',
  },
  {
    name: 'Sergej K.',
    text: 'Als jemand, der in Karaganda geboren ist: Die Nachbarschaft war nie so freundlich, wie sie in Kommuniqués klingt, und nie so kalt, wie man sie im Westen malt. Man handelt, weil man nebeneinander wohnt. Der Rest ist Protokoll.',
  },
  {
    name: 'Babette',
    text: 'Kritische Rohstoffe – welche denn? Seltene Erden, Titan, Uran? Das macht einen Unterschied.',
  },
  {
    name: 'N. Achterberg',
    text: 'Die Luban-Werkstätten kenne ich aus Portugal. Dort bildet man Mechatroniker an Maschinen aus, die es anschließend nur bei einem Hersteller zu kaufen gibt. Klug gemacht, muss man sagen. Siehe auch https://example.org/werkstatt-bericht',
  },
  {
    name: 'Professor Emeritus',
    text: 'Eine „dauerhafte und umfassende strategische Partnerschaft“ ist diplomatische Prosa. In meinem Seminar haben wir gezählt: Peking unterhält davon Dutzende, in mindestens neun Abstufungen.',
  },
  {
    name: 'Lena & Max',
    text: 'Waren im März zum Auftakt des Tourismusjahres dort. Wunderschön, aber ohne Sprachkenntnisse mühsam.',
  },
  {
    name: 'Holger Dietz',
    text: 'Das Handelsvolumen verdoppeln zu wollen ist leicht gesagt. Die Grenzbahnhöfe in Khorgos und Alashankou laufen schon jetzt über; wer dort einmal drei Tage auf das Umspuren gewartet hat, glaubt keiner Folie mehr.',
  },
  {
    name: 'Ines Kowalczyk',
    text: 'Bitte mehr über die Medienseite! Wer berichtet in Kasachstan eigentlich unabhängig über solche Verträge, und wie finanziert sich das?',
  },
  { name: 'Ruedi aus Basel', text: 'Merci. Kurz, sachlich, und die Grafik versteht sogar mein Vater.' },
  {
    name: 'skeptikerin77',
    text: 'Mir geht das zu glatt. Kein Wort über Schulden, keines über die Proteste vor den Baustellen. Ein Staatsbesuch erzeugt Bilder; ein Artikel sollte auch zeigen, was außerhalb des Bildes liegt.',
  },
  {
    name: 'Paul Nöthen',
    text: 'Zur Raumfahrt: Baikonur liegt nun einmal in Kasachstan, ist aber bis 2050 an Russland verpachtet. Jede Zusammenarbeit mit China muss also durch eine Tür, deren Schlüssel ein Dritter hat.',
  },
  {
    name: 'Amelie Storch',
    text: 'Ich habe den Text im Unterricht eingesetzt (Erdkunde, Klasse 11). Die Schülerinnen und Schüler fanden vor allem den Abschnitt über die Häfen spannend, weil ein Land ohne Meer plötzlich einen Hafen am Gelben Meer hat.',
  },
]

/** What a browser sends with the form; every comment differs from every other. */
export function fieldsOf(n: number, token: string, parent = ''): Record<string, string> {
  const { name, text } = COMMENTS[n % COMMENTS.length] ?? { name: '', text: '' }
  const email = `leserin-${n}@beispiel.de`
  return { name, email, website: '', text: `${text} (${n})`, betreff: '', parent, token }
}

/** The token of a form that was opened a minute ago. */
export function formToken(article: string): Promise<string> {
  const slug = parseSlug(article)
  if (!slug) throw new Error(`${article} is no slug`)
  return makeToken(new Keys(SECRET), slug, new Date(Date.now() - 60_000))
}

/** Posts comments as readers do; gives the last answer. */
export async function postComments(url: string, article: string, count: number): Promise<Response> {
  const token = await formToken(article)
  let response = Response.error()
  for (let n = 0; n < count; n++) response = await postComment(url, article, n, token)
  return response
}

async function postComment(
  url: string,
  article: string,
  n: number,
  token: string,
  parent = '',
): Promise<Response> {
  const response = await fetch(`${url}/${article}/comments`, {
    method: 'POST',
    body: new URLSearchParams(fieldsOf(n, token, parent)),
    headers: { 'cf-connecting-ip': `192.0.2.${n}` },
    redirect: 'manual',
  })
  if (response.status !== 303) throw new Error(`a comment was answered ${response.status}`)
  return response
}

/** Which comment each of the first twenty answers: seven threads, the longest with five answers, three deep. */
const ANSWERED = [0, 1, 2, 0, 0, 5, 5, 7, 8, 0, 0, 11, 0, 13, 14, 13, 16, 13, 0, 19]

/** Posts comments that answer each other and approves them, so that every reader sees them. */
export async function publishComments(url: string, article: string, count: number): Promise<void> {
  const token = await formToken(article)
  for (let n = 0; n < count; n++) {
    const parent = ANSWERED[n % ANSWERED.length] || ''
    await postComment(url, article, n, token, String(parent && parent + n - (n % ANSWERED.length)))
    await callApi(url, `comments/${n + 1}`, { status: 'approved' })
  }
}
