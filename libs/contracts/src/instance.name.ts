/** What `INSTANCE` takes: it becomes a client id of Kafka, a label of metrics, and a header of records. */
export const INSTANCE_NAME = /^[\w.-]{1,100}$/;
const NAME_MAX_BYTES = 100;

/** The instance that a header of a record names; undefined of a value that is no name: another producer may send anything. */
export const readInstanceName = (header: unknown): string | undefined => {
  if (!Buffer.isBuffer(header) || header.length > NAME_MAX_BYTES) return undefined;
  const name = header.toString('latin1');
  return INSTANCE_NAME.test(name) ? name : undefined;
};
