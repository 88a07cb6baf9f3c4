// `||`, not `??`: the apps treat an empty variable as not set.
const PORT_OF_APP = {
  gateway: process.env.API_PORT || '8000',
  ingest: process.env.INGEST_PORT || '8100',
  metrics: process.env.METRICS_PORT || '8200',
};

// liveness: does the process work; serving: can it do any of its work; readiness: do Kafka and MongoDB both answer.
const probe = process.argv[2] ?? 'liveness';
const port = PORT_OF_APP[process.env.WIBER_APP];
const answer = await fetch(`http://127.0.0.1:${port}/health/${probe}`, { signal: AbortSignal.timeout(2_500) });
process.exit(answer.ok ? 0 : 1);
