import { BROKER } from '../../demonstrations/broker.demonstration.ts';
import { GATEWAY } from '../../demonstrations/gateway.demonstration.ts';
import { INGEST } from '../../demonstrations/ingest.demonstration.ts';
import { LEADER } from '../../demonstrations/leader.demonstration.ts';
import { PRIMARY } from '../../demonstrations/primary.demonstration.ts';
import { killStep } from '../kill.step.ts';

export const INGEST_DIES = killStep(INGEST, {
  title: 'An ingest dies',
  before: [
    'kill -9 hits one of the ingest instances. Its partitions stand still until Kafka misses it, after 6 seconds; then the others read on from where it had stored everything.',
    'Look at Flow: the instance turns silent, then gone; the lag of its partitions grows; they move to the others, and the lag goes back to 0. Sends are not disturbed: a gateway needs Kafka only.',
  ],
});

export const LEADER_DIES = killStep(LEADER, {
  title: 'The leader dies',
  before: [
    'The metrics workers count what was sent and stored. One of them leads: it holds a lease in MongoDB, which it renews. kill -9 hits that one.',
    'Look at Leadership: nobody renews the lease, it runs out, and another worker takes it in the next term. No message needs the leader, so rates and lag do not change.',
  ],
});

export const PRIMARY_DIES = killStep(PRIMARY, {
  title: 'The primary dies',
  before: [
    'Ingest writes to the primary of the replica set. kill -9 hits it, and the two others elect a new one after 5 seconds.',
    'Look at Servers for the members, and at Flow: nothing is stored meanwhile, and the lag grows. Sends are still acknowledged, because what is acknowledged is in the log of Kafka. With the new primary the lag goes back to 0.',
  ],
});

export const BROKER_DIES = killStep(BROKER, {
  title: 'A broker dies',
  before: [
    'kill -9 hits the broker that leads most partitions. Each partition has a copy on the two other brokers, and one of the copies in sync leads on.',
    'Look at Servers: the broker is gone and its partitions have fewer copies in sync. Sends to these partitions wait for a moment, and some are refused with a code. A real client then sends again under the same key; those of this tour do not, so that you see it.',
  ],
});

export const GATEWAY_DIES = killStep(GATEWAY, {
  title: 'The gateway of your page dies',
  before: [
    'kill -9 hits the gateway that half of the clients use, and that serves your console. The clients go to the other one.',
    'Look at the mark beside the views: it says Stale, then Lost. When the gateway is started again, the page connects by itself.',
  ],
});
