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
    articles: (n: number) => (n === 1 ? '1 Artikel' : `${n} Artikel`),
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
    readingTime: (minutes: number) => (minutes === 1 ? '1 Minute Lesezeit' : `${minutes} Minuten Lesezeit`),
    source: 'Quelle',
    sourceReference: 'Quelle/Referenz',
    related: 'Ähnliche Artikel',
    tags: 'Schlagwörter',
    neighbours: (section: string) => `Weitere Artikel aus ${section}`,
    previous: 'Vorheriger Artikel',
    next: 'Nächster Artikel',
    anchor: (title: string) => `Direkt zum Abschnitt: ${title}`,
    footnote: (n: string) => `Fußnote ${n}`,
    footnoteBack: 'Zurück zum Text',
    table: 'Tabelle, seitlich verschiebbar',
  },
  ad: {
    label: 'Kurze Werbeeinblendung',
    by: (advertiser: string) => `Anzeige von ${advertiser}`,
    skip: 'Werbung überspringen',
  },
  comments: {
    jump: 'Zu den Kommentaren',
    count: (n: number) => (n === 0 ? 'Kommentare' : n === 1 ? '1 Kommentar' : `${n} Kommentare`),
    none: 'Noch keine Kommentare. Schreiben Sie den ersten.',
    older: 'Ältere Kommentare',
    newest: 'Neueste Kommentare',
    pending:
      'Ihr Kommentar ist gespeichert und wartet auf die Freigabe durch die Redaktion. Bis dahin sehen nur Sie ihn, über die Adresse dieser Seite.',
    published: 'Ihr Kommentar ist veröffentlicht. Vielen Dank!',
    pendingBadge: 'wartet auf Freigabe',
    unavailable:
      'Die Kommentare lassen sich gerade nicht laden. Bitte versuchen Sie es in einigen Minuten noch einmal.',
    closed: 'Die Kommentare zu diesem Artikel sind geschlossen.',
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
    textHint: 'Höchstens 5.000 Zeichen. Absätze bleiben erhalten, Adressen werden zu Links.',
    honeypot: 'Dieses Feld bitte leer lassen',
    submit: 'Kommentar abschicken',
    errorSummary: (n: number) =>
      n === 1
        ? 'Der Kommentar ist noch nicht gespeichert: Eine Angabe fehlt oder stimmt nicht.'
        : `Der Kommentar ist noch nicht gespeichert: ${n} Angaben fehlen oder stimmen nicht.`,
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
    weight: 'eine ganze Zahl von 1 bis 100',
    language: 'de oder en',
    timezone: 'eine Zeitzone, wie Europe/Berlin',
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
