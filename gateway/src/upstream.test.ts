import { eventually } from '@holdfast/shared/testing/eventually';
import { afterEach, expect, test } from '@jest/globals';
import { createUpstream, type Upstream } from './upstream.ts';

let upstream: Upstream;

afterEach(() => upstream.stop());

test('a name is as many instances as it has addresses, as they come and go', async () => {
  let addresses = ['127.0.0.3', '127.0.0.2'];
  upstream = createUpstream(['http://balance:8080/base'], async (hostname) => {
    if (hostname !== 'balance') throw new Error(`asked for ${hostname}`);
    return addresses;
  });
  expect(upstream.next()).toBe('http://balance:8080/base');

  await eventually('both instances', () => upstream.all().length === 2);
  expect(upstream.all()).toEqual(['http://127.0.0.2:8080/base', 'http://127.0.0.3:8080/base']);
  expect(new Set([upstream.next(), upstream.next()])).toEqual(new Set(upstream.all()));

  addresses = ['127.0.0.4'];
  await eventually('the new instance', () => upstream.next() === 'http://127.0.0.4:8080/base');
  expect(upstream.all()).toEqual(['http://127.0.0.4:8080/base']);
});

test('the instances that were known stay while the name does not resolve', async () => {
  let found = true;
  let asked = 0;
  upstream = createUpstream(['http://balance:8080'], async () => {
    asked += 1;
    if (!found) throw new Error('ENOTFOUND');
    return ['127.0.0.2'];
  });
  await eventually('the instance', () => upstream.all()[0] === 'http://127.0.0.2:8080');
  found = false;
  const before = asked;
  await eventually('another look', () => asked > before);
  expect(upstream.all()).toEqual(['http://127.0.0.2:8080']);
});

test('an address, localhost and what a certificate names are instances by themselves', () => {
  const urls = ['http://127.0.0.1:1', 'http://[::1]:2', 'http://localhost:3', 'https://balance.example'];
  upstream = createUpstream(urls, () => {
    throw new Error('nothing to resolve');
  });
  expect(upstream.all()).toEqual(urls);
});
