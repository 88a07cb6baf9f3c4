import type { Admin, Kafka } from 'kafkajs';

/** Asks on a connection of its own: the broker of the last one may hang by now. */
export const askAdmin = async <T>(kafka: Kafka, question: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await question(admin);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
};
