import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EmbeddedContext } from './context.ts';
import { giveTo } from './user.ts';

/** How the embedded parts are reached by TLS only, and by users with passwords. */
export interface Secure {
  /** Of `CN=localhost`, for localhost and 127.0.0.1, its own CA; PEM, the key as PKCS #8. */
  certificate: string;
  key: string;
  /** The certificate in a file, for clients. */
  caFile: string;
  /** Of the user `admin` of Kafka and of Redis, who may do everything. */
  adminPassword: string;
  /** Passwords by name. They may do what an ACL says, which is nothing at first. */
  kafkaUsers: Record<string, string>;
  /** Rules by name, as in Redis' ACL. */
  redisUsers: Record<string, string>;
  /** The configuration of an administrator's client. */
  clientEnv: NodeJS.ProcessEnv;
}

/** In a part's own folder, for none but the user that it runs as: each server refuses a key that others could read. */
export function certificateFiles(context: EmbeddedContext, { certificate, key }: Secure, folder: string) {
  const write = (name: string, content: string): string => {
    const file = join(folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    giveTo(context.user, file);
    return file;
  };
  return {
    certificate: write('server.crt', certificate),
    key: write('server.key', key),
    // As Kafka wants it.
    keyAndCertificate: write('server.pem', `${key}\n${certificate}`),
  };
}
