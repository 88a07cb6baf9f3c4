/** The content of a post begins with its number, so that each post can be found again. */
export const contentOf = (sequence: number, bytes: number): string => `${sequence} `.padEnd(bytes, 'lorem ipsum ');
export const sequenceOf = (content: string): number => Number.parseInt(content, 10);
