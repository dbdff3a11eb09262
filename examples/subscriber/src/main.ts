import { contracts } from '@holdfast/contracts';
import { followPayments } from './follow.ts';
import { createHttp } from './http.ts';
import { openState } from './state.ts';

const {
  KAFKA_BROKERS = 'localhost:9092',
  /** What Holdfast's installation puts before its topics. */
  KAFKA_TOPIC_PREFIX = '',
  KAFKA_GROUP = 'sales-report',
  /** `whsec_…`, several with commas between while one takes another's place. */
  WEBHOOK_SECRETS = '',
  STATE_FILE = 'sales.json',
  HOST = '127.0.0.1',
  PORT = '8090',
} = process.env;

const { state, save } = openState(STATE_FILE);
const follower = await followPayments({
  brokers: KAFKA_BROKERS.split(','),
  topic: KAFKA_TOPIC_PREFIX + contracts['payment.completed'].topic,
  group: KAFKA_GROUP,
  state,
  save,
});
const server = createHttp({
  state,
  save,
  secrets: WEBHOOK_SECRETS.split(',').filter(Boolean),
  ready: follower.ready,
});
server.listen(Number(PORT), HOST, () => console.log(`listening on http://${HOST}:${PORT}`));

process.on('SIGTERM', async () => {
  server.close();
  await follower.stop();
  await save();
  process.exit(0);
});
