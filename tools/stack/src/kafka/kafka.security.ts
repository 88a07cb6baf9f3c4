import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KafkaConfig, SASLOptions } from 'kafkajs';
import { APP_USER, BROKER_USER, writeSecret, type ServerSecrets } from '../security/server.secrets.ts';
import { STACK_SETTINGS, readSetting, type StackSetting } from '../stack.env.ts';
import { StackError } from '../stack.errors.ts';
import type { Listeners } from './kafka.listeners.ts';
import type { KafkaNode } from './kafka.options.ts';

/** Below the folder in which the broker runs: a path would be split at its commas, and read as Latin-1. */
const CERTIFICATE = 'server.pem';
const CA = 'ca.pem';
/** A client logs in again before its session ends (KIP-368). Short, so that each longer run does. */
const SESSION_MS = 20_000;

/**
 * Clients and brokers log in over TLS. Controllers know each other by their certificates: the users are in the log of the
 * controllers, which a controller can't read before it has reached the others.
 */
export const securedListeners = ({ passwords }: ServerSecrets): Listeners => {
  const jaas = (mechanism: string, options: string) =>
    `listener.name.sasl_ssl.${mechanism}.sasl.jaas.config=org.apache.kafka.common.security.${options};`;
  return {
    name: 'SASL_SSL',
    properties: [
      'listener.security.protocol.map=CONTROLLER:SSL,SASL_SSL:SASL_SSL',
      'listener.name.controller.ssl.client.auth=required',
      'ssl.keystore.type=PEM',
      `ssl.keystore.location=${CERTIFICATE}`,
      'ssl.truststore.type=PEM',
      `ssl.truststore.location=${CA}`,
      'sasl.enabled.mechanisms=SCRAM-SHA-512,SCRAM-SHA-256,PLAIN',
      'sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512',
      jaas(
        'scram-sha-512',
        `scram.ScramLoginModule required username="${BROKER_USER}" password="${passwords[BROKER_USER]}"`,
      ),
      jaas('scram-sha-256', 'scram.ScramLoginModule required'),
      jaas('plain', `plain.PlainLoginModule required user_${APP_USER}="${passwords[APP_USER]}"`),
      `connections.max.reauth.ms=${SESSION_MS}`,
    ],
  };
};

export const writeCertificates = ({ folder }: KafkaNode, { ca, server }: ServerSecrets): void => {
  writeSecret(join(folder, CERTIFICATE), server);
  writeSecret(join(folder, CA), ca);
};

/** Arguments of `kafka-storage format` that make the users (KIP-900). */
export const userArguments = ({ passwords }: ServerSecrets): string[] =>
  ([APP_USER, BROKER_USER] as const).flatMap((user) =>
    ['SCRAM-SHA-512', 'SCRAM-SHA-256'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${user},password=${passwords[user]}]`,
    ]),
  );

type Login = Pick<KafkaConfig, 'ssl' | 'sasl'>;

/** How the stack logs in at its own brokers; at others, as the environment says. */
export const ownLogin = (secrets: ServerSecrets | undefined): Login =>
  secrets
    ? {
        ssl: { ca: secrets.ca },
        sasl: { mechanism: 'scram-sha-512', username: APP_USER, password: secrets.passwords[APP_USER] },
      }
    : {};

/** @throws StackError when a file can't be read */
export const givenLogin = (): Login => {
  const mechanism = readSetting(STACK_SETTINGS.kafkaMechanism);
  const username = readSetting(STACK_SETTINGS.kafkaUsername);
  const password = textOf(STACK_SETTINGS.kafkaPasswordFile) ?? readSetting(STACK_SETTINGS.kafkaPassword);
  const { kafkaCaFile, kafkaCertFile, kafkaKeyFile } = STACK_SETTINGS;
  return {
    ...(readSetting(STACK_SETTINGS.kafkaSsl) === 'true'
      ? { ssl: { ca: textOf(kafkaCaFile), cert: textOf(kafkaCertFile), key: textOf(kafkaKeyFile) } }
      : {}),
    ...(mechanism ? { sasl: { mechanism, username, password: password.replace(/\r?\n$/, '') } as SASLOptions } : {}),
  };
};

const textOf = (setting: StackSetting<string>): string | undefined => {
  const file = readSetting(setting);
  if (file === '') return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StackError(
      `${setting.variable}: the file ${file} can't be read (${(error as NodeJS.ErrnoException).code})`,
    );
  }
};
