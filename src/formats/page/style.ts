/**
 * The style of the page. Everything is aligned to a 4 px grid. One colour for each state, which passes AA on the
 * surfaces of both schemes, and is never the only sign: a word or a shape says the same.
 */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f5f6f8;--card:#fff;--ink:#14181d;--soft:#566070;--line:#e0e4e9;--good:#1a7f37;--fair:#8f5a00;--bad:#c4232b}
@media (prefers-color-scheme:dark){:root{--bg:#0e1115;--card:#151a20;--ink:#e8ebef;--soft:#9aa5b2;--line:#272e38;--good:#4ac26b;--fair:#e0a63a;--bad:#ff7a70}}
*{box-sizing:border-box;margin:0;padding:0}
body{background:var(--bg);color:var(--ink);font:14px/20px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
header,main,footer{max-width:1248px;margin:0 auto;padding:0 32px}
a{color:inherit;text-underline-offset:3px;text-decoration-color:var(--soft)}
a:hover{text-decoration-color:currentColor}
:focus-visible{outline:2px solid currentColor;outline-offset:2px;border-radius:4px}
.hush{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.mark{flex:none;width:16px;height:16px;fill:currentColor}
.good{color:var(--good)}.fair{color:var(--fair)}.bad{color:var(--bad)}
.soft{color:var(--soft)}
.contact:not(:empty){position:sticky;top:0;z-index:1;padding:12px 32px;background:var(--ink);color:var(--bg);font-weight:600}
.lost main{filter:grayscale(1)}
header{display:flex;flex-wrap:wrap;gap:0 12px;align-items:baseline;padding-top:24px;padding-bottom:24px}
header strong{font-weight:600}
.verdict{display:flex;gap:20px;align-items:center;padding:16px 0 24px}
.verdict .mark{width:56px;height:56px}
h1{font-size:44px;line-height:48px;font-weight:650;letter-spacing:-.025em}
.verdict p{margin-top:4px;font-size:16px;line-height:24px}
.facts{display:flex;flex-wrap:wrap;gap:16px 40px;padding:16px 0;border-top:1px solid var(--line)}
dt{color:var(--soft);font-size:12px;line-height:16px}
.facts dd{margin-top:4px;font-weight:500}
.groups{padding:16px 0 24px;border-top:1px solid var(--line)}
ul{display:flex;flex-wrap:wrap;gap:8px;list-style:none}
.groups a{display:flex;gap:8px;align-items:center;min-height:32px;padding:4px 12px 4px 8px;border:1px solid var(--line);border-radius:16px;background:var(--card);text-decoration:none}
.groups a:hover,.groups [aria-current]{border-color:var(--soft)}
.groups [aria-current]{font-weight:600}
table{width:100%;border:1px solid var(--line);border-radius:8px;border-spacing:0;background:var(--card)}
th,td{padding:12px 8px;text-align:left;vertical-align:top;font-weight:400}
tbody th,tbody td{border-top:1px solid var(--line)}
thead th{padding:8px;color:var(--soft);font-size:12px;line-height:16px}
th:first-child{padding-left:16px}
td:last-child,th:last-child{padding-right:16px}
.name{width:200px;font-weight:600}
.name span{display:flex;gap:8px}
.name .mark{margin-top:2px}
.state{position:relative;padding-right:64px}
.state b{font-weight:600}
.state p>span{white-space:nowrap}
code{font:12px/20px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.number{width:72px;text-align:right;white-space:nowrap}
.number:last-child{width:80px}
.history{width:256px}
.strip{display:block;width:239px;max-width:100%;height:24px;fill:currentColor}
.strip .good{fill-opacity:.6}
.base{stroke:var(--line)}
.ends.few{justify-content:end}
.ends{display:flex;justify-content:space-between;gap:1ch;width:239px;max-width:100%;color:var(--soft);font-size:12px;line-height:16px}
summary{position:absolute;top:12px;right:16px;color:var(--soft);font-size:12px;list-style:none;cursor:pointer;text-decoration:underline;text-underline-offset:3px}
summary::-webkit-details-marker{display:none}
details dl{display:grid;grid-template-columns:max-content 1fr;gap:0 16px;margin:8px -48px 4px 0}
details dt,details dd{font-size:12px;line-height:20px}
footer{display:flex;flex-wrap:wrap;gap:8px 24px;justify-content:space-between;padding-top:24px;padding-bottom:40px;color:var(--soft);font-size:12px}
footer ul{gap:8px 16px}
noscript p{padding:0 32px 24px;text-align:center;color:var(--soft)}
@media (max-width:1023px){
table,tbody{display:block}
thead{display:none}
tr{display:grid;grid-template-columns:repeat(5,minmax(0,1fr));padding:12px 16px;border-top:1px solid var(--line)}
tr:first-child{border-top:0}
.plain tr{grid-template-columns:1fr auto}
tbody th,tbody td,tbody th:first-child,tbody td:last-child{padding:4px 0;border:0}
.name,.state,.history{grid-column:1/-1;width:auto}
.full .state{padding-right:48px}
summary{top:4px;right:0}
.plain .name,.plain .state{grid-column:auto}
.strip,.ends{width:100%}
.number,.number:last-child{width:auto;text-align:left}
.number::before{content:attr(data-label);display:block;color:var(--soft);font-size:12px;line-height:16px}
}
@media (max-width:639px){
header,main,footer{padding-left:16px;padding-right:16px}
.contact:not(:empty),noscript p{padding-left:16px;padding-right:16px}
.verdict{gap:12px;align-items:flex-start}
.verdict .mark{width:40px;height:40px}
h1{font-size:32px;line-height:40px}
.facts{gap:16px 32px}
.number{font-size:13px}
}
@media (forced-colors:active){.mark,.strip{forced-color-adjust:auto;fill:CanvasText}}
`;
