import { ASSUMED } from './assumption.ts';
import type { Load } from './load.ts';
import type { MeasuredCosts } from './measured.costs.ts';
import type { PlanInput } from './plan.input.ts';

/** Bytes a second in the busiest hour, over all processes. */
export interface NetworkPlan {
  fromClients: number;
  toClients: number;
  /** Into the brokers, between them, and out of them to ingest and to the metrics worker that leads. */
  kafka: number;
  /** Into the mongods, between them, and out of them to the gateways. */
  mongodb: number;
}

/** Names and values of a document besides its content, as BSON. */
const FIELDS_BYTES = 330;
/** Ingest and the worker that leads read each record. */
const READERS = 2;

export const networkPlanOf = (
  { input, load, costs }: { input: PlanInput; load: Load; costs: MeasuredCosts },
  recordBytes: number,
): NetworkPlan => {
  const head = ASSUMED.linesOfRequest.value;
  const message = input.bytes + costs.pageBytes.value / ASSUMED.benchPage.value - ASSUMED.benchContent.value;
  const document = FIELDS_BYTES + input.bytes;
  const requests = load.sends + load.polls + load.opens;
  const pages = load.opens * input.page;
  // Each message is new once to the one who gets it.
  const read = pages + load.sends;
  return {
    fromClients: requests * head + load.sends * message,
    toClients: requests * head + (load.sends + read) * message,
    kafka: load.sends * recordBytes * (input.replicas + READERS),
    mongodb: load.sends * document * input.replicas + read * document,
  };
};
