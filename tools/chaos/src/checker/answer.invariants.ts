import type { Observation, Outage, Send } from './observation.ts';
import type { Violation } from './violation.ts';

/** What the client of the workload reports when no answer came in its time. */
export const NO_ANSWER_CAUSES: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

const overlaps = ({ gateway, sentAt, answeredAt }: Send, outage: Outage): boolean =>
  gateway === outage.gateway && sentAt <= outage.to && answeredAt >= outage.from;

/** A gateway answers within its own deadline, also when Kafka hangs and when the wall clock jumps. */
export const checkAnswers = ({ sends, outages }: Observation): Violation[] =>
  sends
    .filter(({ outcome }) => outcome.type === 'unknown' && NO_ANSWER_CAUSES.has(outcome.cause))
    .filter((send) => !outages.some((outage) => overlaps(send, outage)))
    .map((send) => ({
      invariant: 'answered-in-time',
      description: 'a gateway that was not down gave no answer',
      witness: { send },
    }));

export const checkLiveness = ({ probes }: Observation): Violation[] =>
  probes
    .filter(({ answered }) => !answered)
    .map((probe) => ({
      invariant: 'liveness-answers',
      description: 'a gateway did not answer that it is alive',
      witness: { probe },
    }));

export const checkSettled = ({ unsettled }: Observation): Violation[] =>
  unsettled === undefined
    ? []
    : [{ invariant: 'settles', description: 'ingest did not commit every record in time', witness: { unsettled } }];

export const checkTopicRisks = ({ topicRisks }: Observation): Violation[] =>
  topicRisks
    .filter(({ told }) => !told)
    .map((risk) => ({
      invariant: 'unsafe-topic-told',
      description: 'an app started on a topic that may lose messages, and did not say so',
      witness: { risk },
    }));
