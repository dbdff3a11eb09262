export const serviceNames = ['orchestrator', 'reservation', 'payment', 'balance', 'token'] as const;
export type ServiceName = (typeof serviceNames)[number];

export const usualPorts: Record<ServiceName, number> = {
  orchestrator: 8081,
  reservation: 8082,
  payment: 8083,
  balance: 8084,
  token: 8085,
};

/** One value for each service. */
export function forEachService<Value>(make: (name: ServiceName) => Value): Record<ServiceName, Value> {
  return Object.fromEntries(serviceNames.map((name) => [name, make(name)])) as Record<ServiceName, Value>;
}
