import { StartError } from '../host.errors.ts';
import { KafkaLogin } from './kafka.login.ts';

const hearing = () => {
  const lines: string[] = [];
  const logger = { error: (_: object, line: string) => lines.push(line), info: (line: string) => lines.push(line) };
  return { login: new KafkaLogin(logger as never), lines };
};

test('a first login that Kafka refuses ends the start with one line that says what to correct', async () => {
  const { login } = hearing();
  login.refused('invalid credentials');
  await expect(login.refusedAtStart).rejects.toThrow(StartError);
  await expect(login.refusedAtStart).rejects.toThrow(
    /^Kafka refuses the login: invalid credentials; correct KAFKA_SASL_USERNAME, /,
  );
});

test('a refusal after a login that was accepted ends nothing, and is logged once until a login is accepted again', async () => {
  const { login, lines } = hearing();
  login.accepted();
  for (let times = 0; times < 3; times += 1) login.refused('invalid credentials');
  login.accepted();
  login.accepted();
  expect(lines.map((line) => line.slice(0, 40))).toEqual([
    'Kafka refuses the login of this process;',
    'Kafka accepts the login of this process ',
  ]);
  const ended = login.refusedAtStart.catch(() => 'ended');
  await expect(Promise.race([ended, Promise.resolve('goes on')])).resolves.toBe('goes on');
});
