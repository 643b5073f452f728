/** The package ships no types of its own. */
declare module 'hyphen/*' {
  const hyphen: {
    hyphenateSync(text: string, options?: { hyphenChar?: string; minWordLength?: number }): string
  }
  export default hyphen
}
