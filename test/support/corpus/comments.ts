import { Chance } from './random.ts'

/**
 * Comments as a German business site gets them, and spam as it gets it, made from parts by a seeded generator: about 20
 * topics of good comments and 8 campaigns of spam. The parts are written by us; no corpus of real comments in German is on
 * npm. What is measured with these says how the judge works on texts of this kind, and no more.
 */
export interface LabelledComment {
  name: string
  website: string | null
  text: string
  label: 'good' | 'spam'
  /** Which campaign a spam comment belongs to. */
  campaign: string | null
}

const NAMES =
  'Anna Bodo Cem Dora Emil Frieda Gregor Hanna Igor Jana Karl Lena Murat Nele Otto Paula Rosa Sven Tessa Uwe'.split(
    ' ',
  )
const SURNAMES =
  'Albrecht Brandt Conrad Demir Ehlers Fuchs Graf Heinz Imhof Jäger Kaya Lorenz Maier Neumann Özdemir Peters Roth Schulz Thiel Vogt'.split(
    ' ',
  )

const OPENINGS = [
  'Danke für den Artikel.',
  'Guter Beitrag!',
  'Das sehe ich anders.',
  'Als Leserin seit vielen Jahren wundere ich mich.',
  'Mir fehlt hier ein wichtiger Punkt.',
  'Ich arbeite selbst in der Branche.',
  'Spannend.',
  'Wirklich?',
  'Zwei Anmerkungen:',
  'Liebe Redaktion,',
  'Dem ersten Kommentar stimme ich zu.',
  'Kurze Frage dazu:',
]
const SUBJECTS = [
  'die Anzeigenpreise',
  'der Rundfunkbeitrag',
  'das Zeitungssterben',
  'der Papierpreis',
  'die Reichweite der Regionalblätter',
  'das Leistungsschutzrecht',
  'der Umbau beim Sender',
  'die Paywall',
  'das Abo-Modell',
  'der Podcast-Markt',
  'die Zustellung am Morgen',
  'das Interview',
  'der Digitalvertrieb',
  'die Quote',
  'das Archiv',
  'die Lokalredaktion',
  'der Werbemarkt',
  'die Journalistenschule',
  'das Mediengesetz',
  'der Streamingdienst',
]
const CLAIMS = [
  'war schon vor zehn Jahren absehbar',
  'trifft vor allem kleine Verlage',
  'wird in den Zahlen nicht sichtbar',
  'hängt stärker von der Politik ab, als hier steht',
  'kostet in unserem Haus jedes Jahr rund 15.000 Euro',
  'ist im Osten ganz anders als im Westen',
  'betrifft 40 % der Haushalte',
  'haben andere Länder besser gelöst',
  'lässt sich so nicht vergleichen',
  'wird von den Kolleginnen kaum diskutiert',
  'war im letzten Quartal rückläufig',
  'macht mir als Abonnent Sorgen',
  'klingt günstig, ist es aber nicht',
  'verdient eine eigene Recherche',
]
const CLOSINGS = [
  'Gibt es dazu eine Quelle?',
  'Ich bleibe gespannt.',
  'Bitte mehr davon!',
  'So einfach ist es leider nicht.',
  'Das hätte ich gern genauer gewusst.',
  '',
  '',
  'Schönen Sonntag.',
  'Vielleicht irre ich mich.',
  'Siehe auch https://de.wikipedia.org/wiki/Zeitung',
  'Bei uns im Kreis war das ähnlich.',
  'Weiter so.',
]

function good(chance: Chance): LabelledComment {
  const sentences = [chance.pick(OPENINGS)]
  for (let n = 0; n < 1 + Math.floor(chance.next() * 4); n++) {
    const subject = chance.pick(SUBJECTS)
    sentences.push(`${subject.charAt(0).toUpperCase()}${subject.slice(1)} ${chance.pick(CLAIMS)}.`)
  }
  sentences.push(chance.pick(CLOSINGS))
  const text = sentences.filter(Boolean).join(chance.next() < 0.2 ? '\n\n' : ' ')
  const name = chance.next() < 0.5 ? chance.pick(NAMES) : `${chance.pick(NAMES)} ${chance.pick(SURNAMES)}`
  return {
    name,
    website: chance.next() < 0.06 ? 'https://beispiel.de/' : null,
    text,
    label: 'good',
    campaign: null,
  }
}

const CAMPAIGNS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  casino: [
    ['Online Casino', 'Bestes Casino', 'Spielautomaten', 'Jackpot Slots'],
    ['ohne Einzahlung', 'mit 500 € Bonus', 'mit 200 Freispielen', 'jetzt legal'],
    ['Gewinnen Sie noch heute!', 'Jeder kann gewinnen.', 'Auszahlung in 5 Minuten.'],
    ['https://{host}/bonus', 'Mehr auf https://{host}/spielen'],
  ],
  pills: [
    ['Potenzmittel', 'Viagra Generika', 'Cialis', 'Abnehmpillen'],
    ['rezeptfrei kaufen', 'günstig bestellen', 'diskret nach Hause'],
    ['Versand in 24 Stunden.', 'Garantiert echt.', 'Nur heute 80 % Rabatt!'],
    ['https://{host}/apotheke', 'https://{host}/shop https://{host}/de'],
  ],
  credit: [
    [
      'Brauchen Sie dringend einen Kredit?',
      'Sofortkredit ohne Schufa',
      'Ich habe endlich einen Kredit bekommen',
    ],
    ['von 5.000 bis 500.000 Euro', 'zu 2 % Zinsen', 'ohne Vorkosten'],
    [
      'dank Frau Dubois, die ehrlich ist.',
      'Kontaktieren Sie uns per WhatsApp.',
      'Schreiben Sie an den Herrn Direktor.',
    ],
    ['kredit.{host}@mail.example', 'https://{host}/kredit'],
  ],
  crypto: [
    ['Mit Bitcoin', 'Durch Krypto-Trading', 'Mit diesem Handelsroboter'],
    ['verdiene ich 3.000 € pro Woche', 'habe ich mein Geld verzehnfacht', 'ist Arbeit überflüssig'],
    ['Mein Mentor hat mir alles gezeigt.', 'Der Einstieg kostet nur 250 €.', 'Probieren Sie es aus!!!!'],
    ['https://t.me/{host}', 'https://bit.ly/{host}'],
  ],
  seo: [
    [
      'Great article, thanks for sharing!',
      'Nice post. I really like your blog.',
      'Very informative, keep it up.',
    ],
    ['I also wrote about this topic', 'Check out my website', 'You should rank higher on Google'],
    [
      'we offer SEO backlinks and guest posts.',
      'best SEO service, cheap price.',
      'contact us for link building.',
    ],
    ['https://{host}/seo-service', 'https://{host}/backlinks'],
  ],
  replica: [
    ['Rolex Replica', 'Luxusuhren', 'Markentaschen Replika'],
    ['1:1 Qualität', 'bis zu 90 % reduziert', 'direkt ab Fabrik'],
    ['Kostenloser Versand weltweit.', 'Nur für kurze Zeit.', 'Beste Qualität, bester Preis.'],
    ['https://{host}/uhren', 'https://{host}/sale'],
  ],
  dating: [
    ['Einsame Frauen in deiner Nähe', 'Heiße Singles', 'Ich suche heute noch ein Date'],
    ['warten auf dich', 'ohne Anmeldung', 'kostenlos und diskret'],
    ['Schreib mir privat.', 'Klick hier für Bilder.', 'Nur für Erwachsene.'],
    ['https://{host}/treffen', 'https://{host}/chat'],
  ],
  escort: [
    ['Umzug und Entrümpelung', 'Schlüsseldienst Notdienst', 'Günstige Solaranlage'],
    ['in Ihrer Stadt', '24 Stunden erreichbar', 'zum Festpreis'],
    ['Rufen Sie jetzt an: 0800 55 55 55.', 'Fordern Sie ein Angebot an.', 'Über 1.000 zufriedene Kunden.'],
    ['https://{host}', 'www.{host} https://{host}/angebot'],
  ],
}
export const CAMPAIGN_NAMES = Object.keys(CAMPAIGNS)

function spam(chance: Chance, campaign: string): LabelledComment {
  const host = `${chance.pick(['top', 'best', 'neu', 'gut', 'mega'])}-${campaign}-${Math.floor(chance.next() * 40)}.example`
  const parts = (CAMPAIGNS[campaign] ?? []).map((choices) => chance.pick(choices).replaceAll('{host}', host))
  const text = chance.next() < 0.3 ? `${chance.pick(OPENINGS)} ${parts.join(' ')}` : parts.join(' ')
  return {
    name: chance.next() < 0.5 ? chance.pick(NAMES) : `${campaign}${Math.floor(chance.next() * 1000)}`,
    website: chance.next() < 0.5 ? `https://${host}/` : null,
    text: chance.next() < 0.1 ? text.toUpperCase() : text,
    label: 'spam',
    campaign,
  }
}

/** Comments in a mix that a site sees: seven good ones to three spam, the same ones for the same seed. */
export function generateComments(count: number, seed: number, campaigns = CAMPAIGN_NAMES): LabelledComment[] {
  const chance = new Chance(seed)
  return Array.from({ length: count }, () =>
    chance.next() < 0.7 ? good(chance) : spam(chance, chance.pick(campaigns)),
  )
}
