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
  secure?: SecureListeners | undefined;
}

export interface SecureListeners {
  /** Files: the broker's certificate, which is its own CA, and that with its key. */
  certificate: string;
  keyAndCertificate: string;
  adminPassword: string;
}

/** One node that is broker and controller, on loopback only. */
export function kafkaProperties(at: Listeners & { data: string }): string {
  const { port, controllerPort, proxied, secure } = at;
  const direct = `${secure ? 'SASL_SSL' : 'PLAINTEXT'}://127.0.0.1:${port}`;
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
    'listener.security.protocol.map': `PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,CONTROLLER:${secure ? 'SSL' : 'PLAINTEXT'},PROXIED:PLAINTEXT`,
    ...(secure && securityProperties(secure)),
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

/** TLS and SCRAM for clients, certificates between the node's own two halves; what no ACL allows is denied. */
function securityProperties({ certificate, keyAndCertificate, adminPassword }: SecureListeners) {
  return {
    'inter.broker.listener.name': 'SASL_SSL',
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'sasl.mechanism.inter.broker.protocol': 'SCRAM-SHA-512',
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': `org.apache.kafka.common.security.scram.ScramLoginModule required username="admin" password="${adminPassword}";`,
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keyAndCertificate,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': certificate,
    'listener.name.controller.ssl.client.auth': 'required',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:admin;User:CN=localhost',
  };
}
