import { monotonicNow } from '@wiber/resilience';
import { readFetchesSafely } from './fetch.answer.ts';
import { mendLogin } from './sasl.login.ts';
import { BrokerPool, ConsumerGroup, OffsetsCluster, RequestQueue, SaslAuthenticator } from './kafkajs.internals.ts';
import { askLeadersThatAre, takeTopicsAsTheyAre } from './metadata.request.ts';
import { mendHeartbeats, mendMetadataAge } from './monotonic.ages.ts';
import { writeProduceRequestsOnce } from './produce.request.ts';
import { mendRequestQueue } from './request.queue.ts';

// Once, when this module is loaded: each client of this process has the classes of kafkajs in common.
mendRequestQueue(RequestQueue.prototype, monotonicNow);
mendMetadataAge(BrokerPool.prototype, monotonicNow);
takeTopicsAsTheyAre(BrokerPool.prototype);
askLeadersThatAre(OffsetsCluster.prototype);
mendHeartbeats(ConsumerGroup.prototype, monotonicNow);
mendLogin(SaslAuthenticator.prototype);
readFetchesSafely();
writeProduceRequestsOnce();
