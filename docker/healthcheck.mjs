import { get } from 'node:http';

/**
 * As the apps do: a variable that is empty is not set, and neither is one that Kubernetes made for a service of that name,
 * as in `INGEST_PORT=tcp://10.0.0.1:8100`.
 */
const portOf = (text, otherwise) => (/^\d+$/.test(text ?? '') ? text : otherwise);

const PORT_OF_APP = {
  gateway: portOf(process.env.API_PORT, '8000'),
  ingest: portOf(process.env.INGEST_PORT, '8100'),
  metrics: portOf(process.env.METRICS_PORT, '8200'),
};

// liveness: does the process work; serving: can it do any of its work; readiness: do Kafka and MongoDB both answer.
const path = `/health/${process.argv[2] ?? 'liveness'}`;
// Without an agent no proxy of the environment is asked.
const options = { host: '127.0.0.1', port: PORT_OF_APP[process.env.WIBER_APP], path, agent: false };
const request = get({ ...options, signal: AbortSignal.timeout(2_500) }, ({ statusCode }) =>
  process.exit(statusCode === 200 ? 0 : 1),
);
request.on('error', () => process.exit(1));
