/* Reports an ad once half of it was in view for a second (MRC; 30 % of a large one), in a tab that is seen. */
for (const link of document.querySelectorAll('.ad-link[href^="/go/"]')) {
  const ad = link.parentNode.querySelector('iframe') ?? link
  const { width, height } = ad.getBoundingClientRect()
  const share = width * height < 242500 ? 0.5 : 0.3
  let isNear = false
  let timer
  const look = () => {
    clearTimeout(timer)
    if (isNear && document.visibilityState === 'visible') timer = setTimeout(report, 1000)
  }
  const observer = new IntersectionObserver(
    (entries) => {
      const { isIntersecting, intersectionRatio } = entries.at(-1)
      isNear = isIntersecting && intersectionRatio >= share
      look()
    },
    { threshold: share },
  )
  function report() {
    observer.disconnect()
    document.removeEventListener('visibilitychange', look)
    navigator.sendBeacon(link.href.replace('?', '/seen?'))
  }
  observer.observe(ad)
  document.addEventListener('visibilitychange', look)
}
