#!/bin/bash
# Runs the tool whose script has this name in a Kafka release, such as kafka-topics.sh.
case "$(basename "$0")" in
  kafka-topics.sh) main=org.apache.kafka.tools.TopicCommand ;;
  kafka-configs.sh) main=kafka.admin.ConfigCommand ;;
  kafka-broker-api-versions.sh) main=org.apache.kafka.tools.BrokerApiVersionsCommand ;;
  kafka-consumer-groups.sh) main=org.apache.kafka.tools.consumer.group.ConsumerGroupCommand ;;
  kafka-storage.sh) main=kafka.tools.StorageTool ;;
  *) echo "$0 is no tool of this image" >&2; exit 1 ;;
esac
# A tool runs for a second: it needs neither the large heap of a broker nor the second compiler.
exec java -Xmx128m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
  -Dlog4j2.configurationFile=/etc/kafka/docker/tools-log4j2.yaml -cp '/opt/kafka/libs/*' "$main" "$@"
