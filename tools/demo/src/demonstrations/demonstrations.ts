import { BROKER } from './broker.demonstration.ts';
import type { Demonstration, Kind } from './demonstration.ts';
import { GATEWAY } from './gateway.demonstration.ts';
import { INGEST } from './ingest.demonstration.ts';
import { LEADER } from './leader.demonstration.ts';
import { PRIMARY } from './primary.demonstration.ts';

export const DEMONSTRATIONS: Readonly<Record<Kind, Demonstration>> = {
  leader: LEADER,
  ingest: INGEST,
  broker: BROKER,
  primary: PRIMARY,
  gateway: GATEWAY,
};
