/** The names of the listeners, and what they ask of who connects. */
export interface Listeners {
  name: 'PLAINTEXT' | 'SASL_SSL';
  properties: string[];
}

export const OPEN_LISTENERS: Listeners = {
  name: 'PLAINTEXT',
  properties: ['listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT'],
};
