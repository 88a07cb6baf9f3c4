import type { Admin, Kafka } from 'kafkajs';

/** Runs one admin call on a new connection: the broker of an older connection may hang by now. */
export const askAdmin = async <T>(kafka: Kafka, call: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await call(admin);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
};
