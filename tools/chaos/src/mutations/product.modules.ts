/** The built modules that mutations change, as paths from the root of the repository. */
export const PRODUCT_MODULES = {
  produceLane: 'libs/kafka/dist/produce/produce.lane.js',
  partitionProducers: 'libs/kafka/dist/produce/partition.producers.js',
  batchDispatcher: 'libs/kafka/dist/consume/batch.dispatcher.js',
  batchAttempt: 'libs/kafka/dist/consume/batch.attempt.js',
  storePools: 'libs/mongo/dist/connection/store.pools.js',
  messageInsert: 'libs/mongo/dist/messages/message.insert.js',
  messageSchema: 'libs/mongo/dist/messages/message.schema.js',
  messageOrder: 'libs/mongo/dist/messages/message.order.js',
  storeMessageService: 'apps/ingest/dist/store-message/store-message.service.js',
} as const;
