/** What charts over time and bars need beside the style of reports. */
export const driftStyle = `
:root{--third:#6d4f9c;--fourth:#2b7d6f;--gap:#8a939933}
@media (prefers-color-scheme:dark){:root{--third:#b9a0e6;--fourth:#6fc7b6;--gap:#8a939938}}
.plot{display:grid;grid-template-columns:58px minmax(0,1fr);column-gap:8px;font-size:11px}
figure .plot svg.scale,figure .plot svg.field{width:100%;overflow:visible}
figure svg.mark{width:1px;height:1px;overflow:visible;display:inline}figure svg.swatch{display:inline-block;width:28px;height:12px;vertical-align:-1px;margin-right:6px;overflow:visible}
figure svg svg{display:inline}
.plot text{fill:var(--muted);font-size:11px}
.grid{stroke:var(--line);stroke-width:1}.tick{stroke:var(--quiet)}
.line{fill:none;stroke-width:1.8;vector-effect:non-scaling-stroke;stroke-linejoin:round}
.line.s0{stroke:var(--accent)}.line.s1{stroke:var(--second);stroke-dasharray:7 4}.line.s2{stroke:var(--third);stroke-dasharray:2 3}.line.s3{stroke:var(--fourth);stroke-dasharray:10 3 2 3}
.line.rest{stroke:var(--quiet);stroke-width:1.2}
.dot{stroke:var(--card);stroke-width:1}.dot.s0{fill:var(--accent)}.dot.s1{fill:var(--second)}.dot.s2{fill:var(--third)}.dot.s3{fill:var(--fourth)}
.band{fill:var(--accent);fill-opacity:.13}
.limit{stroke:var(--bad);stroke-width:1;stroke-dasharray:4 3}.line.limit{stroke:var(--bad)}.plot text.limit-name{fill:var(--bad);paint-order:stroke;stroke:var(--card);stroke-width:3px}
.gap{fill:var(--gap)}.promotion{stroke:var(--good);stroke-width:1;stroke-dasharray:1 3}.plot text.promotion-name{fill:var(--good);font-weight:600}
.unreliable{fill:none;stroke:var(--bad);stroke-width:2.2}
.bar.judged,.dot.judged{fill:var(--accent);fill-opacity:.75}.bar.waiting,.dot.waiting{fill:var(--card);stroke:var(--accent);stroke-width:1.4}.bar.unknown,.dot.unknown-bar{fill:var(--quiet);fill-opacity:.55;stroke:var(--quiet);stroke-dasharray:2 2}
.event{stroke-width:2;fill:none;stroke:var(--muted)}.event.promoted{fill:var(--good);stroke:var(--good)}.event.retrain{fill:var(--accent);stroke:var(--accent)}.event.page{fill:var(--bad);stroke:var(--bad)}.event.refuse{stroke:var(--bad)}
.repeated{stroke:var(--quiet);stroke-width:3;stroke-opacity:.6;stroke-linecap:round}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 18px;margin:0 0 8px;padding:0;font-size:.8125rem;color:var(--muted)}
.sub{color:var(--muted);font-size:.8125rem;margin:10px 0 0}
.then,.then-key{fill:var(--card);stroke:var(--muted);stroke-width:1}.now{fill:var(--accent)}
figure text{fill:var(--muted);font:11px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}figure text.ink{fill:var(--ink)}figure text.small{font-size:9.5px}
.key{display:inline-block;width:16px;height:8px;margin:0 5px 0 8px;border:1px solid var(--muted)}.now-key{background:var(--accent);border-color:var(--accent)}
.over-time{display:grid;gap:16px}.over{color:var(--bad);font-weight:600}
.when{white-space:nowrap}span.wide{display:inline-block}
.note+.charts{margin-top:12px}
@media (max-width:520px){.plot{grid-template-columns:52px minmax(0,1fr);column-gap:6px}figure{padding:14px 12px}.gates td.n{text-align:left}}
`.replaceAll('\n', '');
