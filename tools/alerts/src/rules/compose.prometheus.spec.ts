import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { PROMETHEUS_FOLDER, RULE_FILES, recordsOf, alertsOf, ruleGroups } from './rule.files.ts';

const DOCKER = join(PROMETHEUS_FOLDER, '..');
const METRICS = join(DOCKER, '..', 'docs', 'metrics.md');

interface Service {
  image: string;
  command?: string[];
  ports?: string[];
  volumes?: string[];
  expose?: string[];
  environment?: Record<string, unknown>;
}

const servicesOf = (file: string): Record<string, Service> =>
  (parse(readFileSync(join(DOCKER, file), 'utf8'), { merge: true }) as { services: Record<string, Service> }).services;

const { prometheus } = servicesOf('compose.prometheus.yaml');
const config = parse(readFileSync(join(PROMETHEUS_FOLDER, 'prometheus.yml'), 'utf8')) as {
  rule_files: string[];
  scrape_configs: { job_name: string; dns_sd_configs: { names: string[]; port: number }[] }[];
};

test('Prometheus in compose has a fixed version, no right that it does not need, and only this machine may call it', () => {
  expect(prometheus).toMatchObject({
    image: expect.stringMatching(/^prom\/prometheus:v\d+\.\d+\.\d+$/),
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    read_only: true,
    user: '65534:65534',
    mem_limit: '1g',
  });
  expect(prometheus?.ports).toEqual(['127.0.0.1:${PROMETHEUS_PORT:-9090}:9090']);
});

test('what compose gives to Prometheus exists, and its configuration names every rule file', () => {
  const given = (prometheus?.volumes ?? []).flatMap((volume) => /^(\.\/[^:]+):/.exec(volume)?.[1] ?? []);
  expect(given).toHaveLength(2);
  expect(given.filter((path) => !existsSync(join(DOCKER, path)))).toEqual([]);
  expect(config.rule_files).toEqual([...RULE_FILES]);
});

test('each app of compose is scraped, at the port that it listens on, by the job name that the rules use', () => {
  const services = servicesOf('compose.yaml');
  const jobs = config.scrape_configs.map(({ job_name, dns_sd_configs }) => [job_name, dns_sd_configs] as const);
  expect(jobs.map(([job]) => job)).toEqual(['gateway', 'ingest', 'metrics']);
  for (const [job, [target]] of jobs) {
    const { image, environment = {} } = services[job]!;
    const port = Object.entries(environment).find(([name]) => /^(API|INGEST|METRICS)_PORT$/.test(name))?.[1];
    expect([image, target]).toEqual([
      expect.stringMatching(`^wiber/${job}:`),
      expect.objectContaining({ names: [job], port }),
    ]);
  }
});

/** Names of series in an expression of PromQL: what is not a label, a function, a number or a time. */
const seriesIn = (expression: string): string[] =>
  [...expression.replaceAll(/"[^"]*"/g, '').matchAll(/\b(?:wiber|route|broker)[a-z0-9_]*(?::[a-z0-9_]+)*\b/g)].flatMap(
    ([name]) => (/^(?:route|broker)$/.test(name) ? [] : [name]),
  );

test('every series that a rule reads is in docs/metrics.md, or is recorded by a rule before it', () => {
  const documented = readFileSync(METRICS, 'utf8');
  const groups = ruleGroups();
  const recorded = new Set(recordsOf(groups).map(({ record }) => record));
  const read = [...recordsOf(groups), ...alertsOf(groups)].flatMap(({ expr }) => seriesIn(expr));
  expect(new Set(read).size).toBeGreaterThan(40);
  const isKnown = (name: string) =>
    recorded.has(name) ||
    documented.includes(`\`${name.replace(/_(bucket|count|sum)$/, '')}\``) ||
    documented.includes(`\`${name}\``);
  expect([...new Set(read)].filter((name) => !isKnown(name))).toEqual([]);
});
