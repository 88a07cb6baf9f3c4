import { sendsOf, type SendAct } from './act.ts';
import type { Diary, Person } from './person.ts';
import { SPEAKERS, type Speaker, type Turn } from './talk.script.ts';

export interface Talkers {
  people: Record<Speaker, Person>;
  diary: Diary;
  /** Hears of each message, with the number of messages before it. */
  onSent: (sent: SendAct, before: number) => void;
}

/** Two people talk as the script says, and read all of it at the end. What they do is in the diary afterwards. */
export const talk = async (script: readonly Turn[], { people, diary, onSent }: Talkers): Promise<void> => {
  let told = 0;
  const tell = () => {
    for (const sent of sendsOf(diary.acts).slice(told)) onSent(sent, told++);
  };
  for (const turn of script) {
    if (turn.type === 'cross') await Promise.all(SPEAKERS.map((by) => people[by].send(turn.texts[by])));
    else {
      const person = people[turn.by];
      await person.readUntilShown(sendsOf(diary.acts).map(({ message }) => message.messageId));
      await person.send(turn.text);
    }
    tell();
  }
  const all = sendsOf(diary.acts).map(({ message }) => message.messageId);
  await Promise.all(SPEAKERS.map((by) => people[by].readUntilShown(all)));
};
