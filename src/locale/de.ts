import { countingIn } from './plural.ts'

const { count, figure, choose } = countingIn('de-DE')

/** Every text the Worker shows, in German. Its type is the type of every other language. */
export const de = {
  language: 'de',
  site: {
    skipToContent: 'Zum Inhalt springen',
    sections: 'Ressorts',
    footer: 'Über diese Seite',
    backToTop: 'Zurück zum Anfang',
    feed: 'RSS-Feed',
    feedOf: (name: string) => `${name}: alle Artikel`,
    copyright: (year: number, name: string) => `© ${year} ${name}`,
    empty: 'Hier ist noch nichts veröffentlicht.',
    emptyHint: 'Sobald der erste Artikel erscheint, steht er auf dieser Seite.',
    tagged: (tag: string) => `Alle Artikel zum Schlagwort „${tag}“.`,
    allArticles: 'Zur Startseite',
  },
  front: {
    title: (name: string) => `${name}: die Titelseite`,
    latest: 'Neueste Meldungen',
    mostCommented: 'Meistkommentiert',
    archive: 'Zum Archiv',
    moreOf: (section: string) => `Mehr aus ${section}`,
  },
  search: {
    title: 'Suche',
    titleOf: (query: string) => `Suche nach „${query}“`,
    field: 'Suchbegriffe',
    submit: 'Suchen',
    hint: 'Mehrere Wörter müssen alle vorkommen. "In Anführungszeichen" steht, was genau so dastehen soll; ein Minus schließt ein -Wort aus, ein Stern steht für jedes Wortende: Zeitung*.',
    filters: 'Auswahl einschränken',
    section: 'Ressort',
    anySection: 'alle Ressorts',
    author: 'Von',
    anyAuthor: 'allen',
    from: 'Vom',
    until: 'Bis zum',
    sort: 'Zuerst',
    byRelevance: 'die passendsten',
    byDate: 'die neuesten',
    results: (n: number) => count(n, { one: 'Artikel gefunden', other: 'Artikel gefunden' }),
    more: (n: number) => `Mehr als ${count(n, { one: 'Artikel gefunden', other: 'Artikel gefunden' })}`,
    none: (query: string) => `Zu „${query}“ haben wir nichts gefunden.`,
    noneHint: 'Vielleicht hilft ein anderes Wort, ein Wort weniger oder eine weitere Auswahl.',
    some: 'Kein Artikel enthält alle Wörter. Diese enthalten einige davon.',
    didYouMean: 'Meinten Sie',
    pages: 'Seiten der Suche',
    tooManyTitle: 'Das waren viele Suchen auf einmal',
    tooMany:
      'Von Ihrem Anschluss kamen gerade sehr viele Suchanfragen. Bitte versuchen Sie es in einer Minute noch einmal.',
    openSearch: (name: string) => `${name} durchsuchen`,
  },
  list: {
    home: 'Startseite',
    breadcrumbs: 'Sie sind hier',
    everything: 'Alle Meldungen',
    everythingText: 'Alles, was erschienen ist, das Neueste zuerst.',
    ofSection: (section: string) => `Alle Artikel im Ressort ${section}.`,
    ofAuthor: (name: string) => `Alle Artikel von ${name}.`,
    ofMonth: (month: string) => `Alle Artikel aus dem Monat ${month}.`,
    ofYear: (year: string) => `Alle Artikel des Jahres ${year}, nach Monaten.`,
    archive: (year: string) => `Archiv ${year}`,
    years: 'Jahre',
    articles: (n: number) => count(n, { one: 'Artikel', other: 'Artikel' }),
    authorLinks: (name: string) => `${name} im Netz`,
    pages: 'Seiten dieser Liste',
    page: (n: number) => `Seite ${n}`,
    pageOf: (n: number, last: number) => `Seite ${n} von ${last}`,
    titleOfPage: (title: string, n: number) => `${title}, Seite ${n}`,
    newer: 'Neuere Artikel',
    older: 'Ältere Artikel',
  },
  article: {
    by: 'Von',
    and: 'und',
    published: 'Veröffentlicht am',
    updated: 'Aktualisiert am',
    readingTime: (minutes: number) => count(minutes, { one: 'Minute Lesezeit', other: 'Minuten Lesezeit' }),
    source: 'Quelle',
    sourceReference: 'Quelle/Referenz',
    related: 'Ähnliche Artikel',
    tags: 'Schlagwörter',
    neighbours: (section: string) => `Weitere Artikel aus ${section}`,
    previous: 'Vorheriger Artikel',
    next: 'Nächster Artikel',
    alsoIn: { de: 'Auch auf Deutsch:', en: 'Auch auf Englisch:' },
    anchor: (title: string) => `Direkt zum Abschnitt: ${title}`,
    footnote: (n: string) => `Fußnote ${n}`,
    footnoteBack: 'Zurück zum Text',
    table: 'Tabelle, seitlich verschiebbar',
    gallery: (pictures: number) => `Bilderstrecke mit ${pictures} Bildern, seitlich verschiebbar`,
    recording: { film: 'Film', sound: 'Tonaufnahme' },
    captions: { de: 'Untertitel auf Deutsch', en: 'Untertitel auf Englisch' },
    embedTitle: (service: string) => `Beitrag bei ${service}`,
    embedOpen: (service: string) => `Bei ${service} öffnen`,
    embedNote: (host: string) => `Der Link führt zu ${host}. Vorher wird von dort nichts geladen.`,
    contents: 'In diesem Artikel',
    share: 'Weitergeben',
  },
  share: {
    mail: 'E-Mail',
    mastodon: 'Mastodon',
    bluesky: 'Bluesky',
    linkedin: 'LinkedIn',
    xing: 'XING',
    whatsapp: 'WhatsApp',
    telegram: 'Telegram',
    threads: 'Threads',
    facebook: 'Facebook',
    x: 'X',
  },
  feed: {
    comments: (of: string) => `${of}: Kommentare`,
    commentBy: (name: string) => `Kommentar von ${name}`,
    commentOn: (name: string, article: string) => `${name} zu „${article}“`,
  },
  ad: {
    label: 'Kurze Werbeeinblendung',
    by: (advertiser: string) => `Anzeige von ${advertiser}`,
    skip: 'Werbung überspringen',
  },
  comments: {
    jump: 'Zu den Kommentaren',
    count: (n: number) => (n === 0 ? 'Kommentare' : count(n, { one: 'Kommentar', other: 'Kommentare' })),
    none: 'Noch keine Kommentare. Schreiben Sie den ersten.',
    older: 'Ältere Kommentare',
    newest: 'Neueste Kommentare',
    pending:
      'Ihr Kommentar ist gespeichert und wartet auf die Freigabe durch die Redaktion. Bis dahin sehen nur Sie ihn, über die Adresse dieser Seite.',
    published: 'Ihr Kommentar ist veröffentlicht. Vielen Dank!',
    pendingBadge: 'wartet auf Freigabe',
    unavailable:
      'Die Kommentare lassen sich gerade nicht laden. Bitte versuchen Sie es in einigen Minuten noch einmal.',
    closed: (by: 'site' | 'age' | 'article', since: string | null, days: number) =>
      by === 'site'
        ? `Seit dem ${since} nimmt diese Seite keine Kommentare mehr an.`
        : by === 'age'
          ? `Kommentieren kann man einen Artikel ${count(days, { one: 'Tag', other: 'Tage' })} lang. Zu diesem sind die Kommentare seit dem ${since} geschlossen.`
          : since
            ? `Die Redaktion hat die Kommentare zu diesem Artikel am ${since} geschlossen.`
            : 'Die Redaktion hat die Kommentare zu diesem Artikel geschlossen.',
    formHeading: 'Schreibe einen Kommentar',
    notice: 'Ihre E-Mail-Adresse wird nicht veröffentlicht. Erforderliche Felder sind mit * markiert.',
    noticePublished: (published: 'all' | 'returning' | 'none') =>
      published === 'none'
        ? 'Veröffentlicht werden Name, Website und Text, sofort nach dem Absenden.'
        : 'Veröffentlicht werden Name, Website und Text, nachdem die Redaktion den Kommentar gelesen hat.',
    rulesBefore: 'Es gelten die',
    rulesAnd: 'Wie wir mit Ihren Angaben umgehen, steht unter',
    name: 'Name',
    nameHint: 'So erscheint er beim Kommentar; höchstens 80 Zeichen.',
    email: 'E-Mail',
    emailHint: 'Wird nicht veröffentlicht, sondern verschlüsselt gespeichert.',
    website: 'Website',
    websiteHint: 'Freiwillig; wird mit Ihrem Namen verlinkt.',
    text: 'Kommentar',
    textHint:
      'Höchstens 5.000 Zeichen. Adressen werden zu Links. Wer mag: *betont*, **stark**, > Zitat, - Liste, `Code`, [Text](Adresse).',
    honeypot: 'Dieses Feld bitte leer lassen',
    submit: 'Kommentar abschicken',
    preview: 'Vorschau',
    previewPrefix: 'Vorschau:',
    previewNote: 'So wird Ihr Kommentar aussehen. Gespeichert ist er noch nicht.',
    errorSummary: (n: number) =>
      choose(n, {
        one: 'Der Kommentar ist noch nicht gespeichert: Eine Angabe fehlt oder stimmt nicht.',
        other: `Der Kommentar ist noch nicht gespeichert: ${figure(n)} Angaben fehlen oder stimmen nicht.`,
      }),
    errorPrefix: 'Fehler:',
    notSaved: 'Der Kommentar ist noch nicht gespeichert.',
    errors: {
      nameMissing: 'Bitte geben Sie einen Namen an.',
      nameLong: 'Der Name darf höchstens 80 Zeichen lang sein.',
      nameControl: 'Der Name enthält unsichtbare Steuerzeichen. Bitte entfernen Sie sie.',
      emailMissing: 'Bitte geben Sie Ihre E-Mail-Adresse an.',
      emailInvalid: 'Das ist keine gültige E-Mail-Adresse. Sie sieht zum Beispiel so aus: name@beispiel.de',
      websiteInvalid:
        'Das ist keine gültige Web-Adresse. Sie beginnt mit https://, zum Beispiel https://beispiel.de',
      textMissing: 'Bitte schreiben Sie einen Kommentar.',
      textLong: 'Der Kommentar darf höchstens 5.000 Zeichen lang sein.',
      textControl: 'Der Kommentar enthält unsichtbare Steuerzeichen. Bitte entfernen Sie sie.',
      tokenExpired:
        'Die Seite war lange offen. Bitte schicken Sie den Kommentar noch einmal ab; Ihr Text ist noch da.',
      tokenEarly:
        'Das ging sehr schnell. Bitte warten Sie einen Augenblick und schicken Sie den Kommentar noch einmal ab; Ihr Text ist noch da.',
      rate: 'Von Ihrem Anschluss kamen gerade viele Kommentare. Bitte warten Sie eine Minute und schicken Sie den Kommentar noch einmal ab; Ihr Text ist noch da.',
      unavailable:
        'Der Kommentar konnte gerade nicht gespeichert werden. Bitte versuchen Sie es in einigen Minuten noch einmal; Ihr Text ist noch da.',
      closed:
        'Die Kommentare zu diesem Artikel sind geschlossen. Ihr Text steht noch im Formular, damit Sie ihn sichern können.',
    },
  },
  errors: {
    notFoundTitle: 'Diese Seite gibt es nicht',
    notFound:
      'Unter dieser Adresse steht nichts. Vielleicht wurde der Artikel verschoben, oder die Adresse hat einen Tippfehler.',
    goneTitle: 'Diesen Artikel gibt es nicht mehr',
    gone: 'Die Redaktion hat ihn von der Seite genommen. Er kommt unter dieser Adresse nicht wieder.',
    nearest: 'Meinten Sie diesen Artikel?',
    search: 'Suchen Sie nach:',
    searchSubmit: 'Suchen',
    methodTitle: 'So geht es nicht',
    method: 'Diese Adresse kann so nicht aufgerufen werden.',
    badRequestTitle: 'Die Anfrage ist unvollständig',
    badRequest:
      'Was hier ankam, lässt sich nicht lesen. Bitte gehen Sie zurück und versuchen Sie es noch einmal.',
    originTitle: 'Das Formular kam von einer anderen Seite',
    origin:
      'Kommentare lassen sich nur von der Artikelseite aus abschicken. Bitte öffnen Sie den Artikel und versuchen Sie es dort.',
    tooLargeTitle: 'Das ist zu viel auf einmal',
    tooLarge:
      'Die Anfrage ist größer als 32 KB. Bitte kürzen Sie Ihren Text; mit „Zurück“ kommen Sie zu ihm.',
    mediaTypeTitle: 'Dieses Format versteht die Seite nicht',
    mediaType: 'Bitte benutzen Sie das Formular auf der Artikelseite.',
    unavailableTitle: 'Gerade nicht erreichbar',
    unavailable:
      'Die Seite lässt sich im Augenblick nicht laden. Bitte versuchen Sie es in einer Minute noch einmal.',
    internalTitle: 'Da ist etwas schiefgegangen',
    internal: 'Der Fehler liegt bei uns und ist vermerkt. Bitte versuchen Sie es noch einmal.',
  },
  /** What was expected, for messages about content files. */
  expected: {
    text: 'ein Text',
    text24: 'ein Text mit 1 bis 24 Zeichen',
    text40: 'ein Text mit 1 bis 40 Zeichen',
    text60: 'ein Text mit 1 bis 60 Zeichen',
    text110: 'ein Text mit 1 bis 110 Zeichen',
    text120: 'ein Text mit 1 bis 120 Zeichen',
    text140: 'ein Text mit 1 bis 140 Zeichen',
    text220: 'ein Text mit höchstens 220 Zeichen',
    text400: 'ein Text mit höchstens 400 Zeichen',
    alt: 'ein Text mit 1 bis 400 Zeichen, der sagt, was zu sehen ist',
    slug: 'ein Adressteil aus Kleinbuchstaben, Ziffern und Bindestrichen, wie china-kasachstan',
    freeSlug: 'ein Adressteil, den die Seite nicht selbst braucht und keine feste Seite schon hat',
    slugs: 'eine Liste von Adressteilen, wie [medien, technik]',
    moment: 'Datum, Uhrzeit und Zeitzone, wie 2024-07-03T09:30:00+02:00',
    day: 'ein Tag, wie 2024-07-03',
    url: 'eine Adresse, die mit https:// oder http:// beginnt',
    target: 'eine Adresse, die mit https:// beginnt, oder ein Pfad dieser Seite, wie /impressum/',
    origin: 'Schema und Rechnername ohne Schrägstrich am Ende, wie https://beispiel.de',
    media: 'der Name eines Bildes in content/media, wie bild.svg',
    tags: 'eine Liste von höchstens 12 Schlagwörtern',
    article: 'ein Artikel aus content/articles',
    authors: 'ein Name oder eine Liste von höchstens 12 Namen',
    author: 'eine Autorin oder ein Autor aus content/authors, mit Namen oder Adressteil',
    links: 'eine Liste von höchstens 12 Links mit name und url',
    network: 'mail, mastodon, bluesky, linkedin, xing, whatsapp, telegram, threads, facebook oder x',
    networks: 'eine Liste von höchstens sechs Netzen, wie [mail, mastodon]',
    front: 'eine Liste von höchstens 4 Artikeln mit slug und, wenn gewünscht, until',
    adsPolicy: 'auto oder none',
    commentPolicy: 'open, closed oder none',
    moderation: 'all, returning oder none',
    status: 'draft oder published',
    section: 'ein Ressort aus site.yaml',
    sections: 'eine Liste mit mindestens einem Ressort',
    path: 'ein Pfad, der mit / beginnt',
    paths: 'eine Liste von Pfaden',
    count: 'eine ganze Zahl ab 0',
    days: 'eine ganze Zahl von Tagen, ab 1',
    weight: 'eine ganze Zahl von 1 bis 100',
    language: 'de oder en',
    contacts: 'eine Liste von Adressen, an die man sich wenden kann, höchstens 6',
    contact: 'eine Adresse, die mit mailto:, https:// oder tel: beginnt',
    timezone: 'eine Zeitzone, wie Europe/Berlin',
    color: 'eine Farbe wie #b3261a',
    headlines: 'newsreader, serif oder sans',
    textface: 'serif oder sans',
    social: 'auto oder none',
    masthead: 'left oder center',
    contrast: 'mindestens 4.5 : 1, damit jeder den Text lesen kann (WCAG 2.2, 1.4.3)',
    embed:
      '{{youtube ID "Titel" bild.jpg}}, ebenso vimeo, soundcloud, spotify (episode/ID) und mastodon (Adresse)',
  },
  issue: {
    'unknown-key': 'unbekannter Schlüssel',
    missing: 'fehlt',
    invalid: 'ungültiger Wert',
    'unknown-value': 'unbekannter Wert',
    'missing-media': 'dieses Bild gibt es nicht in content/media',
    'ad-marker':
      '<!-- ad --> muss allein in einer Zeile zwischen zwei Absätzen stehen, nicht am Anfang und nicht gleich nach einer Überschrift',
    'alias-self': 'diese alte Adresse ist die des Artikels selbst oder die Startseite',
    'alias-taken': 'unter dieser alten Adresse steht schon etwas anderes',
    'translation-self':
      'das ist der Artikel selbst oder seine eigene Sprache; hier stehen nur andere Sprachen',
    'translation-language': 'der genannte Artikel ist nicht in dieser Sprache',
    'translation-back': 'der genannte Artikel nennt diesen nicht als seine Übersetzung',
    'alt-missing': 'dieses Bild hat keinen Alternativtext; wer es nicht sieht, erfährt nicht, was es zeigt',
    'captions-missing':
      'dieser Film hat keine Untertitel (eine Datei gleichen Namens mit der Endung .vtt); wer ihn nicht hört, versteht ihn nicht',
    'unknown-embed': 'diesen Dienst kennt die Site nicht',
    'low-contrast': 'zu wenig Kontrast',
    'empty-body': 'der Text ist leer',
    'too-deep': 'der Text ist zu tief verschachtelt',
    syntax: 'die Datei ist nicht lesbar',
    expected: (what: string) => `erwartet: ${what}`,
    nearest: (word: string) => `meinten Sie „${word}“?`,
  },
  problem: {
    unauthorized: 'Es fehlt ein gültiger Zugangsschlüssel.',
    forbidden: 'Dieser Zugangsschlüssel darf nur lesen.',
    notFound: 'Das gibt es hier nicht.',
    conflict: 'Inzwischen hat jemand anderes eine neuere Fassung veröffentlicht.',
    tooLarge: 'Die Anfrage ist zu groß.',
    invalid: 'Der Inhalt ist fehlerhaft.',
    malformed: 'Die Anfrage ist kein gültiges JSON der erwarteten Form.',
    noSite: 'Zuerst müssen die Einstellungen (site.yaml) veröffentlicht werden.',
    method: 'Diese Methode gibt es hier nicht.',
    mediaMissing: 'Es fehlen noch Dateien dieses Bildes.',
    mediaType: 'Dieses Bildformat wird nicht unterstützt, oder die Datei ist beschädigt.',
    unavailable: 'Der Speicher ist gerade nicht erreichbar.',
  },
} as const satisfies TextTree

/** Texts are strings, or functions that put something into one. */
interface TextTree {
  readonly [key: string]: string | ((...values: never[]) => string) | TextTree
}

/** The shape every language has to fill. */
export type Texts = Widen<typeof de>
type Widen<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...args: infer A) => string
      ? (...args: A) => string
      : Widen<T[K]>
}
