import type { MessageTrace } from '@wiber/contracts';
import { Button } from '@radix-ui/themes';
import { Link } from 'react-router';
import { Loading } from '../frame/loading.tsx';
import { Panel } from '../frame/panel.tsx';
import { StateMark } from '../frame/state.mark.tsx';
import type { MessageAddress } from '../messages/message.api.ts';
import { OperatorProblem } from '../operator/operator.problem.tsx';
import { MessageBody } from './message.body.tsx';
import { SpaceTimePicture } from './space-time.picture.tsx';
import { STATE_TEXT, deadLetterIn } from './trace.text.ts';
import { TraceSteps } from './trace.steps.tsx';
import { useTrace } from './use.trace.ts';

export function TracePanel({ address }: { address: MessageAddress }) {
  const { data, problem, isLoading, isFollowed, reload } = useTrace(address);
  return (
    <div className="trace">
      {problem !== undefined && <OperatorProblem problem={problem} onRetry={reload} />}
      {problem?.code === 'message_not_found' && address.partition === undefined && (
        <p className="note">
          A message that was accepted a moment ago is found by the Location that its send answered, which has its place
          in the log.
        </p>
      )}
      {data === undefined && isLoading && problem === undefined && <Loading what="Reading what happened" />}
      {data !== undefined && (
        <>
          <Summary trace={data} isFollowed={isFollowed} onReload={reload} />
          <Panel
            title="The way of the message"
            about="Time goes down. Steps have equal distances: clocks of two places can’t be compared to the millisecond."
          >
            <div className="trace-way">
              <SpaceTimePicture steps={data.steps} />
              <TraceSteps steps={data.steps} />
            </div>
          </Panel>
        </>
      )}
    </div>
  );
}

interface SummaryProps {
  trace: MessageTrace;
  isFollowed: boolean;
  onReload: () => void;
}

function Summary({ trace, isFollowed, onReload }: SummaryProps) {
  const { messageId, state } = trace;
  const { label, tone, meaning } = STATE_TEXT[state];
  return (
    <Panel
      title={messageId}
      className="trace-summary"
      side={
        <Button variant="soft" color="gray" highContrast onClick={onReload}>
          Look again
        </Button>
      }
    >
      <p className="trace-state" role="status">
        <StateMark tone={tone}>{label}</StateMark>
        <span>
          {meaning}
          {isFollowed && ' The page asks again by itself.'}
        </span>
      </p>
      {trace.isLogUnread === true && (
        <p className="note">Kafka did not answer in time, so what only the log has is missing.</p>
      )}
      <TraceFacts trace={trace} />
      {state === 'stored' && <MessageBody messageId={messageId} />}
    </Panel>
  );
}

/** What leads from a message to other places: its conversation, its dead letter, the lines in the logs. */
function TraceFacts({ trace }: { trace: MessageTrace }) {
  const { conversationId, correlationId, traceId } = trace;
  const letter = deadLetterIn(trace);
  const [user1, user2] = conversationId?.split(':') ?? [];
  return (
    <p className="trace-facts">
      {user1 !== undefined && user2 !== undefined && (
        <span>
          Conversation{' '}
          <Link to={`/conversation?${new URLSearchParams({ user1, user2 }).toString()}`}>
            {user1} and {user2}
          </Link>
        </span>
      )}
      {letter !== undefined && (
        <span>
          Dead letter <Link to={`/dead-letters?state=all&letter=${encodeURIComponent(letter)}`}>{letter}</Link>
        </span>
      )}
      {correlationId !== undefined && (
        <span>
          Correlation id <code>{correlationId}</code>
        </span>
      )}
      {traceId !== undefined && (
        <span>
          Trace id <code>{traceId}</code>
        </span>
      )}
    </p>
  );
}
