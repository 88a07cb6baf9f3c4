import { lines, number, query, type Page, type Panel } from '../grafana/page.ts';

interface Objective {
  /** The name of its recording rules, between `wiber:` and `:ratio_rate…`. */
  series: string;
  title: string;
  what: string;
  /** The part that may be bad in 30 days. */
  budget: number;
}

const OBJECTIVES: readonly Objective[] = [
  { series: 'http_errors', title: 'Failed calls', what: 'calls of users that were answered with 5xx', budget: 0.001 },
  {
    series: 'slow_sends',
    title: 'Slow sends',
    what: 'accepted messages whose sender waited longer than 250 ms',
    budget: 0.01,
  },
  {
    series: 'late_stores',
    title: 'Late stores',
    what: 'messages that were stored later than 1 s after they were accepted',
    budget: 0.01,
  },
];

const WINDOWS = ['5m', '30m', '1h', '6h', '3d'] as const;

/** The Site Reliability Workbook, chapter 5: the rates of burning at which the alerts fire. */
const BURN = { fast: 14.4, slow: 6 };

const panelsOf = ({ series, title, what, budget }: Objective): Panel[] => [
  number(
    {
      title: `${title}: budget used in 3 days`,
      description: `The part of the budget of 30 days that the last 3 days used: the part of ${what}, of ${budget * 100} % that may be. Over 10 % it is too fast.`,
      unit: 'percentunit',
      thresholds: { yellow: 0.05, red: 0.1 },
    },
    `wiber:${series}:ratio_rate3d / ${budget} * 3 / 30`,
  ),
  number(
    {
      title: `${title}: burn rate of 1 h`,
      description: `1 uses the budget up in 30 days, ${BURN.fast} uses 2 % of it in an hour, which calls a person.`,
      unit: 'none',
      thresholds: { yellow: BURN.slow, red: BURN.fast },
    },
    `wiber:${series}:ratio_rate1h / ${budget}`,
  ),
  lines(
    {
      title: `${title}: the part`,
      description: `The part of ${what}, in windows of the alerts. At most ${budget * 100} % in 30 days.`,
      unit: 'percentunit',
    },
    ...WINDOWS.map((window) => query(window, `wiber:${series}:ratio_rate${window}`)),
  ),
  lines(
    {
      title: `${title}: burn rate`,
      description: `How many times faster than allowed the budget is used. Alerts fire at ${BURN.fast} in 1 h and 5 min, at ${BURN.slow} in 6 h and 30 min, and at 1 in 3 days and 6 h.`,
      unit: 'none',
    },
    ...WINDOWS.map((window) => query(window, `wiber:${series}:ratio_rate${window} / ${budget}`)),
  ),
];

export const OBJECTIVES_PAGE: Page = {
  uid: 'wiber-objectives',
  title: 'Wiber: objectives',
  description:
    'What users may expect, how much of it was missed, and how fast the budget is used. The alerts go by the same series.',
  rows: OBJECTIVES.map((objective) => ({ title: objective.title, panels: panelsOf(objective) })),
};
