/** The colours of the picture on a light page. No two are equal, so that each can be replaced. */
export const LIGHT = {
  paper: '#ffffff',
  ink: '#1d2733',
  faint: '#5c6b7a',
  rule: '#dfe4ea',
  accepted: '#2f6fb3',
  stored: '#3a8f6b',
  refused: '#d89b2b',
  unknown: '#b03a8c',
  kill: '#c8402c',
  whole: '#4a7d3f',
  down: '#fbe9e6',
  back: '#eef3ec',
} as const;

const DARK: Record<keyof typeof LIGHT, string> = {
  paper: '#11171d',
  ink: '#e4e9ef',
  faint: '#9aa8b5',
  rule: '#33404d',
  accepted: '#69a8ea',
  stored: '#66c79c',
  refused: '#e8b75a',
  unknown: '#e07cc0',
  kill: '#ee7b63',
  whole: '#8fc47f',
  down: '#3a201d',
  back: '#1c281f',
};

/** A rule of CSS counts for more than the attribute that it names, so one picture has the colours of both pages. */
const darkRules = (): string =>
  (Object.keys(LIGHT) as (keyof typeof LIGHT)[])
    .flatMap((name) => ['fill', 'stroke'].map((paint) => `[${paint}="${LIGHT[name]}"]{${paint}:${DARK[name]}}`))
    .join('');

/** Adds the dark colours to an SVG that is drawn in the light ones. A viewer without CSS shows the light ones. */
export const withDarkTheme = (svg: string): string =>
  svg.replace(/^<svg[^>]*>/, (tag) => `${tag}<style>@media (prefers-color-scheme:dark){${darkRules()}}</style>`);
