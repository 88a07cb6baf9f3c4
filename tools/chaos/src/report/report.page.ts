import type { Verdict } from '../checker/checker.ts';
import type { Report } from './report.data.ts';
import { THEMES, plotOf } from './report.plot.ts';
import { STYLE } from './report.style.ts';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const text = (value: string): string => value.replace(/[&<>"]/g, (sign) => ENTITIES[sign]!);
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const number = (value: number): string => value.toLocaleString('en');
const row = (cells: string[]): string => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;

const table = (head: string[], rows: string[]): string =>
  `<div class="scroll"><table><thead><tr>${head.map((cell) => `<th>${cell}</th>`).join('')}</tr></thead>` +
  `<tbody>${rows.join('')}</tbody></table></div>`;

const headline = (verdicts: Verdict[]): string => {
  const broken = verdicts.filter((verdict) => verdict.broken > 0);
  return broken.length === 0
    ? `<p class="verdict held">All ${verdicts.length} promises held.</p>`
    : `<p class="verdict broken">${broken.length} of ${verdicts.length} promises were broken.</p>`;
};

const LABELS: Record<string, string> = {
  acknowledged: 'sends acknowledged',
  refused: 'refused',
  unknown: 'with unknown outcome',
  records: 'records in the log',
  stored: 'messages stored',
  poison: 'poison records appended',
  deadLetters: 'dead letters',
  walks: 'conversations read',
  terms: 'terms of the metrics workers',
  windows: 'windows of figures',
};

const tiles = ({ counts }: Report): string =>
  `<dl class="tiles">${Object.entries(counts)
    .map(([name, count]) => `<div><dd>${number(count)}</dd><dt>${LABELS[name] ?? name}</dt></div>`)
    .join('')}</dl>`;

const faultTable = ({ faults }: Report): string => {
  if (faults.length === 0) return '<p>None: this run injected no fault.</p>';
  const longest = Math.max(...faults.map(({ gap }) => gap.ms));
  const rows = faults.map(({ fault, target, pid, wasController, from, to, gap, ownGap, evidence }) =>
    row([
      text(fault),
      `${text(target)}${pid === undefined ? '' : `<small>pid ${pid}</small>`}${wasController ? '<small>the active controller</small>' : ''}`,
      `${seconds(from)} – ${seconds(to)}`,
      `<span class="${gap.ms === longest ? 'longest' : ''}">${seconds(gap.ms)}</span>`,
      ownGap ? `${seconds(ownGap.ms)}<small>partition ${ownGap.partition}</small>` : '',
      evidence ? `<code>${text(evidence)}</code>` : '<span class="unproven">no log line found: unproven</span>',
    ]),
  );
  return table(
    [
      ...['fault', 'target', 'from – to', 'longest time without an accepted send'],
      ...['the same for the conversations that the broker led', 'log lines that prove it'],
    ],
    rows,
  );
};

const verdictTable = ({ verdicts }: Report): string =>
  table(
    ['', 'invariant', 'promise'],
    verdicts.map(({ invariant, promise, broken, smallest }) => {
      const witness = smallest
        ? `<p>${text(smallest.description)}; broken ${number(broken)} times. The smallest witness is:</p>` +
          `<pre>${text(JSON.stringify(smallest.witness, null, 2))}</pre>`
        : '';
      const verdict = broken === 0 ? '<span class="held">held</span>' : '<span class="broken">broken</span>';
      return row([verdict, `<code>${invariant}</code>`, `${text(promise)}${witness}`]);
    }),
  );

const settings = ({ options, command, at }: Report): string => {
  const { counts, seed, ratePerS } = options;
  const system = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return (
    `<p>${options.seconds} s at ${ratePerS} sends a second, seed ${seed}, on ${system.join(', ')}; ended ${text(at)}. ` +
    `This command draws the same messages and faults again:</p><pre>${text(command)}</pre>`
  );
};

/** One HTML page that loads nothing else: verdicts, counts, charts of the answers, faults, and the command. */
export const pageOf = (report: Report): string => {
  const charts = THEMES.map((theme) => `<div class="chart ${theme.name}">${plotOf(report, theme)}</div>`);
  const sections = [
    headline(report.verdicts),
    tiles(report),
    `<h2>How the system answered</h2><div class="scroll">${charts.join('')}</div>`,
    `<h2>Faults</h2>${faultTable(report)}`,
    `<h2>Promises</h2>${verdictTable(report)}`,
    `<h2>How to repeat this run</h2>${settings(report)}`,
  ];
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Wiber: chaos run</title>',
    `<style>${STYLE}</style></head><body><main><h1>Wiber: chaos run</h1>${sections.join('\n')}</main></body></html>\n`,
  ].join('');
};
