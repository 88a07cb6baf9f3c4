import { eventually } from '@wiber/harness';
import { consoleAddress, type TourStep } from '../tour.step.ts';

const ANSWER_WITHIN_MS = 5000;

/** @throws Error while the message can't be read */
const requireReadable = async (url: string, messageId: string): Promise<void> => {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const answer = await fetch(`${url}/messages/${messageId}`, { signal });
  await answer.body?.cancel();
  if (answer.status !== 200) throw new Error(`GET /messages/${messageId} answers ${answer.status}`);
};

/** The last message that was acknowledged. */
export const FOLLOW: TourStep = {
  title: 'The way of one message',
  before: () => [
    'The answer to each send has the id of the message. The console shows the way of that one message: when the gateway ' +
      'accepted it, where it stands in the log, when ingest took and stored it, and whose clock says so.',
  ],
  run: async (scene) => {
    const { traffic, cluster } = scene;
    const sent = traffic.sends.findLast(({ outcome }) => outcome.type === 'acknowledged');
    if (sent?.outcome.type !== 'acknowledged') return { happened: ['No message was acknowledged yet.'] };
    const { messageId } = sent.outcome;
    await eventually(() => requireReadable(cluster.gateways[0]!.url, messageId));
    return {
      happened: [
        `'${sent.content}' from ${sent.fromUser} to ${sent.toUser} was acknowledged ${(sent.answeredAt - sent.sentAt).toFixed(0)} ms after it was sent, and can be read.`,
        `See its way: ${consoleAddress(scene, `/messages/${messageId}`)}`,
      ],
    };
  },
};
