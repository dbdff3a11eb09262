const largestMessageBytes = 2 * 1024 * 1024;

export interface ProxiedListener {
  /** Where the proxy finds the broker. */
  port: number;
  /** Where clients find the proxy: whoever asks the broker at `port` is sent there. */
  advertisedPort: number;
}

interface Listeners {
  port: number;
  controllerPort: number;
  proxied?: ProxiedListener | undefined;
}

/** One node that is broker and controller, on loopback only. */
export function kafkaProperties(at: Listeners & { data: string }): string {
  const { port, controllerPort, proxied } = at;
  const direct = `PLAINTEXT://127.0.0.1:${port}`;
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: [
      direct,
      `CONTROLLER://127.0.0.1:${controllerPort}`,
      ...(proxied ? [`PROXIED://127.0.0.1:${proxied.port}`] : []),
    ],
    'advertised.listeners': [direct, ...(proxied ? [`PROXIED://127.0.0.1:${proxied.advertisedPort}`] : [])],
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT',
    'log.dirs': at.data,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 5,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 5,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // A broker that was killed may come back only once its former session has run out. Much less than the default of
    // 9 s, and on a busy machine a living one would be taken for dead.
    'broker.session.timeout.ms': 6_000,
    'broker.heartbeat.interval.ms': 1_000,
    'group.initial.rebalance.delay.ms': 0,
    // So that tests may have a dead member noticed after a second.
    'group.min.session.timeout.ms': 1_000,
    'auto.create.topics.enable': false,
    // Dead-letter topics take larger messages than their sources.
    'message.max.bytes': largestMessageBytes,
    'replica.fetch.max.bytes': largestMessageBytes,
    // The default of 128 MiB doesn't fit into a small heap.
    'log.cleaner.dedupe.buffer.size': 2 * 1024 * 1024,
  };
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
