/** The built modules that mutations change, as paths from the root of the repository. */
export const PRODUCT_MODULES = {
  produceLane: 'libs/kafka/dist/produce/produce.lane.js',
  partitionProducers: 'libs/kafka/dist/produce/partition.producers.js',
  batchDispatcher: 'libs/kafka/dist/consume/batch.dispatcher.js',
  batchAttempt: 'libs/kafka/dist/consume/batch.attempt.js',
  messageStore: 'libs/mongo/dist/message.store.js',
  messageInsert: 'libs/mongo/dist/message.insert.js',
  messageIndexes: 'libs/mongo/dist/message.indexes.js',
  storeMessageService: 'apps/ingest/dist/store-message/store-message.service.js',
  readMessagesService: 'apps/gateway/dist/read-messages/read-messages.service.js',
} as const;
