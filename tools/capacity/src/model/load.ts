import type { PlanInput } from './plan.input.ts';
import { SECONDS_A_DAY } from './sized.ts';

/** What is asked of the system, in messages and pages. */
export interface Load {
  messagesADay: number;
  /** Messages that the store holds at the end of its days. */
  stored: number;
  /** Records that the log holds at the end of its days. */
  logged: number;
  /** A second, as the mean of a day. */
  sendsMean: number;
  /** A second, in the busiest hour. So are all below. */
  sends: number;
  keyedSends: number;
  waitingSends: number;
  /** Pages of a user, in which an online user looks for what is new. */
  polls: number;
  /** Pages of a conversation: each message is opened once. */
  opens: number;
}

export const loadOf = (input: PlanInput): Load => {
  const messagesADay = input.users * input.messagesPerDay;
  const sendsMean = messagesADay / SECONDS_A_DAY;
  const sends = sendsMean * input.peak;
  return {
    messagesADay,
    stored: messagesADay * input.days,
    logged: messagesADay * input.logDays,
    sendsMean,
    sends,
    keyedSends: (sends * input.keyed) / 100,
    waitingSends: (sends * input.waiting) / 100,
    polls: input.users / input.pollSeconds,
    opens: sends,
  };
};
