import { join } from 'node:path';
import { stringify } from 'yaml';
import type { RuleGroup } from './rule.files.ts';

export const PROMETHEUS_RULE_FILE = join(
  import.meta.dirname,
  ...['..', '..', '..', '..', 'k8s', 'components', 'monitoring', 'prometheus-rules.yaml'],
);

const HEAD = `# Made from docker/prometheus/rules by \`npm run alerts -- --write\`; do not edit.
`;

/** The same rules as an object of the Prometheus operator. */
export const prometheusRule = (groups: readonly RuleGroup[]): string =>
  HEAD +
  stringify(
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: 'wiber' },
      spec: { groups },
    },
    { lineWidth: 0 },
  );
