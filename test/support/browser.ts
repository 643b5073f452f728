import { existsSync } from 'node:fs'
import {
  type Browser,
  type BrowserContext,
  type ConsoleMessage,
  chromium,
  type Page,
  type Request,
} from 'playwright-core'
import { expect } from 'vitest'
import { freshAddress, type TestSite } from './site.ts'

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

/** Nothing leaves the machine: another host's name has no address here, so a request to it fails and is seen. */
const ONLY_THIS_MACHINE = 'MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1'

const ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  `--host-resolver-rules=${ONLY_THIS_MACHINE}`,
]

export const SIZES = {
  /** The narrowest that WCAG 1.4.10 asks for. */
  narrow: { width: 320, height: 640 },
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 900 },
} as const
export type Size = keyof typeof SIZES

export const COLOURS = ['light', 'dark'] as const
export type Colours = (typeof COLOURS)[number]

/** Phone and desktop, light and dark. */
export const LOOKS = (['phone', 'desktop'] as const).flatMap((size) =>
  COLOURS.map((colours) => ({ size, colours })),
)

/** With what, and how, a person visits the site. */
export interface Device {
  size?: Size
  colours?: Colours
  /** Whether scripts run; a page has none, but without them browsers behave differently, too. */
  scripts?: boolean
  /** As if the site had no Content-Security-Policy. */
  ignoresPolicy?: boolean
  /** Origins besides the site's that may be visited: an advertiser's. */
  mayVisit?: string[]
  /** Something on the page tries what the browser refuses; that the browser says so is wanted. */
  isAttacked?: boolean
  /** Somebody of the newsroom: they visit by name, because a number has no passkeys, and get a cookie. */
  isStaff?: boolean
}

/** One person's visit, in a context of its own. */
export class Visit {
  readonly page: Page
  readonly context: BrowserContext
  /** Every address asked for, in order. */
  readonly asked: string[] = []
  readonly #origins: ReadonlySet<string>
  readonly #address = freshAddress()
  readonly #documents = new Set<string>()
  readonly #complaints: string[] = []
  readonly #isStaff: boolean
  readonly #isAttacked: boolean
  readonly #base: string

  constructor(page: Page, site: TestSite, { mayVisit = [], isStaff = false, isAttacked = false }: Device) {
    this.#isStaff = isStaff
    this.#isAttacked = isAttacked
    this.#base = isStaff ? site.url.replace('127.0.0.1', 'localhost') : site.url
    this.page = page
    this.context = page.context()
    this.#origins = new Set([this.#base, ...mayVisit])
    this.context.on('request', (request) => this.#notice(request))
    this.context.on('console', (message) => this.#hear(message))
    this.context.on('weberror', (error) => this.#complaints.push(`script error: ${error.error().message}`))
    this.context.on('dialog', (dialog) => {
      this.#complaints.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('websocket', (socket) => this.#complaints.push(`web socket: ${socket.url()}`))
  }

  /** The full address of a path of the site. */
  url(path: string): string {
    return this.#base + path
  }

  /** From now on the site's clock is ahead, as if the person had taken so long. */
  passTime(seconds: number): Promise<void> {
    return this.instrument({ 'x-probe-now': new Date(Date.now() + seconds * 1000).toISOString() })
  }

  /** Sends headers along with every request: the instruments of the probe Worker. */
  instrument(headers: Record<string, string>): Promise<void> {
    return this.context.setExtraHTTPHeaders({ 'cf-connecting-ip': this.#address, ...headers })
  }

  /** What must not happen on any visit: another host asked for anything, a cookie, an error in the console. */
  async expectPeace(): Promise<void> {
    expect(this.#complaints).toEqual([])
    const cookies = (await this.context.cookies()).map(({ name }) => name)
    expect(cookies.filter((name) => !this.#isStaff || name !== '__Host-desk')).toEqual([])
  }

  #notice(request: Request): void {
    const url = request.url()
    this.asked.push(url)
    if (request.isNavigationRequest()) this.#documents.add(url)
    if (!this.#origins.has(new URL(url).origin)) this.#complaints.push(`foreign request: ${url}`)
  }

  #hear(message: ConsoleMessage): void {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    // Chromium counts a page with a status of 4xx as an error; a picture or style without an answer is one.
    const isDocument =
      /^Failed to load resource/.test(message.text()) && this.#documents.has(message.location().url)
    if (!isDocument && !this.#isAttacked)
      this.#complaints.push(`console: ${message.text()} (${message.location().url})`)
  }
}

/** A real Chromium. One per test file, one context per visit. */
export class TestBrowser {
  readonly #browser: Browser

  private constructor(browser: Browser) {
    this.#browser = browser
  }

  static async launch(): Promise<TestBrowser> {
    if (!existsSync(CHROMIUM)) {
      throw new Error(
        `No Chromium at ${CHROMIUM}: "apt-get install chromium", or name yours in CHROMIUM_PATH.`,
      )
    }
    return new TestBrowser(await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS }))
  }

  close(): Promise<void> {
    return this.#browser.close()
  }

  /** Visits the site; afterwards it has to have been a peaceful visit. */
  async visit(
    site: TestSite,
    device: Device,
    walk: (page: Page, visit: Visit) => Promise<void>,
  ): Promise<void> {
    const { size = 'desktop', colours = 'light', scripts = true, ignoresPolicy = false } = device
    const context = await this.#browser.newContext({
      viewport: SIZES[size],
      colorScheme: colours,
      javaScriptEnabled: scripts,
      bypassCSP: ignoresPolicy,
      locale: 'de-DE',
      timezoneId: 'Europe/Berlin',
      // A headless browser calls itself one, and would not be counted as a reader.
      userAgent: USER_AGENTS[size],
      isMobile: size !== 'desktop',
      hasTouch: size !== 'desktop',
    })
    try {
      const visit = new Visit(await context.newPage(), site, device)
      await visit.instrument({})
      await walk(visit.page, visit)
      await visit.expectPeace()
    } finally {
      await context.close()
    }
  }
}

const MOBILE =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36'
const USER_AGENTS: Record<Size, string> = {
  narrow: MOBILE,
  phone: MOBILE,
  desktop:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
}

/** How far the page can be scrolled sideways, in CSS pixels. */
export const sidewaysScroll = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return scrollWidth - clientWidth
  })

/** What has the focus, as `element#id` or its text. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement
    return element?.id ? `#${element.id}` : (element?.textContent?.trim() ?? '')
  })
