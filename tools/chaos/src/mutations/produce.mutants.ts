import { patchesOf, type Mutant } from './mutation.ts';
import { PRODUCT_MODULES } from './product.modules.ts';

const { partitionProducers, produceLane } = PRODUCT_MODULES;

/** Collects the batches of all lanes for 5 ms and sends them in one request, which then spans several partitions. */
const SEND_TOGETHER = `let together;
const sendTogether = (messages, send) => {
    if (!together) {
        const all = [];
        const sent = new Promise((resolve) => setTimeout(resolve, 5)).then(() => {
            together = undefined;
            return send(all);
        });
        together = { all, sent };
    }
    together.all.push(...messages);
    return together.sent;
};
`;

export const ONE_SEND: Mutant = {
  name: 'one-send-for-partitions',
  description: 'one send spans several partitions: kafkajs resolves it although a partition that moved was not written',
  patches: patchesOf(partitionProducers, [
    ['const producer = await this.producerOf(partition);', 'const producer = await this.producerOf(0);'],
    ['void this.discard(partition);', 'void this.discard(0);'],
    [
      'const sending = producer.send({ topic, acks: -1, timeout: 4000, messages });',
      `const sending = sendTogether(messages, (all) =>
                producer.send({ topic, acks: -1, timeout: 4000, messages: all }));`,
    ],
    // The product takes no answer for an acknowledgement that has no entry for the partition, so this goes as well.
    [
      'baseOffsetOf(answers, { topic, partition });',
      'Number(answers.find((one) => one?.partition === partition)?.baseOffset ?? -1);',
    ],
    ['export class PartitionProducers {', `${SEND_TOGETHER}export class PartitionProducers {`],
  ]),
};

export const BATCH_GIVEN_UP: Mutant = {
  name: 'batch-given-up',
  description:
    'a lane abandons a failing batch and sends the next one on the same producer: the broker takes it for a duplicate',
  patches: [
    ...patchesOf(produceLane, [
      [
        `                this.rejectQueued();
                const wait`,
        `                for (const send of this.inFlight) {
                    if (!send.settled) rejectAsUnknown(send);
                }
                this.inFlight = [];
                this.breaker.close();
                return -1;
                const wait`,
      ],
    ]),
    ...patchesOf(partitionProducers, [
      ['void this.discard(partition);', ''],
      // kafkajs accepts no fewer retries for an idempotent producer.
      ['retries: 2 }', 'retries: 1 }'],
    ]),
  ],
};

export const ACKS_ONE: Mutant = {
  name: 'acks-one',
  description: 'acks=1: only the leader has the acknowledged messages when it dies',
  patches: patchesOf(partitionProducers, [
    ['acks: -1', 'acks: 1'],
    ['idempotent: true', 'idempotent: false'],
  ]),
};
