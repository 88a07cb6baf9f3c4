/** The partitions of the messages topic in every system that chaos starts: the stack's default. */
export const PARTITIONS = 6;
