// The filler has a process of its own, so that its CPU time is not counted as that of the system. It writes plain batches:
// nothing fails here, and each message is written once.
import { createKafka } from '@wiber/kafka';
import { recordAt } from '../load/growth.workload.ts';
import type { FillJob } from './filler.client.ts';

const BATCH = 5000;

const { brokers, topic, workload, from, count } = JSON.parse(process.argv[2] ?? '') as FillJob;
const kafka = createKafka({ brokers, clientId: 'bench-filler', log: () => undefined });
const producer = kafka.producer({ allowAutoTopicCreation: false });
await producer.connect();
let sent: Promise<unknown> = Promise.resolve();
for (let start = from; start < from + count; start += BATCH) {
  const size = Math.min(BATCH, from + count - start);
  const messages = Array.from({ length: size }, (_, index) => recordAt(workload, start + index));
  // The next batch is made while this one is sent.
  await sent;
  sent = producer.send({ topic, messages });
}
await sent;
await producer.disconnect();
process.stdout.write('filled\n');
