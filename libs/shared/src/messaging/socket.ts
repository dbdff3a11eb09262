import { isIP, type Socket, connect as tcpConnect } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

const keepAliveMs = 60_000;
const sizeBytes = 4;

/**
 * Sockets that give kafkajs whole answers only. What a connection that broke in the middle of an answer has left, kafkajs
 * keeps, and takes the next connection's first bytes for the rest: from then on it understands nothing, and requests
 * hang, or it reads beyond a buffer and ends the process.
 */
export const socketFactory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  // A broker behind one address with others is told by its name which one is meant.
  const named = isIP(host) ? {} : { servername: host };
  const socket = ssl
    ? tlsConnect({ host, port, ...named, ...ssl }, onConnect)
    : tcpConnect({ host, port }, onConnect);
  socket.setKeepAlive(true, keepAliveMs);
  const on = socket.on.bind(socket) as (event: string, listener: Listener) => Socket;
  socket.on = (event: string, listener: Listener) =>
    on(event, event === 'data' ? wholeAnswers(listener) : listener);
  return socket;
};

// biome-ignore lint/suspicious/noExplicitAny: of any event
type Listener = (...args: any[]) => void;

/** Hands on what is complete; keeps the rest until its own end has come. */
function wholeAnswers(take: (answers: Buffer) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let bytes = 0;
  let needed = sizeBytes;

  return (chunk) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes < needed) return;
    const buffer = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    let whole = 0;
    for (let end = endOf(buffer, whole); end <= bytes; end = endOf(buffer, whole)) whole = end;
    const rest = buffer.subarray(whole);
    chunks = rest.length > 0 ? [rest] : [];
    bytes = rest.length;
    needed = endOf(rest, 0);
    if (whole > 0) take(buffer.subarray(0, whole));
  };
}

/** Where the answer ends that begins at `start`; as far as that is known. */
const endOf = (buffer: Buffer, start: number): number =>
  start + sizeBytes + (start + sizeBytes <= buffer.length ? buffer.readInt32BE(start) : 0);
