import { createHash } from 'node:crypto';

/** The console's only style sheet: system fonts, one column, quiet colors, both color schemes. */
export const styles = `
:root {
  color-scheme: light dark;
  --paper: #f7f6f3; --card: #ffffff; --ink: #22262b; --soft: #6a7078; --line: #e5e2dc; --faint: #f1efea;
  --accent: #2b5f8a; --good: #2d6a48; --good-paper: #e6f1ea; --bad: #a43a32; --bad-paper: #f8e9e7;
  --wait: #8a5d12; --wait-paper: #f8efdc;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181b; --card: #1d2125; --ink: #e4e6e8; --soft: #9aa1a9; --line: #30353b; --faint: #23282d;
    --accent: #8bbce4; --good: #8fd0aa; --good-paper: #1d3327; --bad: #ee9f97; --bad-paper: #3c2321;
    --wait: #e6bd74; --wait-paper: #382c16;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, Inter, "Helvetica Neue", sans-serif; }
a { color: var(--accent); text-underline-offset: .18em; text-decoration-thickness: 1px; }
a:focus-visible, button:focus-visible, input:focus-visible, textarea:focus-visible, summary:focus-visible {
  outline: 2px solid var(--accent); outline-offset: 2px; }
.top { border-bottom: 1px solid var(--line); background: var(--card); }
.top div, main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
.top div { display: flex; gap: 1.25rem; align-items: baseline; padding-top: .8rem; padding-bottom: .8rem; }
.top .home { font-weight: 650; letter-spacing: -.01em; color: var(--ink); text-decoration: none; }
.top .crumb { color: var(--soft); overflow-wrap: anywhere; }
main { padding-top: 1.75rem; padding-bottom: 3rem; }
footer { color: var(--soft); font-size: .85rem; padding-bottom: 2.5rem; }
h1 { font-size: 1.55rem; line-height: 1.25; letter-spacing: -.02em; margin: 0 0 .35rem; text-wrap: balance; }
h2 { font-size: 1.02rem; margin: 2.25rem 0 .7rem; letter-spacing: -.005em; }
p { margin: .4rem 0 .9rem; max-width: 44rem; }
.lead { color: var(--soft); margin-bottom: 1.4rem; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.1rem 1.25rem; margin: 0 0 .9rem; }
.card > :last-child { margin-bottom: 0; }
.card > :first-child { margin-top: 0; }
.row { display: flex; flex-wrap: wrap; gap: .35rem .9rem; align-items: baseline; justify-content: space-between; }
.name { font-weight: 620; font-size: 1.05rem; overflow-wrap: anywhere; }
.tag { display: inline-block; padding: .06rem .6rem; border-radius: 99px; font-size: .8rem; font-weight: 560; white-space: nowrap;
  background: var(--faint); color: var(--soft); }
.tag.good { background: var(--good-paper); color: var(--good); }
.tag.bad { background: var(--bad-paper); color: var(--bad); }
.tag.wait { background: var(--wait-paper); color: var(--wait); }
.notice { border-radius: 12px; padding: .9rem 1.25rem; margin: 0 0 1.25rem; background: var(--faint); }
.notice.good { background: var(--good-paper); color: var(--good); }
.notice.bad { background: var(--bad-paper); color: var(--bad); }
.notice.wait { background: var(--wait-paper); color: var(--wait); }
.notice > :last-child { margin-bottom: 0; }
.notice > :first-child { margin-top: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .925rem; }
th { text-align: left; font-weight: 560; color: var(--soft); font-size: .8rem; padding: 0 1rem .4rem 0; white-space: nowrap; }
td { padding: .5rem 1rem .5rem 0; border-top: 1px solid var(--line); vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
td.nowrap { white-space: nowrap; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .35rem 1.25rem; margin: 0; font-size: .925rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: .86em; overflow-wrap: anywhere; }
pre { background: var(--faint); border-radius: 10px; padding: .8rem 1rem; overflow-x: auto; overflow-wrap: normal; margin: .4rem 0 .9rem; }
form label { display: block; font-weight: 560; font-size: .9rem; margin: 0 0 .3rem; }
form .field { margin-bottom: 1rem; }
input, textarea { width: 100%; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line);
  border-radius: 9px; padding: .6rem .75rem; }
textarea { min-height: 5.2rem; resize: vertical; }
.buttons { display: flex; gap: .7rem; flex-wrap: wrap; }
button { font: inherit; font-weight: 600; border-radius: 9px; padding: .62rem 1.4rem; cursor: pointer; border: 1px solid transparent; }
button.approve { background: var(--good); color: var(--card); }
button.reject { background: transparent; color: var(--bad); border-color: var(--bad); }
details summary { cursor: pointer; color: var(--accent); font-weight: 560; padding: .2rem 0; }
iframe { width: 100%; height: min(78vh, 46rem); border: 1px solid var(--line); border-radius: 12px; background: #fff; margin-top: .6rem; }
@media (max-width: 34rem) {
  .top div, main, footer { padding-left: 1rem; padding-right: 1rem; }
  .card { padding: .95rem 1rem; }
  .buttons button { flex: 1; }
  td, th { padding-right: .6rem; }
  dl { grid-template-columns: minmax(5rem, max-content) 1fr; gap: .35rem .9rem; }
  table.stack thead { display: none; }
  table.stack tr { display: block; border-top: 1px solid var(--line); padding: .6rem 0; }
  table.stack tr:first-child { border-top: 0; padding-top: 0; }
  table.stack tr:last-child { padding-bottom: 0; }
  table.stack td { display: block; border: 0; padding: .1rem 0; }
  table.stack td.nowrap { display: inline-block; margin-right: .8rem; }
}
`;

/** What a policy must name for a browser to take the inline sheet, and no other. */
export const stylesHash = `'sha256-${createHash('sha256').update(styles).digest('base64')}'`;
