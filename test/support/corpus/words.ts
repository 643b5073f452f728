/** What the generated corpus is made of: our own word lists, the most frequent word of each first. */

export type Gender = 'm' | 'f' | 'n'

/** A noun: nominative singular, gender, nominative plural; a masculine or neuter genitive ends in `s`. */
export type Noun = readonly [singular: string, gender: Gender, plural: string]

/** First parts of compounds, with what joins them. */
export const MODIFIERS = [
  ...['Zeitungs', 'Verlags', 'Anzeigen', 'Medien', 'Werbe', 'Daten', 'Handels', 'Papier', 'Steuer', 'Leser'],
  ...[
    'Redaktions',
    'Rundfunk',
    'Plattform',
    'Netz',
    'Druck',
    'Abo',
    'Außenhandels',
    'Energie',
    'Export',
    'Lokal',
  ],
  ...['Zoll', 'Strom', 'Kunden', 'Archiv', 'Bild', 'Urheber', 'Wochenend', 'Nachrichten', 'Bilanz', 'Kurier'],
]

/** Last parts of compounds, which give them gender and plural. */
export const HEADS: readonly Noun[] = [
  ['markt', 'm', 'märkte'],
  ['preis', 'm', 'preise'],
  ['bilanz', 'f', 'bilanzen'],
  ['geschäft', 'n', 'geschäfte'],
  ['verband', 'm', 'verbände'],
  ['gesetz', 'n', 'gesetze'],
  ['abteilung', 'f', 'abteilungen'],
  ['system', 'n', 'systeme'],
  ['bericht', 'm', 'berichte'],
  ['strategie', 'f', 'strategien'],
  ['vertrag', 'm', 'verträge'],
  ['quote', 'f', 'quoten'],
  ['zentrum', 'n', 'zentren'],
  ['rechnung', 'f', 'rechnungen'],
  ['lieferung', 'f', 'lieferungen'],
  ['plan', 'm', 'pläne'],
  ['netzwerk', 'n', 'netzwerke'],
  ['umsatz', 'm', 'umsätze'],
  ['prüfung', 'f', 'prüfungen'],
  ['modell', 'n', 'modelle'],
]

export interface Topic {
  section: string
  tags: readonly string[]
  nouns: readonly Noun[]
  /** Transitive verbs: third person singular and plural. */
  verbs: readonly (readonly [string, string])[]
  adjectives: readonly string[]
}

export const TOPICS: readonly Topic[] = [
  {
    section: 'medien',
    tags: ['Redaktion', 'Verlage', 'Lokalzeitung', 'Rundfunk', 'Presserecht', 'Newsletter'],
    nouns: [
      ['Redaktion', 'f', 'Redaktionen'],
      ['Verlag', 'm', 'Verlage'],
      ['Zeitung', 'f', 'Zeitungen'],
      ['Sender', 'm', 'Sender'],
      ['Leserin', 'f', 'Leserinnen'],
      ['Archiv', 'n', 'Archive'],
      ['Beitrag', 'm', 'Beiträge'],
      ['Ausgabe', 'f', 'Ausgaben'],
      ['Publikum', 'n', 'Publika'],
      ['Chefredakteurin', 'f', 'Chefredakteurinnen'],
    ],
    verbs: [
      ['veröffentlicht', 'veröffentlichen'],
      ['prüft', 'prüfen'],
      ['verändert', 'verändern'],
      ['stärkt', 'stärken'],
      ['kürzt', 'kürzen'],
      ['begleitet', 'begleiten'],
      ['erreicht', 'erreichen'],
    ],
    adjectives: ['neu', 'lokal', 'unabhängig', 'gedruckt', 'digital', 'langjährig', 'streitbar'],
  },
  {
    section: 'wirtschaft',
    tags: ['Handel', 'Steuern', 'Konjunktur', 'Export', 'Mittelstand', 'Zölle'],
    nouns: [
      ['Handel', 'm', 'Händler'],
      ['Unternehmen', 'n', 'Unternehmen'],
      ['Branche', 'f', 'Branchen'],
      ['Zoll', 'm', 'Zölle'],
      ['Umsatz', 'm', 'Umsätze'],
      ['Ministerium', 'n', 'Ministerien'],
      ['Lieferkette', 'f', 'Lieferketten'],
      ['Gewerkschaft', 'f', 'Gewerkschaften'],
      ['Kredit', 'm', 'Kredite'],
      ['Genossenschaft', 'f', 'Genossenschaften'],
    ],
    verbs: [
      ['senkt', 'senken'],
      ['erhöht', 'erhöhen'],
      ['finanziert', 'finanzieren'],
      ['belastet', 'belasten'],
      ['verhandelt', 'verhandeln'],
      ['bremst', 'bremsen'],
      ['übernimmt', 'übernehmen'],
    ],
    adjectives: ['groß', 'schwach', 'ausländisch', 'kräftig', 'mittelständisch', 'vorläufig', 'günstig'],
  },
  {
    section: 'technik',
    tags: ['Software', 'Netze', 'Sicherheit', 'Barrierefreiheit', 'Formate', 'Künstliche Intelligenz'],
    nouns: [
      ['Server', 'm', 'Server'],
      ['Software', 'f', 'Programme'],
      ['Werkzeug', 'n', 'Werkzeuge'],
      ['Schnittstelle', 'f', 'Schnittstellen'],
      ['Passwort', 'n', 'Passwörter'],
      ['Browser', 'm', 'Browser'],
      ['Sprachmodell', 'n', 'Sprachmodelle'],
      ['Entwicklerin', 'f', 'Entwicklerinnen'],
      ['Format', 'n', 'Formate'],
      ['Verschlüsselung', 'f', 'Verschlüsselungen'],
    ],
    verbs: [
      ['speichert', 'speichern'],
      ['ersetzt', 'ersetzen'],
      ['verbindet', 'verbinden'],
      ['beschleunigt', 'beschleunigen'],
      ['schützt', 'schützen'],
      ['liest', 'lesen'],
      ['vereinfacht', 'vereinfachen'],
    ],
    adjectives: ['sicher', 'offen', 'schnell', 'veraltet', 'quelloffen', 'verteilt', 'sparsam'],
  },
  {
    section: 'werbung',
    tags: ['Anzeigen', 'Vermarktung', 'Kennzeichnung', 'Reichweite', 'Datenschutz', 'Sponsoring'],
    nouns: [
      ['Anzeige', 'f', 'Anzeigen'],
      ['Kampagne', 'f', 'Kampagnen'],
      ['Kunde', 'm', 'Kunden'],
      ['Agentur', 'f', 'Agenturen'],
      ['Reichweite', 'f', 'Reichweiten'],
      ['Auftrag', 'm', 'Aufträge'],
      ['Vermarkter', 'm', 'Vermarkter'],
      ['Motiv', 'n', 'Motive'],
      ['Zielgruppe', 'f', 'Zielgruppen'],
      ['Budget', 'n', 'Budgets'],
    ],
    verbs: [
      ['bucht', 'buchen'],
      ['kennzeichnet', 'kennzeichnen'],
      ['misst', 'messen'],
      ['gestaltet', 'gestalten'],
      ['verkauft', 'verkaufen'],
      ['plant', 'planen'],
      ['verteuert', 'verteuern'],
    ],
    adjectives: ['auffällig', 'teuer', 'regional', 'ganzseitig', 'umstritten', 'messbar', 'freiwillig'],
  },
]

export const FIRST_NAMES = [
  ...[
    'Anna',
    'Thomas',
    'Katrin',
    'Stefan',
    'Julia',
    'Michael',
    'Aylin',
    'Jürgen',
    'Sabine',
    'Emre',
    'Lena',
    'Jörg',
  ],
  ...[
    'Zofia',
    'Björn',
    'Heike',
    'Mehmet',
    'Ursula',
    'Dženan',
    'Käthe',
    'Noah',
    'Renate',
    'Til',
    'Oksana',
    'Götz',
  ],
]
export const LAST_NAMES = [
  ...[
    'Müller',
    'Schmidt',
    'Yılmaz',
    'Krüger',
    'Weiß',
    'Hoffmann',
    'Nowak',
    'Jäger',
    'Brandt',
    'Öztürk',
    'Lehmann',
  ],
  ...[
    'Größler',
    'Petersen',
    'Kowalski',
    'Fröhlich',
    'Vogt',
    'Demir',
    'Sommerfeld',
    'Quast',
    'Thießen',
    'Arndt',
  ],
  ...[
    'Baumgärtner',
    'Haller',
    'Ivanova',
    'Reuß',
    'Stöckl',
    'Wieland',
    'Zander',
    'Eppler',
    'Osterkamp',
    'Rinne',
  ],
]
export const PLACES = [
  ...[
    'Berlin',
    'Hamburg',
    'München',
    'Köln',
    'Leipzig',
    'Stuttgart',
    'Münster',
    'Göttingen',
    'Rostock',
    'Fürth',
  ],
  ...[
    'Wien',
    'Zürich',
    'Osnabrück',
    'Görlitz',
    'Lübeck',
    'Kassel',
    'Passau',
    'Würzburg',
    'Flensburg',
    'Jena',
  ],
]
export const COMPANY_KINDS = ['Verlag', 'Medien', 'Druck', 'Netz', 'Handelshaus', 'Werke', 'Agentur', 'Daten']
export const SOURCES = [
  'ots.at',
  'presseportal.de',
  'destatis.de',
  'bundesanzeiger.de',
  'gesetze-im-internet.de',
]
