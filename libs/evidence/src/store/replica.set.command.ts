import { mongoLoginAt } from '@wiber/harness';
import mongoose, { type mongo } from 'mongoose';

const { MongoClient } = mongoose.mongo;

const ANSWER_MS = 5000;

/** Gives one member of a replica set a command of its admin database. @throws the error of the driver or of the member */
export const commandMember = async (address: string, command: mongo.Document): Promise<mongo.Document> => {
  const options = { directConnection: true, serverSelectionTimeoutMS: ANSWER_MS, appName: 'wiber-evidence' };
  const client = new MongoClient(`mongodb://${address}/`, { ...mongoLoginAt(address), ...options });
  try {
    return await client.db('admin').command(command);
  } finally {
    await client.close();
  }
};
