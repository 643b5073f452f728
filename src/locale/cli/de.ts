import { de as site } from '../de.ts'
import { countingIn } from '../plural.ts'

const { count, figure } = countingIn('de-DE')

/** Every text the command line shows, in German. Its type is the type of every other language. */
export const de = {
  mw: 'MedienWirtschaft: Inhalte prüfen, veröffentlichen und die Site betreiben',
  error: (message: string) => `Fehler: ${message}`,
  help: {
    option: 'zeigt diese Hilfe',
    command: 'zeigt die Hilfe eines Befehls',
    version: 'zeigt die Version',
    usage: 'Aufruf:',
    arguments: 'Argumente:',
    options: 'Optionen:',
    commands: 'Befehle:',
    anyOptions: '[Optionen]',
    anyCommand: '[Befehl]',
    default: 'Vorgabe',
    more: (command: string) => `Mehr dazu: ${command} --help`,
    exitCodes: 'Rückgabewerte: 0 in Ordnung · 1 fehlgeschlagen · 2 falsch aufgerufen',
  },
  wrongUse: {
    unknownOption: (name: string) => `Die Option ${name} gibt es nicht.`,
    unknownCommand: (name: string) => `Den Befehl „${name}“ gibt es nicht.`,
    missingArgument: (name: string) => `Die Angabe ${name} fehlt.`,
    optionMissingArgument: (name: string) => `Die Option ${name} braucht einen Wert.`,
    excessArguments: 'Das sind zu viele Angaben.',
    nearest: (name: string) => `Meinten Sie ${name}?`,
    url: (got: string) => `„${got}“ ist keine Adresse einer Site; erwartet: https://beispiel.de`,
    port: (got: string) => `„${got}“ ist kein Port; erwartet: eine Zahl von 1 bis 65535`,
    limit: (got: string) => `„${got}“ ist keine Anzahl; erwartet: eine ganze Zahl ab 1`,
    day: (got: string) => `„${got}“ ist kein Tag; erwartet: JJJJ-MM-TT, wie 2026-01-31`,
    id: (got: string) => `„${got}“ ist keine Kommentarnummer; erwartet: eine Zahl`,
    campaign: (got: string) =>
      `„${got}“ ist keine Kennung einer Kampagne; erwartet: Kleinbuchstaben, Ziffern, Bindestriche`,
    status: (got: string) => `„${got}“ ist kein Stand; erwartet: pending, approved, spam oder trash`,
    format: (got: string) => `„${got}“ ist kein Format; erwartet: json oder csv`,
    from: (got: string) => `„${got}“ ist keine Herkunft; erwartet: wxr, disqus oder json`,
    role: (got: string) => `„${got}“ ist keine Rolle; erwartet: author, moderator, editor oder admin`,
    either: (one: string, other: string) => `${one} und ${other} schließen einander aus.`,
    dayOrder: 'Der erste Tag liegt nach dem letzten.',
  },
  option: {
    json: 'gibt das Ergebnis als JSON aus',
    to: 'Adresse der Site',
    dir: 'Ordner mit den Inhalten',
    dryRun: 'zeigt nur, was geschähe',
    prune: 'löscht auf der Site, was nicht mehr im Ordner liegt',
    force: 'sendet alles, auch Unverändertes',
    overwrite: 'überschreibt bei dieser Kampagne, was am Redaktionstisch geschah (mehrmals möglich)',
    port: 'Port auf diesem Rechner',
    persistTo: 'Ordner für die lokalen Daten',
    status: 'nur Kommentare mit diesem Stand: pending, approved, spam oder trash',
    limit: 'höchstens so viele',
    from: 'erster Tag (JJJJ-MM-TT)',
    toDay: 'letzter Tag (JJJJ-MM-TT)',
    csv: 'gibt das Ergebnis als CSV aus',
    commentId: 'Nummer des Kommentars',
    commentIds: 'Nummern der Kommentare',
    email: 'E-Mail-Adresse',
    role: 'Rolle: author, moderator, editor oder admin',
    name: 'Name; ohne Angabe der Teil der Adresse vor dem @',
  },
  check: {
    summary: 'prüft die Inhalte, ohne dass eine Site läuft',
    warning: (message: string) => `Hinweis: ${message}`,
    passed: (documents: string, pictures: string) => `In Ordnung: ${documents}, ${pictures}.`,
    failed: (refusals: string, documents: string, pictures: string) =>
      `${refusals}; geprüft: ${documents}, ${pictures}.`,
  },
  count: {
    documents: (n: number) => count(n, { one: 'Dokument', other: 'Dokumente' }),
    pictures: (n: number) => count(n, { one: 'Bild', other: 'Bilder' }),
    refusals: (n: number) => count(n, { one: 'Beanstandung', other: 'Beanstandungen' }),
  },
  folder: {
    missing: (dir: string) => `Den Ordner „${dir}“ gibt es nicht.`,
    notAFolder: (dir: string) => `„${dir}“ ist kein Ordner.`,
    unreadable: (path: string, reason: string) => `${path} lässt sich nicht lesen (${reason}).`,
  },
  fault: {
    noSite: 'die Datei fehlt; sie enthält Name und Ressorts der Site',
    utf8: 'die Datei ist nicht in UTF-8 gespeichert',
    noFrontMatter: 'der Kopf fehlt: die erste Zeile muss aus --- bestehen',
    openFrontMatter: 'der Kopf hat kein Ende: es fehlt eine Zeile, die nur aus --- besteht',
    notAMap: 'erwartet: Zeilen der Form „schlüssel: wert“',
    yaml: (reason: string) => `kein gültiges YAML: ${reason}`,
    ending: (ending: string) => `erwartet: die Endung ${ending}`,
    fileName: (slug: string) => `aus dem Dateinamen wird keine Adresse (erwartet: ${slug})`,
    mediaName:
      'der Dateiname passt nicht (erwartet: Kleinbuchstaben, Ziffern, Punkt und Bindestrich, Endung svg, png, jpg, webp, gif oder avif)',
    mediaSize: (megabytes: number) => `die Datei ist größer als ${megabytes} MB`,
    mediaLink: 'das ist eine Verknüpfung; Bilder müssen selbst im Ordner liegen',
    mediaPixels: (megapixels: number) => `das Bild hat mehr als ${megapixels} Millionen Bildpunkte`,
    mediaAnimation: (frames: number, megabytes: number) =>
      `die Animation ist zu groß: höchstens ${frames} Bilder und ${megabytes} MB`,
    creative: site.problem.creative,
    mediaType: 'das ist kein Bild, oder nicht das, was seine Endung sagt',
    recordingType: 'das ist keine Aufnahme, oder nicht das, was ihre Endung sagt',
    duplicate: (slug: string, other: string) => `die Adresse „${slug}“ hat schon ${other}`,
    takenByPage: (slug: string, page: string) => `die Adresse „${slug}“ hat schon die Seite ${page}`,
    documentSize: (megabytes: number) => `das Dokument ist größer als ${megabytes} MB`,
  },
  yaml: {
    DUPLICATE_KEY: 'dieser Schlüssel steht schon weiter oben',
    TAB_AS_INDENT: 'Tabulator am Zeilenanfang; zum Einrücken dienen Leerzeichen',
    BAD_INDENT: 'die Einrückung stimmt nicht',
    MISSING_CHAR: 'es fehlt ein Zeichen, etwa ein Anführungszeichen, eine Klammer oder ein Doppelpunkt',
    BLOCK_AS_IMPLICIT_KEY: 'ein Doppelpunkt im Wert; der Wert muss in Anführungszeichen stehen',
    MULTILINE_IMPLICIT_KEY: 'nach dem Schlüssel fehlt der Doppelpunkt',
    BAD_SCALAR_START: 'mit diesem Zeichen darf ein Wert nur in Anführungszeichen beginnen',
    UNEXPECTED_TOKEN: 'ein Zeichen an unerwarteter Stelle',
    BAD_DQ_ESCAPE: 'ein \\ vor einem Zeichen, das keines braucht',
    BAD_ALIAS: 'ein * verweist auf nichts; der Wert muss in Anführungszeichen stehen',
  },
  publish: {
    summary: 'sendet, was sich geändert hat, an eine Site',
    created: 'neu',
    updated: 'geändert',
    unchanged: 'unverändert',
    refused: 'abgelehnt',
    conflict: 'überholt',
    deleted: 'gelöscht',
    counts: (parts: string) => `${parts}.`,
    dryRun: 'Probelauf: nichts gesendet.',
    conflictDetail: (revision: number) =>
      `auf der Site liegt inzwischen Fassung ${revision}; bitte noch einmal veröffentlichen`,
    clash: {
      desk: (id: string) => `am Redaktionstisch geändert, nicht überschrieben; „mw pull ${id}“ holt es`,
      both: (id: string) =>
        `hier und am Redaktionstisch geändert, nicht überschrieben; „mw pull --overwrite ${id}“ nimmt die Fassung der Site, „mw publish --overwrite ${id}“ die der Datei`,
      deleted: (id: string) =>
        `am Redaktionstisch gelöscht; bitte die Datei löschen, oder „mw publish --overwrite ${id}“ legt die Kampagne wieder an`,
    },
    kept: (id: string) =>
      `Die Kampagne „${id}“ wurde am Redaktionstisch angelegt oder geändert und bleibt; „mw pull ${id}“ holt sie, „--overwrite ${id}“ löscht sie.`,
    blocked: 'ohne gültige site.yaml auf der Site nicht möglich',
    notPruned: (folder: string) => `In ${folder} wird nichts gelöscht, solange dort eine Datei unlesbar ist.`,
    progress: (done: number, total: number) => `${done} von ${total}`,
  },
  site: {
    noToken: (url: string) =>
      `Für ${url} fehlt der Zugangsschlüssel; er wird aus MW_TOKEN gelesen (auf diesem Rechner auch aus .dev.vars).`,
    badToken: 'Der Zugangsschlüssel enthält Zeichen, die darin nicht vorkommen können.',
    unreachable: (url: string) =>
      `${url} antwortet nicht. Läuft die Site? („npm run dev“ startet sie auf diesem Rechner.)`,
    unknownHost: (host: string) => `Den Rechner ${host} gibt es nicht.`,
    broken: (url: string, reason: string) => `Die Verbindung zu ${url} ist gescheitert (${reason}).`,
    timeout: (url: string) => `${url} hat zu lange nicht geantwortet.`,
    unauthorized: (url: string) => `${url} kennt diesen Zugangsschlüssel nicht (401). Stimmt MW_TOKEN?`,
    forbidden: (url: string) => `Dieser Zugangsschlüssel darf auf ${url} nur lesen (403).`,
    tooLarge: (what: string) => `${what} ist zu groß für die Site (413).`,
    moved: (url: string, target: string) =>
      `${url} leitet weiter nach ${target}; bitte diese Adresse mit --to angeben.`,
    notOurs: (url: string) => `Unter ${url} antwortet keine MedienWirtschaft. Stimmt die Adresse?`,
    failed: (status: number, title: string) => `Die Site meldet einen Fehler: ${title} (${status})`,
  },
  dev: {
    summary: 'startet die Site auf diesem Rechner und veröffentlicht den Ordner bei jedem Speichern',
    portTaken: (port: number) =>
      `Port ${port} ist schon belegt. Läuft die Site schon? Sonst: --port ${port + 1}`,
    portDenied: (port: number) => `Port ${port} lässt sich hier nicht öffnen.`,
    portUnsafe: (port: number) => `Port ${port} öffnet kein Browser; bitte einen anderen nehmen.`,
    madeVars: (path: string) => `Schlüssel für diesen Rechner erzeugt: ${path}`,
    migrating: 'Datenbank wird vorbereitet …',
    migrationFailed: 'Die Datenbank ließ sich nicht vorbereiten:',
    starting: 'Worker wird gestartet …',
    stopped: (code: string) => `Der Worker hat sich beendet (${code}). Die letzten Zeilen:`,
    notHealthy: (seconds: number, log: string) =>
      `Der Worker ist nach ${seconds} Sekunden nicht bereit. Mehr steht in ${log}`,
    ready: (url: string) => `Die Site läuft: ${url}`,
    watching: (dir: string, log: string) => `${dir} wird beobachtet; Strg+C beendet. Protokoll: ${log}`,
    stopping: 'Wird beendet …',
    siteGone: 'Der Ordner ist gerade nicht lesbar; beim nächsten Speichern geht es weiter.',
  },
  comments: {
    export: 'gibt alle Kommentare mit allem aus',
    format: 'json (eine Zeile je Kommentar, verlustfrei) oder csv',
    summary: 'zeigt Kommentare und gibt sie frei',
    list: 'zeigt Kommentare, die neuesten zuerst',
    show: 'zeigt einen Kommentar ganz',
    approve: 'gibt Kommentare frei',
    spam: 'merkt Kommentare als Spam',
    trash: 'legt Kommentare in den Papierkorb',
    delete: 'löscht Kommentare endgültig',
    none: {
      pending: 'Kein Kommentar wartet auf Freigabe.',
      approved: 'Kein Kommentar ist freigegeben.',
      spam: 'Kein Kommentar ist als Spam vermerkt.',
      trash: 'Der Papierkorb ist leer.',
    },
    more: 'Es gibt ältere; --limit zeigt mehr.',
    status: { pending: 'wartet', approved: 'freigegeben', spam: 'Spam', trash: 'Papierkorb' },
    done: {
      approved: (id: number) => `Kommentar ${id}: freigegeben`,
      spam: (id: number) => `Kommentar ${id}: als Spam vermerkt`,
      trash: (id: number) => `Kommentar ${id}: im Papierkorb`,
      pending: (id: number) => `Kommentar ${id}: wartet`,
      deleted: (id: number) => `Kommentar ${id}: gelöscht`,
    },
    missing: (id: number) => `Den Kommentar ${id} gibt es nicht.`,
    field: {
      id: 'Nummer',
      status: 'Stand',
      createdAt: 'Geschrieben',
      article: 'Artikel',
      parent: 'Antwort auf',
      name: 'Name',
      email: 'E-Mail',
      website: 'Website',
    },
  },
  media: {
    summary: 'kümmert sich um Bilder und Aufnahmen',
    prune: 'löscht Dateien, die nichts mehr zeigt',
    pruneDescription:
      'löscht gespeicherte Dateien, die weder die Bibliothek noch irgendeine Fassung eines Artikels, einer Seite, einer Anzeige oder eines Autors nennt. Was jünger als ein Tag ist, bleibt.',
    nothingUnused: 'Nichts zu löschen.',
    unused: (n: number, size: string) =>
      `${count(n, { one: 'Datei wird nicht gebraucht', other: 'Dateien werden nicht gebraucht' })}, ${size}.`,
    removed: (n: number, size: string) =>
      `${count(n, { one: 'Datei gelöscht', other: 'Dateien gelöscht' })}, ${size}.`,
  },
  import: {
    summary: 'holt Inhalte aus einem anderen System',
    comments: 'holt Kommentare; ein zweites Mal geholt, wird keiner doppelt',
    file: 'Datei des anderen Systems',
    from: 'woher: wxr (WordPress), disqus oder json (mw comments export)',
    progress: (megabytes: string, comments: number) =>
      `${megabytes} MB gelesen, ${count(comments, { one: 'Kommentar', other: 'Kommentare' })}`,
    done: (created: number, existing: number, skipped: number) =>
      `${count(created, { one: 'Kommentar', other: 'Kommentare' })} neu, ${figure(existing)} schon da, ${figure(skipped)} ausgelassen.`,
    skipped: { invalid: 'unvollständig oder zu lang', 'no-article': 'kein solcher Artikel' },
    broken: (file: string, reason: string) => `${file} ist beschädigt: ${reason}`,
  },
  judge: {
    summary: 'zeigt, wie Kommentare beurteilt werden',
    test: 'beurteilt eine Datei mit beschrifteten Kommentaren und zählt, was richtig war',
    explain: 'sagt, warum ein Kommentar so beurteilt wurde',
    file: 'Datei mit einer Zeile JSON je Kommentar: text, name, website, label (good oder spam)',
    missing: (id: string) => `Einen Kommentar ${id} gibt es nicht.`,
    unreadable: (file: string) => `${file} lässt sich nicht lesen.`,
    noLine: (file: string, line: number) => `${file}, Zeile ${line}: kein Kommentar mit text und label.`,
    total: (total: number, status: string) => `zusammen ${total.toFixed(1)}, Stand: ${status}`,
    good: 'gute',
    bad: 'Spam',
    result: (kind: string, published: number, held: number, spam: number) =>
      `${kind}: ${figure(published)} veröffentlicht, ${figure(held)} zurückgestellt, ${figure(spam)} verworfen`,
  },
  person: {
    summary: 'gibt heraus oder löscht, was unter einer E-Mail-Adresse gespeichert ist',
    export: 'gibt alles als JSON aus',
    erase: 'löscht Adresse, Namen und Benachrichtigungen, und die Texte',
    keepTexts: 'lässt die Texte ohne Namen stehen',
    noAddress: (email: string) => `„${email}“ ist keine E-Mail-Adresse.`,
    erased: (email: string, comments: number) =>
      `Gelöscht: ${email}, ${count(comments, { one: 'Kommentar', other: 'Kommentare' })}.`,
  },
  keys: {
    summary: 'wechselt die Schlüssel',
    rotate: 'verschlüsselt alle Adressen mit dem neuesten Schlüssel',
    changed: (n: number) => `${count(n, { one: 'Wert', other: 'Werte' })} neu verschlüsselt.`,
    unreadable: (n: number) =>
      `${count(n, { one: 'Wert lässt', other: 'Werte lassen' })} sich mit keinem der Schlüssel lesen.`,
  },
  desk: {
    summary: 'lässt Menschen in die Redaktion',
    invite: 'lädt jemanden ein und zeigt den Link, mit dem man sich einmal anmeldet',
    invited: (email: string, role: string) => `${email} ist eingeladen, Rolle: ${role}.`,
    link: (link: string, until: string) => `Dieser Link gilt einmal, bis ${until}:\n${link}`,
    refused: (email: string) => `„${email}“ ist keine E-Mail-Adresse, oder der Name ist leer oder zu lang.`,
  },
  pull: {
    summary: 'holt in die Dateien, was am Redaktionstisch an Kampagnen geändert wurde',
    overwrite: 'nimmt die Fassung der Site auch dort, wo die Datei geändert ist',
    mark: 'bis hierher kennt die Datei, was am Redaktionstisch geschah; bitte stehen lassen',
    dryRun: 'Probelauf: nichts geschrieben.',
    noOriginal: 'die Site hat nur verkleinerte Fassungen dieses Bildes; bitte das Original hierher legen',
    difference: (key: string, file: string, site: string) => `${key}: Datei ${file} · Site ${site}`,
  },
  ads: {
    summary: 'zeigt Kampagnen und wie sie laufen, pausiert sie und setzt sie fort',
    report: 'zeigt je Tag und Kampagne, wie oft ausgeliefert, geladen, gesehen und geklickt wurde',
    reportId: 'nur diese Kampagne: nach Tagen, Motiven und Plätzen',
    list: 'zeigt die Kampagnen und was sie tun',
    pause: 'pausiert eine Kampagne',
    resume: 'setzt eine pausierte Kampagne fort',
    id: 'Kennung der Kampagne, wie „mw ads list“ sie zeigt',
    noCampaigns: 'Noch ist keine Kampagne angelegt.',
    forecast: 'zeigt, wie weit verkaufte Kampagnen voraussichtlich kommen und wo mehr verkauft ist als Platz',
    noneSold: 'Zurzeit ist keine Kampagne mit einem Budget verkauft.',
    standing: {
      'no-budget': 'ohne Budget',
      reached: 'erreicht',
      'not-begun': 'noch nicht begonnen',
      ended: 'zu Ende',
      'too-early': 'zu früh für eine Prognose',
      unused: 'zuletzt nichts gezählt',
      'on-course': 'im Plan',
      'at-this-pace': 'wird vor dem Ende erreicht',
      'falls-short': 'wird nicht erreicht',
      'not-in-sight': 'dauert über ein Jahr',
    },
    standingColumns: {
      campaign: 'Kampagne',
      budget: 'Budget',
      counted: 'gezählt',
      forecast: 'Prognose',
      on: 'am',
    },
    tight: (day: string, names: string, sold: string, available: string) =>
      `${day}: mehr verkauft als Platz (${names}): fällig ${sold}, zu haben etwa ${available}`,
    roomForAll: 'In den nächsten vier Wochen ist überall Platz für das Verkaufte.',
    phases: { draft: 'Entwurf', ready: 'bereit', running: 'läuft', paused: 'pausiert', ended: 'beendet' },
    notFound: (id: string) => `Die Kampagne „${id}“ gibt es nicht.`,
    overtaken: (id: string) =>
      `„${id}“ hat gerade jemand geändert; es ist nichts geschehen. Bitte noch einmal versuchen.`,
    notMoved: {
      pause: (id: string) => `„${id}“ ist ein Entwurf oder beendet; zu pausieren ist da nichts.`,
      resume: (id: string) => `„${id}“ ist ein Entwurf oder beendet, nicht pausiert.`,
    },
    moved: {
      pause: (id: string) => `„${id}“ ist pausiert.`,
      resume: (id: string) => `„${id}“ ist wieder bereit.`,
    },
    none: 'In diesem Zeitraum ist nichts gezählt.',
    contest: {
      early: (names: string) => `Für einen Vergleich von ${names} ist noch zu wenig gezählt.`,
      open: (names: string) => `Zwischen ${names} ist noch kein sicherer Unterschied zu sehen.`,
      better: (name: string, chance: string) =>
        `Besser ist ${name}, mit mehr als ${chance} Wahrscheinlichkeit.`,
    },
    column: {
      day: 'Tag',
      campaign: 'Kampagne',
      creative: 'Motiv',
      placement: 'Platz',
      headline: 'Überschrift',
      served: 'Ausgeliefert',
      loaded: 'Geladen',
      viewable: 'Im Blick',
      viewableShare: 'davon',
      clicks: 'Klicks',
      rate: 'Klickrate',
      filtered: 'Gefiltert',
    },
    total: 'Summe',
  },
  deploy: {
    summary: 'stellt die Site auf Cloudflare bereit und veröffentlicht den Ordner',
    notLoggedIn:
      'Bei Cloudflare ist niemand angemeldet. Anmelden: „npx wrangler login“, oder CLOUDFLARE_API_TOKEN setzen.',
    accounts: (names: string) =>
      `Diese Anmeldung gilt für mehrere Konten (${names}). Bitte CLOUDFLARE_ACCOUNT_ID setzen.`,
    wranglerFailed: (command: string, reason: string) => `„wrangler ${command}“ ist gescheitert: ${reason}`,
    unexpected: (command: string) => `„wrangler ${command}“ hat etwas Unerwartetes ausgegeben.`,
    noBinding: (what: string) => `In wrangler.toml fehlt: ${what}`,
    noUrl:
      'Die Bereitstellung hat keine Adresse gemeldet; bitte url in site.yaml setzen oder „mw publish --to“ benutzen.',
    lostSecrets: (path: string) =>
      `Die Site hat schon einen Zugangsschlüssel, der hier nicht vorliegt (${path}). Bitte MW_TOKEN setzen; veröffentlicht ist nichts.`,
    brokenKeys: (path: string) =>
      `${path} lässt sich nicht lesen. Darin können die einzigen Schlüssel der Site liegen; bitte nachsehen.`,
    shortSecret: 'MW_SECRET muss mindestens 32 Zeichen lang sein.',
    notReady: (url: string) =>
      `${url} antwortet noch nicht; „mw publish --to ${url}“ holt das Veröffentlichen nach.`,
    secretsKept: (path: string) => `Die Schlüssel der Site liegen in ${path}. Bitte sicher aufbewahren.`,
    bundle: (kilobytes: string) => `Der Worker ist gepackt ${kilobytes} KB groß.`,
    plan: 'Diese Schritte würden ausgeführt:',
    ifMissing: 'falls nicht vorhanden',
    step: {
      kv: (name: string) => `KV-Namensraum „${name}“ anlegen`,
      d1: (name: string) => `D1-Datenbank „${name}“ anlegen`,
      r2: (name: string) => `R2-Bucket „${name}“ anlegen`,
      migrate: 'Datenbank auf den neuesten Stand bringen',
      deploy: (name: string) => `Worker „${name}“ bereitstellen`,
      secrets: (names: string) => `Schlüssel setzen: ${names}`,
      publish: (dir: string) => `${dir} veröffentlichen`,
    },
    ready: (url: string) => `Die Site läuft: ${url}`,
  },
} as const satisfies TextTree

/** Texts are strings, or functions that put something into one. */
interface TextTree {
  readonly [key: string]: string | ((...values: never[]) => string) | TextTree
}

/** The shape every language has to fill. */
export type CliTexts = Widen<typeof de>
type Widen<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...args: infer A) => string
      ? (...args: A) => string
      : Widen<T[K]>
}
