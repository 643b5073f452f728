/** Files that wrangler bundles as text or bytes (see `[[rules]]` in wrangler.toml). */
declare module '*.css' {
  const text: string
  export default text
}
declare module '*.svg' {
  const text: string
  export default text
}
declare module '*.client.js' {
  const text: string
  export default text
}
declare module '*.woff2' {
  const bytes: ArrayBuffer
  export default bytes
}
