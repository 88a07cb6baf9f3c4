import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@wiber/harness';
import { requireAccepted } from '../../traffic/accepted.ts';
import { answerTimesText, tallyText } from '../tour.text.ts';
import { tallyOf } from '../../verdict/verdict.ts';
import type { TourStep } from '../tour.step.ts';

const ACCEPTED_WITHIN_MS = 30_000;

export const LOAD: TourStep = {
  title: 'People send',
  before: ({ traffic: { plan } }) => [
    `${plan.clients} clients now send ${plan.ratePerS} messages a second in all, each in a conversation of its own, until the end of this tour. ` +
      'Every message has a text that no other has, so each can be looked for at the end.',
    'Look at Flow: messages go from left to right. Accepted and stored get the same rate, and the lag stays near 0: ingest stores as fast as gateways accept.',
  ],
  run: async (scene, { plan, signal }) => {
    const { traffic } = scene;
    traffic.start();
    await eventually(() => requireAccepted(scene), { within: ACCEPTED_WITHIN_MS });
    await pause(plan.steadyMs.before, undefined, { signal });
    return { happened: [tallyText(tallyOf(traffic.sends)), answerTimesText(traffic.sends)] };
  },
};
