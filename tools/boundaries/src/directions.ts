import type { Planted } from './planted.ts';

/**
 * Who may import whom, written down a second time on purpose: lint's own rows are not read here, so that a row which is
 * lost, misspelt or too wide shows as a pair that is not refused.
 */
const PRODUCTION: Readonly<Record<string, readonly string[]>> = {
  'apps/gateway': ['contracts', 'resilience', 'kafka', 'mongo', 'observability', 'host'],
  'apps/ingest': ['contracts', 'resilience', 'kafka', 'mongo', 'observability', 'host'],
  'apps/metrics': ['contracts', 'resilience', 'kafka', 'mongo', 'observability', 'host'],
  'apps/system-e2e': ['contracts', 'resilience', 'kafka', 'mongo', 'observability', 'host', 'harness', 'evidence'],
  'libs/contracts': [],
  'libs/resilience': [],
  'libs/observability': ['contracts'],
  'libs/kafka': ['contracts', 'resilience', 'observability'],
  'libs/mongo': ['contracts', 'resilience', 'observability'],
  'libs/host': ['contracts', 'resilience', 'kafka', 'mongo', 'observability'],
  'libs/harness': ['contracts'],
  'libs/evidence': ['contracts', 'harness'],
  'tools/audit': ['contracts', 'resilience', 'kafka', 'mongo', 'observability', 'host', 'harness', 'evidence'],
  'tools/bench': ['contracts', 'resilience', 'kafka', 'mongo', 'observability', 'host', 'harness', 'evidence'],
  'tools/boundaries': ['contracts', 'resilience', 'kafka', 'mongo', 'observability', 'host', 'harness', 'evidence'],
  'tools/chaos': ['contracts', 'resilience', 'kafka', 'mongo', 'observability', 'host', 'harness', 'evidence'],
  'tools/dlq': ['contracts', 'resilience', 'kafka', 'mongo', 'observability', 'host', 'harness', 'evidence'],
  'tools/stack': ['contracts', 'resilience', 'kafka', 'mongo', 'observability', 'host', 'harness', 'evidence'],
};

const TESTED_WITH_SERVERS = [
  'apps/gateway',
  'apps/ingest',
  'apps/metrics',
  'libs/observability',
  'libs/kafka',
  'libs/mongo',
  'libs/host',
];

export interface Direction {
  readonly from: string;
  readonly allowed: readonly string[];
  readonly files: readonly (Planted & { readonly allowed: boolean })[];
}

interface Side {
  readonly from: string;
  readonly file: string;
  readonly allowed: readonly string[];
  readonly roots: readonly string[];
}

const nameOf = (root: string): string => root.slice(root.indexOf('/') + 1);

function plant({ from, file, allowed, roots }: Side): Direction {
  const files = roots
    .filter((root) => root !== from)
    .map((root) => ({
      what: `${from} imports ${root}`,
      file: `${from}/src/${file}`,
      code: `export { planted } from '@wiber/${nameOf(root)}';`,
      allowed: allowed.includes(nameOf(root)),
    }));
  return { from, allowed, files };
}

/** Every project against every other, from production code and from a spec; `roots` are all projects there are. */
export function directions(roots: readonly string[]): Direction[] {
  return roots.flatMap((from) => {
    const production = PRODUCTION[from] ?? [];
    const spec = TESTED_WITH_SERVERS.includes(from) ? [...production, 'harness'] : production;
    return [
      plant({ from, file: 'planted.service.ts', allowed: production, roots }),
      plant({ from, file: 'planted.int-spec.ts', allowed: spec, roots }),
    ];
  });
}
