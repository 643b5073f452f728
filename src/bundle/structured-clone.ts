/** Stands in for @ungap/structured-clone in the Worker's bundle (see `[alias]` in wrangler.toml): workerd has its own. */
export default structuredClone
