/* The queue by keyboard, without loading the page for every decision. Each key presses a button that is there anyway. */
const queue = document.querySelector('[data-queue]')
const list = queue?.querySelector('ol')
const done = document.querySelector('[data-undo]')
const status = done?.querySelector('[role=status]')
const help = document.querySelector('.desk-help')

const items = () => [...(list?.children ?? [])]
const current = () => document.activeElement?.closest?.('.desk-queue > li')

function go(step) {
  const all = items()
  const at = all.indexOf(current())
  all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + step))]?.focus()
}

function say(answer) {
  done.classList.add('desk-notice')
  const lines = [answer.said, ...answer.overtaken.map((one) => one.said)]
  status.replaceChildren(
    ...lines.map((line) => Object.assign(document.createElement('p'), { textContent: line })),
  )
  done.elements.audit.value = answer.audit ?? ''
  done.querySelector('button').hidden = answer.audit === null
}

/** Sends a form as it is, and says what came of it; a failure loads the page, which explains itself. */
async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter))
  const answer = await fetch(form.action, { method: 'POST', body, headers: { accept: 'application/json' } })
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status))
  return answer.json()
}

/** One comment is decided about in place; several at once, or taking back, load the page, which says what was done. */
queue?.addEventListener('submit', async (event) => {
  const { submitter } = event
  const item = submitter?.closest('.desk-queue > li')
  if (!item) return
  event.preventDefault()
  try {
    const answer = await send(queue, submitter)
    const next = item.nextElementSibling ?? item.previousElementSibling
    say(answer)
    for (const id of [...answer.changed, ...answer.overtaken.map((one) => one.id)])
      document.getElementById(`k${id}`)?.remove()
    if (items().length === 0) location.assign(answer.queue)
    else {
      ;(next?.isConnected ? next : items()[0]).focus()
      refresh()
    }
  } catch {
    location.reload()
  }
})

/** Brings in what is new and takes out what others decided; what has the focus or is picked stays. */
async function refresh() {
  const query = new URLSearchParams(location.search)
  for (const name of ['erledigt', 'n', 'audit', 'anders']) query.delete(name)
  const answer = await fetch(`${location.pathname}?${query}`)
  if (!answer.ok || answer.redirected) return
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  document.querySelector('.desk-tabs').replaceWith(page.querySelector('.desk-tabs'))
  const fresh = page.querySelector('[data-queue] ol')
  for (const item of items())
    if (!fresh?.querySelector(`#${item.id}`) && item !== current() && !item.querySelector(':checked'))
      item.remove()
  for (const item of [...(fresh?.children ?? [])]) if (!document.getElementById(item.id)) list.append(item)
}
if (queue) setInterval(() => document.visibilityState === 'visible' && refresh(), 30_000)

const DECIDE = { a: 'approve', s: 'spam', t: 'trash' }
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (event.target.closest('input:not([type=checkbox]), textarea, select')) return
  const item = current()
  const press = (found) => {
    if (!found) return
    event.preventDefault()
    found.click()
  }
  if (event.key === 'j') go(1)
  else if (event.key === 'k') go(-1)
  else if (event.key in DECIDE) press(item?.querySelector(`[data-do=${DECIDE[event.key]}]`))
  else if (event.key === 'u') press(done?.querySelector('button:not([hidden])'))
  else if (event.key === 'x') press(item?.querySelector('[type=checkbox]'))
  else if (event.key === 'r' && item) location.href = `${item.querySelector('[data-open]').href}#antwort`
  else if (event.key === '/') {
    event.preventDefault()
    document.querySelector('.desk-search [type=search]')?.focus()
  } else if (event.key === '?' && help) {
    help.open = !help.open
    help.querySelector('summary').focus()
  }
})
