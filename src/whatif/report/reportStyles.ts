const light = [
  ["ground", "#ffffff"],
  ["raised", "#f5f7fa"],
  ["ink", "#1b2430"],
  ["muted", "#566273"],
  ["hair", "#e3e8ee"],
  ["guide", "#c3ccd7"],
  ["alarm", "#c42727"],
  ["good", "#1d7f46"],
  ["open", "#8a6100"],
  ["c0", "#2563d9"],
  ["c1", "#c2570c"],
  ["c2", "#158068"],
  ["c3", "#9333b8"],
  ["c4", "#b3245f"],
  ["c5", "#5f6b7a"],
] as const;

const dark = [
  ["ground", "#0d1117"],
  ["raised", "#161c25"],
  ["ink", "#e8edf3"],
  ["muted", "#a3afbd"],
  ["hair", "#232a33"],
  ["guide", "#4a5563"],
  ["alarm", "#ff8a84"],
  ["good", "#5fd08f"],
  ["open", "#e8c04a"],
  ["c0", "#7fb0ff"],
  ["c1", "#f6a15c"],
  ["c2", "#4fd1b5"],
  ["c3", "#d39bf0"],
  ["c4", "#f58fb8"],
  ["c5", "#aab5c3"],
] as const;

/** Number of designs with their own colour; further ones repeat. */
export const colourCount = 6;

const variables = (colours: readonly (readonly [string, string])[]): string =>
  colours.map(([name, value]) => `--${name}:${value}`).join(";");

const ofColours = Array.from(
  { length: colourCount },
  (_, at) => `.c${String(at)}{--c:var(--c${String(at)})}`,
).join("");

/** The style sheet of a report: light and dark by the reader's preference, light on paper. */
export const reportStyles = `
:root{color-scheme:light dark;${variables(light)}}
@media(prefers-color-scheme:dark){:root{${variables(dark)}}}
@media print{:root{color-scheme:light;${variables(light)}}}
*{box-sizing:border-box}
body{margin:0 auto;overflow-wrap:anywhere;max-width:54rem;padding:2.5rem 1.25rem 4rem;background:var(--ground);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
h1{margin:0 0 .5rem;font-size:1.75rem;line-height:1.25;letter-spacing:-.01em;text-wrap:balance}
h2{margin:3rem 0 .75rem;padding-bottom:.35rem;border-bottom:1px solid var(--hair);font-size:1.2rem}
h3{margin:2rem 0 .25rem;font-size:1rem}
h3 small,p.note,figcaption{color:var(--muted);font-size:.85rem;font-weight:400}
p{margin:.4rem 0}
p.lead{color:var(--muted)}
figure{margin:.75rem 0 1.25rem}
figcaption{margin:0 0 .35rem}
figure{overflow-x:auto}
svg{display:block;width:100%;min-width:36rem;height:auto;font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
svg text{fill:var(--ink)}
${ofColours}
svg .grid{stroke:var(--hair)}svg .base{stroke:var(--guide)}
svg .tick,svg .note{fill:var(--muted);font-size:11.5px}
svg .value{font-size:12.5px;font-variant-numeric:tabular-nums}
svg .interval{stroke:var(--c);stroke-width:3}svg .end{stroke:var(--c);stroke-width:2}
svg .open,svg .estimate{fill:var(--c)}
svg .hollow{fill:var(--ground);stroke:var(--c);stroke-width:2}
svg .bar{fill:var(--c);fill-opacity:.75}
svg .line{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round}
svg .area{fill:var(--c);fill-opacity:.22}svg .area.wide{fill-opacity:.1}
svg .whisker{stroke:var(--ink);stroke-width:1.5}
svg .reference{stroke:var(--muted);stroke-width:1.5}
svg .limit{stroke:var(--alarm);stroke-width:1.5;stroke-dasharray:5 4}svg .limit-text{fill:var(--alarm);font-size:11.5px}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse;font-size:.88rem;font-variant-numeric:tabular-nums}
th,td{padding:.4rem .9rem .4rem 0;border-bottom:1px solid var(--hair);text-align:left;vertical-align:top}
th{color:var(--muted);font-weight:500}
th,td{overflow-wrap:normal}td:not(.n),th:not(.n){min-width:6.5rem}td.n,th.n{text-align:right;white-space:nowrap}
td small{display:block;color:var(--muted)}
.verdict{font-weight:600;white-space:nowrap}
.met{color:var(--good)}.missed{color:var(--alarm)}.undecided{color:var(--open)}
.key{display:inline-block;width:.7rem;height:.7rem;margin-right:.45rem;border-radius:2px;background:var(--c)}
ul.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:.25rem 0 .5rem;padding:0;list-style:none;font-size:.85rem}
.warning{margin:.35rem 0;padding:.4rem .7rem;border-left:3px solid var(--open);background:var(--raised);font-size:.88rem}
code,pre{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
pre{margin:.5rem 0;padding:.8rem 1rem;overflow-x:auto;border-radius:6px;background:var(--raised);white-space:pre}
details{margin:.5rem 0}summary{cursor:pointer}
footer{margin-top:3rem;color:var(--muted);font-size:.82rem}
@media print{
body{max-width:none;padding:0;font-size:11pt}svg{min-width:0}
h2,h3,summary,figcaption,.legend,p.note{break-after:avoid}figure,tr,.warning{break-inside:avoid}tr:first-child{break-after:avoid}
.scroll,figure{overflow:visible}table{font-size:.8rem}th.n{white-space:normal}th,td{padding-right:.6rem}th:last-child,td:last-child{padding-right:0}td:not(.n),th:not(.n){min-width:0}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
details::details-content{content-visibility:visible;block-size:auto}
}`;
