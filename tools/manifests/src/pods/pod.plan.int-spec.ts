import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { loadViews } from '../overlay.check.ts';
import { podSources } from '../pod.sources.ts';
import { runArguments } from './docker.engine.ts';
import { podPlan } from './pod.plan.ts';

const VIEWS = loadViews(join(import.meta.dirname, '..', '..', '..', '..'));

const planOf = (overlay: string, name: string, secrets: Record<string, string> = {}) => {
  const { documents } = VIEWS.find((view) => view.name === overlay)!;
  return podPlan(
    podSources(documents).find(({ owner }) => owner.metadata.name === name)!,
    documents,
    secrets,
  );
};
const place = { pod: 'gateway-1-a', container: 'run-gateway-1-a', network: 'run', aliases: [], volumes: {} };

it('a container of an engine gets exactly what its manifest says', () => {
  const plan = planOf('dev', 'gateway', { 'wiber-operator/OPERATOR_TOKEN': 'a-token-of-a-spec' });
  const args = runArguments(plan, place).join(' ');
  for (const part of [
    '--hostname gateway-1-a',
    '--user 1000:1000',
    '--read-only',
    '--cap-drop ALL',
    '--security-opt no-new-privileges',
    `--memory ${2 ** 30} --memory-swap ${2 ** 30}`,
    `--tmpfs /tmp:rw,uid=1000,gid=1000,size=${64 * 2 ** 20}`,
    '--publish 127.0.0.1::8000',
    '--env INSTANCE=gateway-1-a',
    '--env KAFKA_BOOTSTRAP_SERVERS=kafka-0.kafka:9092',
    '--env OPERATOR_TOKEN=a-token-of-a-spec',
    '--env NODE_OPTIONS=--max-old-space-size=512',
  ])
    expect(args).toContain(part);
  expect(args).toMatch(/ wiber\/gateway:\d+\.\d+\.\d+$/);
});

it('a pod is probed and stopped as its manifest says', () => {
  const { probes, preStopSeconds, graceSeconds } = planOf('dev', 'gateway');
  expect({ preStopSeconds, graceSeconds }).toEqual({ preStopSeconds: 5, graceSeconds: 30 });
  expect(probes.readiness).toEqual({
    ask: { type: 'http', path: '/health/serving', port: 8000 },
    periodSeconds: 5,
    timeoutSeconds: 3,
    failureThreshold: 2,
  });
  expect(probes.liveness?.ask).toEqual({ type: 'http', path: '/health/liveness', port: 8000 });
});

it('a command of a manifest replaces the entry point, and its arguments follow', () => {
  const args = runArguments(planOf('dev', 'topics'), { ...place, aliases: ['topics'] });
  expect(args.slice(args.indexOf('--entrypoint'), args.indexOf('apache/kafka:4.3.0') + 2)).toEqual([
    '--entrypoint',
    '/bin/bash',
    'apache/kafka:4.3.0',
    '-ec',
  ]);
});

it('a pod whose volumes only a cluster has is refused by name', () => {
  expect(() => planOf('production', 'gateway')).toThrow('gateway mounts credentials');
});
