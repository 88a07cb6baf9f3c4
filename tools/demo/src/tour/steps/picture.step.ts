import { DemoError } from '../../demo.errors.ts';
import { consoleAddress, type TourStep } from '../tour.step.ts';

const ANSWER_WITHIN_MS = 10_000;

/** The console answers, before anyone is sent to it. */
export const PICTURE: TourStep = {
  title: 'The picture',
  before: (scene) => [
    `Open ${consoleAddress(scene)} in a browser. It opens with Flow: the gateways that take messages over HTTP, the partitions ` +
      'of the log in Kafka, the ingest instances that read them, and the replica set of MongoDB that stores them.',
    'Nobody sends yet, so every rate is 0. The mark beside the views says Live while a look at the system comes each second.',
  ],
  run: async (scene) => {
    const address = consoleAddress(scene);
    const answer = await fetch(address, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    await answer.body?.cancel();
    if (!answer.ok) throw new DemoError(`the console does not open: ${address} answers ${answer.status}`);
    const { brokers, mongod, gateway, ingest, metrics } = scene.cluster.counts;
    return {
      happened: [
        `What you see are real processes: ${brokers} Kafka brokers, ${mongod} mongod, ${gateway} gateways, ${ingest} ingest, ${metrics} metrics workers.`,
      ],
    };
  },
};
