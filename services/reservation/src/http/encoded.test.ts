import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { buildTestApp } from '@holdfast/shared/testing/api';
import { describe, expect, test } from '@jest/globals';
import { encoded, sendEncoded } from './encoded.ts';

const json = JSON.stringify({ text: 'as long as it takes '.repeat(100) });

async function get(headers: Record<string, string>) {
  const body = encoded(json, 5);
  const app = await buildTestApp((app) => {
    app.get('/', (request, reply) =>
      sendEncoded(request, reply, body, { cacheControl: 'public, max-age=1', vary: 'authorization' }),
    );
  });
  const response = await app.inject({ url: '/', headers });
  await app.close();
  return response;
}

describe('what is compressed once for all', () => {
  test.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0.5, gzip', 'gzip'],
    ['br;q=0, gzip;q=0', undefined],
    ['zstd', undefined],
    ['', undefined],
    ['*', 'br'],
  ])('is sent as %j likes it', async (accepted, encoding) => {
    const { statusCode, headers, rawPayload } = await get({ 'accept-encoding': accepted });
    expect(statusCode).toBe(200);
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers['content-length']).toBe(String(rawPayload.length));
    expect(headers.vary).toBe('accept-encoding, authorization');
    const decompress = { br: brotliDecompressSync, gzip: gunzipSync }[encoding as 'br'] ?? ((body) => body);
    expect(decompress(rawPayload).toString()).toBe(json);
  });

  test('is not sent again to who has it, in this encoding', async () => {
    const { headers } = await get({ 'accept-encoding': 'br' });
    const etag = headers.etag as string;
    expect(etag).toMatch(/^"[\w-]+"$/);
    const same = await get({ 'accept-encoding': 'br', 'if-none-match': `"other", W/${etag}` });
    expect([same.statusCode, same.body]).toEqual([304, '']);
    expect(same.headers).toMatchObject({ etag, 'cache-control': 'public, max-age=1' });
    expect((await get({ 'accept-encoding': 'gzip', 'if-none-match': etag })).statusCode).toBe(200);
    expect((await get({ 'accept-encoding': 'br', 'if-none-match': '"other"' })).statusCode).toBe(200);
    expect((await get({ 'if-none-match': '*' })).statusCode).toBe(304);
  });
});
