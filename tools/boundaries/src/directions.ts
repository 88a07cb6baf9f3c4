import type { LintCase } from './lint.case.ts';

/**
 * Who may import whom. eslint.config.mjs has the same rows, and this copy is on purpose: a row of lint that is lost,
 * misspelt or too wide shows as a pair that lint does not refuse.
 */
const PRODUCTION: Readonly<Record<string, readonly string[]>> = {
  'apps/console': ['contracts'],
  'apps/gateway': ['contracts', 'resilience', 'clocks', 'kafka', 'mongo', 'observability', 'host'],
  'apps/ingest': ['contracts', 'resilience', 'clocks', 'kafka', 'mongo', 'observability', 'host'],
  'apps/metrics': ['contracts', 'resilience', 'clocks', 'kafka', 'mongo', 'observability', 'host'],
  'apps/system-e2e': ['contracts', 'mongo', 'harness', 'evidence'],
  'libs/contracts': [],
  'libs/resilience': [],
  'libs/observability': [],
  'libs/kafka': ['contracts', 'resilience'],
  'libs/mongo': ['contracts', 'resilience'],
  'libs/clocks': ['resilience'],
  'libs/host': ['contracts', 'resilience', 'clocks', 'kafka', 'mongo', 'observability'],
  'libs/harness': [],
  'libs/evidence': ['contracts', 'harness'],
  'tools/alerts': ['contracts', 'harness'],
  'tools/audit': ['contracts', 'mongo', 'harness', 'evidence'],
  'tools/bench': ['contracts', 'kafka', 'mongo', 'harness', 'evidence'],
  'tools/boundaries': [],
  'tools/capacity': [],
  'tools/chaos': ['contracts', 'harness', 'evidence'],
  'tools/dashboards': ['harness'],
  'tools/demo': ['contracts', 'harness', 'evidence'],
  'tools/dlq': ['contracts'],
  'tools/docs': ['contracts', 'observability', 'harness'],
  'tools/images': ['harness', 'evidence'],
  'tools/manifests': ['harness'],
  'tools/stack': [],
  'tools/takeovers': ['contracts', 'harness', 'evidence'],
};

/** The specs of these projects may also import the harness. */
const SPECS_WITH_SERVERS = [
  'apps/gateway',
  'apps/ingest',
  'apps/metrics',
  'libs/clocks',
  'libs/kafka',
  'libs/mongo',
  'libs/host',
];

/** These projects take only types from others. */
const TYPES_ONLY = ['apps/console'];

export interface Direction {
  readonly from: string;
  /** The names of the projects that `from` may import. */
  readonly allowed: readonly string[];
  /** One file for each other project, which imports that project. */
  readonly files: readonly (LintCase & { readonly allowed: boolean })[];
}

interface DirectionPlan {
  readonly from: string;
  readonly file: string;
  readonly allowed: readonly string[];
  readonly roots: readonly string[];
}

const nameOf = (root: string): string => root.slice(root.indexOf('/') + 1);

function directionOf({ from, file, allowed, roots }: DirectionPlan): Direction {
  const files = roots
    .filter((root) => root !== from)
    .map((root) => ({
      what: `${from} imports ${root}`,
      file: `${from}/src/${file}`,
      code: `export ${TYPES_ONLY.includes(from) ? 'type ' : ''}{ sample } from '@wiber/${nameOf(root)}';`,
      allowed: allowed.includes(nameOf(root)),
    }));
  return { from, allowed, files };
}

/** Each project imports each other project, once in production code and once in a spec. `roots` are all projects. */
export function directions(roots: readonly string[]): Direction[] {
  return roots.flatMap((from) => {
    const production = PRODUCTION[from] ?? [];
    const spec = SPECS_WITH_SERVERS.includes(from) ? [...production, 'harness'] : production;
    return [
      directionOf({ from, file: 'sample.service.ts', allowed: production, roots }),
      directionOf({ from, file: 'sample.int-spec.ts', allowed: spec, roots }),
    ];
  });
}
