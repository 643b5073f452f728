/** Made by `npm run fonts` (src/cli/make-fonts.ts) from the font files beside it. */

/** Addresses of the headline face: they change with the content, so they may be kept for ever. */
export const NEWSREADER = {
  latin: '/fonts/newsreader-latin-6b7fb08ffd.woff2',
  extended: '/fonts/newsreader-extended-fcd310e83e.woff2',
}

/** The headline face, and faces of the reader's device scaled to its measure, as CSS. */
export const NEWSREADER_CSS =
  '@font-face{font-family:H;font-weight:400 900;src:url(/fonts/newsreader-latin-6b7fb08ffd.woff2)format("woff2");font-display:optional;ascent-override:90%;descent-override:25%;line-gap-override:0%}' +
  '@font-face{font-family:H;font-weight:400 900;src:url(/fonts/newsreader-extended-fcd310e83e.woff2)format("woff2");font-display:optional;unicode-range:U+100-17F,U+218-21B,U+1E9E;ascent-override:90%;descent-override:25%;line-gap-override:0%}' +
  '@font-face{font-family:H1;font-weight:400 900;src:local("Georgia Bold"),local("Georgia-Bold"),local("Gelasio Bold");size-adjust:87.77%;ascent-override:102.55%;descent-override:28.48%;line-gap-override:0%}' +
  '@font-face{font-family:H2;font-weight:400 900;src:local("Times New Roman Bold"),local("TimesNewRomanPS-BoldMT"),local("Liberation Serif Bold"),local("Tinos Bold");size-adjust:105.54%;ascent-override:85.28%;descent-override:23.69%;line-gap-override:0%}' +
  '@font-face{font-family:H3;font-weight:400 900;src:local("Noto Serif Bold"),local("NotoSerif-Bold");size-adjust:89.47%;ascent-override:100.6%;descent-override:27.94%;line-gap-override:0%}'
