import { counter, durations } from './registry.ts';

/** What every process measures, named by the OpenTelemetry semantic conventions as Prometheus spells them. */

export const requestDuration = durations(
  'http_server_request_duration_seconds',
  'Requests, by route and status',
  ['http_request_method', 'http_route', 'http_response_status_code'],
);

export const sentMessages = counter(
  'messaging_client_sent_messages_total',
  'Messages that were sent to Kafka, by topic; with an error type, those that were not',
  ['messaging_destination_name', 'error_type'],
);

export const sendDuration = durations(
  'messaging_client_operation_duration_seconds',
  'Requests that send messages to Kafka, each of many',
  ['messaging_operation_name', 'error_type'],
);

export const consumedMessages = counter(
  'messaging_client_consumed_messages_total',
  'Messages that were given to their handler, each time that they were',
  ['messaging_destination_name', 'messaging_consumer_group_name'],
);

export const processDuration = durations(
  'messaging_process_duration_seconds',
  'Batches of messages that were handled, from their receipt to the end of what they led to',
  ['messaging_destination_name', 'messaging_consumer_group_name', 'error_type'],
);

export const transactionDuration = durations(
  'db_client_operation_duration_seconds',
  'Transactions of batches, with the wait for a connection',
  ['db_namespace', 'db_operation_name', 'error_type'],
);

export const deadLetters = counter(
  'holdfast_dead_letters_total',
  'Messages that were dead-lettered, by topic, consumer group and class of error',
  ['messaging_destination_name', 'messaging_consumer_group_name', 'error_type'],
);
