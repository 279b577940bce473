/** The whole look of the report. Colours are variables, so that charts and page turn dark together. */
export const reportStyle = `
:root{color-scheme:light dark;--paper:#fbfaf8;--card:#fff;--ink:#1d2429;--muted:#5d6870;--line:#e2e0db;--accent:#1f6a93;
--second:#b5642b;--quiet:#a3abb0;--good:#23724a;--bad:#a8323f;--unsure:#85620a;--good-tint:#e8f3ec;--bad-tint:#f9e9ea;--unsure-tint:#f8f0da}
@media (prefers-color-scheme:dark){:root{--paper:#14181b;--card:#1b2125;--ink:#e6e9ea;--muted:#9aa5ab;--line:#2f373c;
--accent:#6db6de;--second:#e29a66;--quiet:#6b757b;--good:#6cc495;--bad:#ee8a93;--unsure:#dcb658;--good-tint:#1a2d23;--bad-tint:#341f22;--unsure-tint:#322a16}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
main{max-width:1080px;margin:0 auto;padding:24px 16px 64px}
h1{font-size:1.75rem;line-height:1.2;margin:0;text-wrap:balance}
h2{font-size:1.15rem;line-height:1.3;margin:40px 0 12px}
p{margin:0 0 8px}
.eyebrow,.note,figcaption span,caption{color:var(--muted);font-size:.875rem}
.verdict{border:1px solid var(--line);border-left:6px solid var(--tone);background:var(--tint);border-radius:8px;padding:20px;margin:12px 0 0}
.verdict p{margin:8px 0 0}
.passed,.pass{--tone:var(--good);--tint:var(--good-tint)}.failed,.fail{--tone:var(--bad);--tint:var(--bad-tint)}
.unknown{--tone:var(--unsure);--tint:var(--unsure-tint)}
.status{display:inline-block;white-space:nowrap;color:var(--tone);font-weight:600}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin-top:16px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 16px}
.tile b{display:block;font-size:1.5rem;font-weight:600;line-height:1.25;font-variant-numeric:tabular-nums}
.tile span{display:block;color:var(--muted);font-size:.875rem;line-height:1.35}
ul.plain{margin:0;padding-left:1.2em}.plain li{margin:4px 0}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,320px),1fr));gap:16px;align-items:start}
figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:16px}
figcaption{margin-bottom:8px}figcaption b{display:block}figcaption span{display:block;line-height:1.35}
figure svg{display:block;width:100%;height:auto}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:4px 16px}
.scroll:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.9375rem;overflow-wrap:normal}
caption{text-align:left;padding:8px 0 4px}caption span{display:block;max-width:calc(100vw - 66px)}
th,td{text-align:left;vertical-align:baseline;padding:7px 16px 7px 0;border-top:1px solid var(--line)}
thead th{border-top:0;color:var(--muted);font-weight:500;font-size:.8125rem;white-space:nowrap}
th:last-child,td:last-child{padding-right:0}tbody th{font-weight:500;min-width:6.5em}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.wide{min-width:15em}.scroll+.scroll,.scroll+details,details+details{margin-top:12px}
details{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:10px 16px}
summary{cursor:pointer;font-weight:500}details .scroll{border:0;padding:0;margin-top:4px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 20px;margin:0}
dt{color:var(--muted)}dd{margin:0;font-variant-numeric:tabular-nums}code{font-size:.875em}
@media (max-width:520px){h1{font-size:1.5rem}.ids{grid-template-columns:1fr;gap:0}.ids dd{margin-bottom:8px}th,td{padding-right:12px}
.gates thead{position:absolute;clip-path:inset(50%);height:1px;overflow:hidden}.gates tr{display:block;border-top:1px solid var(--line);padding:8px 0}
.gates tr:first-child{border-top:0}.gates td,.gates th{display:block;border:0;padding:1px 0}.gates .wide{min-width:0}}
@media print{body{background:#fff}figure,.scroll,.verdict{break-inside:avoid}}
`.replaceAll('\n', '');
