import { Text } from '@radix-ui/themes';
import { Panel } from '../frame/panel.tsx';
import { OperatorButton } from '../operator/operator.button.tsx';

/** What a visitor without the operator's token does not see. */
export function OperatorHint() {
  return (
    <Panel
      title="Addresses, sizes and clocks"
      className="wide"
      side={<OperatorButton text="Enter the operator token" />}
    >
      <Text as="p" size="2" color="gray">
        With the operator's token this page also shows the addresses of brokers and members, the consumer group, the
        sizes of logs, collections and indexes, and how far each clock is off. The token stays in memory and is
        forgotten by a reload.
      </Text>
    </Panel>
  );
}
