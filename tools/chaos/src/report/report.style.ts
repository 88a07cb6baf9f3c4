/** Light, or dark where the reader's system is dark. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1d2733; --faint: #5c6b7a; --rule: #dfe4ea; --paper: #fff; --back: #f4f6f8;
  --good: #1f7a4d; --bad: #b3261e; --warn: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e9ef; --faint: #9aa8b5; --rule: #33404d; --paper: #1a222b;
  --back: #11171d; --good: #66c79c; --bad: #ff8a80; --warn: #e8b75a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 30px 60px; background: var(--paper); min-height: 100vh; }
h1 { font-size: 22px; margin: 0; } h2 { font-size: 17px; margin: 36px 0 10px; }
.verdict { font-size: 26px; font-weight: 600; margin: 6px 0 18px; }
.held { color: var(--good); } .broken { color: var(--bad); font-weight: 600; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(120px, 1fr)); gap: 10px; margin: 0; }
.tiles div { border: 1px solid var(--rule); border-radius: 8px; padding: 8px 12px; }
.tiles dd { margin: 0; font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; }
.tiles dt { color: var(--faint); font-size: 12.5px; }
.scroll { overflow-x: auto; }
.chart.dark { display: none; }
@media (prefers-color-scheme: dark) { .chart.dark { display: block; } .chart.light { display: none; } }
.chart svg { display: block; width: 1120px; height: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-size: 12.5px; font-weight: 600; color: var(--faint); }
th, td { padding: 6px 14px 6px 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
td small { display: block; color: var(--faint); } td p { margin: 6px 0; }
code, pre { font: 12.5px/1.45 ui-monospace, monospace; }
td code { overflow-wrap: anywhere; } td:first-child { white-space: nowrap; }
pre { background: var(--back); border: 1px solid var(--rule); border-radius: 8px; padding: 10px 12px; overflow-x: auto;
  max-height: 420px; margin: 6px 0; }
.longest { font-weight: 600; color: var(--warn); } .unproven { color: var(--bad); }
`;
