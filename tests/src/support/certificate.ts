import { createPrivateKey } from 'node:crypto';
import { generate } from 'selfsigned';

/** A certificate of this machine that is its own CA, and its key as PKCS #8. */
export async function makeCertificate(): Promise<{ certificate: string; key: string }> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
  });
  return {
    certificate: cert,
    key: createPrivateKey(key).export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
