// The baseline of ingest: eachBatch of kafkajs and insertMany of the driver, with the same documents, indexes and write
// concern. It has no Nest, no validation, no dead letters, no metrics and no activity of users.
import { Kafka, logLevel } from 'kafkajs';
import mongoose from 'mongoose';
import { toStored, type Message } from '@wiber/contracts';
import { encodeMessage } from '@wiber/evidence';
import { MESSAGE_INDEXES } from '@wiber/mongo';

const { KAFKA = '', TOPIC = '', GROUP = '', MONGO_URI = '', MONGO_DB = '', MONGO_COLLECTION = '' } = process.env;
const client = await new mongoose.mongo.MongoClient(MONGO_URI, {
  writeConcern: { w: 'majority', journal: true },
}).connect();
const collection = client.db(MONGO_DB).collection(MONGO_COLLECTION);
await collection.createIndexes(MESSAGE_INDEXES);
const kafka = new Kafka({ brokers: KAFKA.split(','), clientId: 'bare', logLevel: logLevel.NOTHING });
const consumer = kafka.consumer({ groupId: GROUP });
await consumer.connect();
await consumer.subscribe({ topics: [TOPIC], fromBeginning: true });
await consumer.run({
  partitionsConsumedConcurrently: 3,
  eachBatch: async ({ batch: { messages, partition } }) => {
    const storedAt = Date.now();
    const documents = messages.map(({ value, offset }) => {
      const message = JSON.parse(value!.toString()) as Message;
      return encodeMessage(
        toStored(
          message,
          { partition, offset: Number(offset) },
          { takenAt: storedAt, storedAt, storedBy: 'ingest-bench' },
        ),
      );
    });
    await collection.insertMany(documents, { ordered: false });
  },
});
process.stdin.resume().once('end', () => process.exit(0));
